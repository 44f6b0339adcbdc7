#define CAF_SUITE health_maintenance
#include "actors/services/health.hpp"
#include "tests/unit/actors/peers.hpp"

#include <algorithm>

using namespace banksia;
using namespace banksia::actors_test;

namespace {

/// The monitor beside a database whose writer and reader are well.
struct maintenance_fixture : actors_fixture {
  shared_context context = std::make_shared<service_context>();

  component_health database() {
    component_health well;
    well.component = "database";
    for (auto path : {"store/writer", "store/reader/1"})
      stand_in(path)->reply = always<wire::health_atom>(well);
    context->setup.names = &names;
    context->setup.probes = std::make_shared<probe_board>();
    context->setup.plan = intraday_plan();
    auto monitor = publish("health", sys.spawn(health_monitor,
                                               std::make_shared<probe>("health"),
                                               context));
    sched.run();
    auto all
      = ask<std::vector<component_health>>(monitor, wire::health_atom_v);
    CAF_REQUIRE(all->has_value());
    auto at = std::find_if((*all)->begin(), (*all)->end(), [](const auto& x) {
      return x.component == "database";
    });
    CAF_REQUIRE(at != (*all)->end());
    return *at;
  }

  void care_says(health_state state, const std::string& reason) {
    component_health x;
    x.component = "database";
    x.state = state;
    x.reason = reason;
    stand_in("store/maintenance")->reply = always<wire::health_atom>(x);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(health_maintenance_tests, maintenance_fixture)

CAF_TEST(what the care of the database says counts) {
  care_says(health_state::unhealthy, "damaged");
  auto x = database();
  CAF_CHECK(x.state == health_state::unhealthy);
  CAF_CHECK_EQUAL(x.reason, "damaged");
}

CAF_TEST(a database whose care is at work serves on) {
  stand_in("store/maintenance")->reply
    = [](const caf::message&) -> peer::answer {
    return [](caf::response_promise& to) {
      to.deliver(caf::make_error(caf::sec::request_timeout));
    };
  };
  auto x = database();
  CAF_CHECK(x.state == health_state::degraded);
  CAF_CHECK_EQUAL(x.reason, "its daily care is under way");
}

CAF_TEST_FIXTURE_SCOPE_END()
