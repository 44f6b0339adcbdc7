#define CAF_SUITE services_health_relay
#include "actors/services/health_relay.hpp"
#include "actors/services/routes.hpp"

#include "tests/unit/actors/peers.hpp"
#include "tests/unit/services/kept_exchange.hpp"

using namespace banksia;
using namespace banksia::actors_test;

namespace {

using milliseconds = std::chrono::milliseconds;

component_health healthy(const std::string& name) {
  component_health x;
  x.component = name;
  return x;
}

struct relay_fixture : actors_fixture {
  std::shared_ptr<core_view> view = std::make_shared<core_view>();
  shared_context context = std::make_shared<service_context>();
  std::shared_ptr<peer> core;
  std::shared_ptr<peer> own;

  relay_fixture() {
    context->setup.names = &names;
    context->setup.core = view;
    context->setup.roles = {node_role::data};
    context->ready = true;
  }

  void begin() {
    core = stand_in("core/health");
    core->reply = always<wire::health_atom>(std::vector<component_health>{
      healthy("scheduler"), healthy("database")});
    own = stand_in("api/data");
    own->reply = always<wire::health_atom>(healthy(""));
    view->set_reached();
    publish("health", sys.spawn(health_relay,
                                std::make_shared<probe>("health"), context));
    sched.run();
    pass(milliseconds{100});
  }

  component_health said_of(std::string_view name) {
    return context->health.component(name, monotonic_ns());
  }

  http::response ready() {
    http::router routes;
    add_common_routes(routes, context, "data");
    return test::ask(routes, http::method::get, "/readyz");
  }
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(health_relay_tests, relay_fixture)

CAF_TEST(what the core says is shown with what is seen here) {
  begin();
  for (auto name : {"scheduler", "database", "core", "data"})
    CAF_CHECK(said_of(name).state == health_state::healthy);
  CAF_CHECK_EQUAL(context->health.components(monotonic_ns()).size(), 4u);
  CAF_CHECK_EQUAL(ready().status, 200);
}

CAF_TEST(without the core its components are unknown and ours are not) {
  begin();
  view->set_away("it is gone");
  pass(milliseconds{1000});
  CAF_CHECK(said_of("core").state == health_state::unhealthy);
  CAF_CHECK_EQUAL(said_of("core").reason, "it is gone");
  CAF_CHECK_EQUAL(said_of("database").reason, "unknown: it is gone");
  CAF_CHECK(said_of("data").state == health_state::healthy);
  CAF_CHECK(is_degraded(*context));
  auto answer = ready();
  CAF_CHECK_EQUAL(answer.status, 503);
  // One reason: the rest follows from it.
  CAF_CHECK(has(answer.body, "[\"core: it is gone\"]"));
  view->set_reached();
  pass(milliseconds{100});
  pass(milliseconds{100});
  CAF_CHECK(said_of("database").state == health_state::healthy);
  CAF_CHECK_EQUAL(ready().status, 200);
}

CAF_TEST(a core that was never reached is told before anything else is known) {
  publish("health", sys.spawn(health_relay, std::make_shared<probe>("health"),
                              context));
  sched.run();
  CAF_CHECK(has(said_of("core").reason, "not reached yet"));
  CAF_CHECK_EQUAL(said_of("data").reason, "api/data is not running");
  CAF_CHECK_EQUAL(ready().status, 503);
}

CAF_TEST(a core whose health is silent is not believed for ever) {
  begin();
  core->reply = nullptr;
  pass(milliseconds{1000});
  pass(milliseconds{2000});
  CAF_CHECK(said_of("scheduler").state == health_state::unhealthy);
  CAF_CHECK(has(said_of("scheduler").reason, "no answer"));
  CAF_CHECK(said_of("core").state == health_state::healthy);
  CAF_CHECK_EQUAL(ready().status, 503);
}

CAF_TEST(a bridge that is silent or in trouble is shown) {
  begin();
  component_health troubled;
  troubled.state = health_state::degraded;
  troubled.reason = "locked";
  own->reply = always<wire::health_atom>(troubled);
  pass(milliseconds{1000});
  pass(milliseconds{1000});
  CAF_CHECK(said_of("data").state == health_state::degraded);
  CAF_CHECK_EQUAL(said_of("data").reason, "locked");
  own->reply = nullptr;
  pass(milliseconds{1000});
  pass(milliseconds{2000});
  pass(milliseconds{100});
  CAF_CHECK_EQUAL(said_of("data").reason, "no answer from api/data");
}

CAF_TEST_FIXTURE_SCOPE_END()
