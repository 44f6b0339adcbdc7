#define CAF_SUITE services_health
#include "actors/services/health.hpp"
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

CAF_TEST(a part that is not asked and a service that refuses are told) {
  using namespace std::chrono_literals;
  std::chrono::steady_clock::time_point now{1000s};
  context->elapsed = [&] { return now; };
  health_state_keeper keeper;
  keeper.context = context;
  keeper.hear_parts();
  CAF_CHECK(keeper.heard.empty());
  auto& part = context->parts.evaluator;
  for (int i = 0; i < 3; ++i) {
    part_refusal why;
    auto call = part.begin(now, why);
    CAF_REQUIRE(call != nullptr);
    call->failed(now, "no word from it");
  }
  http::response refusal;
  auto gate = context->gates.of("data", {}, context->elapsed, context->metrics);
  auto held = gate->enter(refusal);
  now += 3s;
  keeper.hear_parts();
  CAF_REQUIRE_EQUAL(keeper.heard.size(), 2u);
  CAF_CHECK_EQUAL(keeper.heard[0].component, "outcome_evaluator");
  CAF_CHECK(keeper.heard[0].state == health_state::degraded);
  CAF_CHECK_EQUAL(keeper.heard[0].reason,
                  "evaluator is not asked for now: no word from it");
  CAF_CHECK_EQUAL(keeper.heard[1].component, "dashboard");
  CAF_CHECK_EQUAL(keeper.heard[1].reason,
                  "the data service is overloaded: 1 requests wait");
  context->parts.show(context->metrics, now);
  CAF_CHECK(context->metrics.render().find(
              "banksia_dependency_state{dependency=\"evaluator\"} 2")
            != std::string::npos);
  now += 2s;
  held.reset();
  keeper.heard.clear();
  keeper.hear_parts();
  CAF_CHECK(keeper.heard.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
