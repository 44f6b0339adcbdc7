#define CAF_SUITE health_models
#include "actors/services/health.hpp"
#include "tests/unit/actors/peers.hpp"

#include <algorithm>

using namespace banksia;
using namespace banksia::actors_test;

namespace {

/// The monitor beside a cycle that is well.
struct health_fixture : actors_fixture {
  shared_context context = std::make_shared<service_context>();

  component_health engine(const std::string& models_away = {}) {
    component_health well;
    well.component = "prediction_engine";
    stand_in("cycle")->reply = always<wire::health_atom>(well);
    context->setup.names = &names;
    context->setup.probes = std::make_shared<probe_board>();
    context->setup.plan = intraday_plan();
    context->setup.models_away = models_away;
    auto monitor = publish("health", sys.spawn(health_monitor,
                                               std::make_shared<probe>("health"),
                                               context));
    sched.run();
    auto all
      = ask<std::vector<component_health>>(monitor, wire::health_atom_v);
    CAF_REQUIRE(all->has_value());
    auto at = std::find_if((*all)->begin(), (*all)->end(), [](const auto& x) {
      return x.component == "prediction_engine";
    });
    CAF_REQUIRE(at != (*all)->end());
    return *at;
  }

  void gate_says(health_state state, const std::string& reason) {
    component_health x;
    x.component = "prediction_engine";
    x.state = state;
    x.reason = reason;
    stand_in("ml/gate")->reply = always<wire::health_atom>(x);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(health_models_tests, health_fixture)

CAF_TEST(a node without models predicts by rules and is well) {
  CAF_CHECK(engine().state == health_state::healthy);
}

CAF_TEST(models that should be there and are not degrade the engine) {
  auto x = engine("no program");
  CAF_CHECK(x.state == health_state::degraded);
  CAF_CHECK_EQUAL(x.reason, "rules predict: no program");
}

CAF_TEST(what the gate says of itself counts for the engine) {
  gate_says(health_state::degraded, "rules predict: it is away");
  auto x = engine();
  CAF_CHECK(x.state == health_state::degraded);
  CAF_CHECK_EQUAL(x.reason, "rules predict: it is away");
}

CAF_TEST(with a gate that is well the engine is) {
  gate_says(health_state::healthy, "");
  CAF_CHECK(engine().state == health_state::healthy);
}

CAF_TEST_FIXTURE_SCOPE_END()
