#define CAF_SUITE services_health
#include "actors/services/routes.hpp"

#include "tests/unit/services/kept_exchange.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/parse.hpp>

using namespace banksia;

namespace {

struct health_fixture {
  directory names;
  shared_context context = std::make_shared<service_context>();

  health_fixture() { context->setup.names = &names; }

  http::response get(const std::string& path) {
    http::router routes;
    add_common_routes(routes, context, "dashboard");
    return test::ask(routes, http::method::get, path);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(services_health_tests, health_fixture)

CAF_TEST(health has each component with state and reason and age) {
  context->health.set({{1, "database", health_state::degraded, "journal"},
                       {1, "feeds", health_state::unhealthy, "none"},
                       {1, "scheduler", health_state::healthy, ""}},
                      monotonic_ns());
  auto answer = get("/health");
  CAF_CHECK_EQUAL(answer.status, 200);
  CAF_CHECK_EQUAL(answer.content_type, "application/health+json");
  auto body = boost::json::parse(answer.body).as_object();
  CAF_CHECK_EQUAL(body.at("status").as_string(), "DEGRADED");
  CAF_REQUIRE_EQUAL(body.at("components").as_array().size(), 3u);
  for (const auto& x : body.at("components").as_array())
    CAF_CHECK(x.at("age_seconds").as_double() >= 0.0);
  auto word = [&](const char* component) {
    const auto& check = body.at("checks").at(component).as_array().at(0);
    return std::string{check.at("status").as_string()};
  };
  CAF_CHECK_EQUAL(word("database"), "warn");
  CAF_CHECK_EQUAL(word("feeds"), "fail");
  CAF_CHECK_EQUAL(word("scheduler"), "pass");
  CAF_CHECK_EQUAL(body.at("checks")
                    .at("feeds")
                    .as_array()
                    .at(0)
                    .at("output")
                    .as_string(),
                  "none");
}

CAF_TEST(only a system without anything healthy is down) {
  context->health.set({{1, "database", health_state::unhealthy, "gone"}},
                      monotonic_ns());
  CAF_CHECK_EQUAL(get("/health").status, 503);
}

CAF_TEST(ready is who has started and drains not and can store) {
  auto scheduler = component_health{1, "scheduler", health_state::healthy, ""};
  auto database = component_health{1, "database", health_state::healthy, ""};
  context->health.set({database, scheduler}, monotonic_ns());
  CAF_CHECK(!is_ready(*context));
  context->ready.store(true);
  CAF_CHECK(is_ready(*context));
  CAF_CHECK_EQUAL(get("/readyz").status, 200);
  database.state = health_state::unhealthy;
  context->health.set({database, scheduler}, monotonic_ns());
  CAF_CHECK(!is_ready(*context));
  CAF_CHECK_EQUAL(get("/readyz").status, 503);
  database.state = health_state::degraded;
  context->health.set({database, scheduler}, monotonic_ns());
  CAF_CHECK(is_ready(*context));
  context->draining.store(true);
  CAF_CHECK(!is_ready(*context));
  CAF_CHECK_EQUAL(get("/readyz").status, 503);
}

CAF_TEST_FIXTURE_SCOPE_END()
