#pragma once

/// Forecasts for tests of the policy.

#include "models/decision/policy.hpp"
#include "tests/unit/decision/cases.hpp"

namespace banksia::test {

inline class_forecast forecast_of(double down, double flat, double up,
                                  double magnitude = 0.02) {
  class_forecast x;
  x.model_version = "m";
  x.served = true;
  x.down = fraction{down};
  x.flat = fraction{flat};
  x.up = fraction{up};
  x.magnitude = fraction{magnitude};
  return x;
}

/// As the rules left it: HOLD.
inline prediction held_prediction(market_trend trend = market_trend::neutral,
                                  double stress = 1.0) {
  prediction x;
  x.context = context_of(trend, stress);
  x.action = x.optimal_action = trade_action::hold;
  x.model_version = "rules-1";
  return x;
}

inline prediction decided(const class_forecast& said, prediction x,
                          const policy_parameters& p = {},
                          double sessions = 0.5) {
  x.forecasts = {said};
  apply_policy(x, sessions, p, {});
  return x;
}

} // namespace banksia::test
