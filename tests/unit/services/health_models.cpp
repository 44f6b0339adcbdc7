#define CAF_SUITE health_models
#include "tests/unit/services/monitored.hpp"

using namespace banksia;
using namespace banksia::actors_test;

namespace {

/// The monitor beside a cycle that is well.
struct health_fixture : monitored {
  component_health engine(const std::string& models_away = {}) {
    says("cycle", "prediction_engine");
    context->setup.models_away = models_away;
    return told_of("prediction_engine");
  }

  void gate_says(health_state state, const std::string& reason) {
    says("ml/gate", "prediction_engine", state, reason);
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
