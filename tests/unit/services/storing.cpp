#define CAF_SUITE services_storing
#include "actors/services/routes.hpp"
#include "actors/store/writer.hpp"

#include "tests/unit/services/kept_exchange.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;

namespace {

struct storing_fixture {
  directory names;
  shared_context context = std::make_shared<service_context>();

  storing_fixture() { context->setup.names = &names; }

  void database_is(health_state state, std::string reason = {}) {
    component_health x;
    x.component = "database";
    x.state = state;
    x.reason = std::move(reason);
    context->health.set({x}, monotonic_ns());
  }

  http::response post(const std::string& path) {
    http::router routes;
    add_prediction_routes(routes, context);
    add_evaluation_routes(routes, context);
    add_ml_routes(routes, context);
    return test::ask(routes, http::method::post, path);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(storing_tests, storing_fixture)

CAF_TEST(what changes something is refused with 507 while nothing is stored) {
  std::string reason{nothing_is_stored};
  reason.append("the disk is full");
  database_is(health_state::unhealthy, reason);
  for (auto path :
       {"/predictions/generate", "/evaluations/process", "/ml/train",
        "/ml/trainings/x/cancel", "/ml/models/x/promote",
        "/ml/models/rollback"}) {
    auto answer = post(path);
    CAF_CHECK_EQUAL(answer.status, 507);
    CAF_CHECK_EQUAL(answer.content_type, "application/problem+json");
    CAF_CHECK(answer.body.find("the disk is full") != std::string::npos);
  }
}

CAF_TEST(a database in another trouble is no reason for 507) {
  for (auto state : {health_state::healthy, health_state::degraded,
                     health_state::unhealthy}) {
    database_is(state, "journal: 3 records");
    // No bridge runs here: the request got through to where it is missed.
    CAF_CHECK_EQUAL(post("/predictions/generate").status, 503);
    CAF_CHECK_EQUAL(post("/evaluations/process").status, 503);
  }
}

CAF_TEST(answers are degraded unless the database is well) {
  CAF_CHECK(is_degraded(*context)); // nothing is known yet
  database_is(health_state::healthy);
  CAF_CHECK(!is_degraded(*context));
  database_is(health_state::degraded, "journal: 3 records");
  CAF_CHECK(is_degraded(*context));
}

CAF_TEST_FIXTURE_SCOPE_END()
