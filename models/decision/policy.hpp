#pragma once

/// What is done about a model's forecast: calibrated probabilities and the
/// market context to BUY, SELL or HOLD, or an abstention.

#include "messages/domain.hpp"
#include "models/decision/rule_parameters.hpp"

#include <cstdint>

namespace banksia {

struct policy_parameters {
  /// A BUY or SELL needs this confidence.
  double confidence_threshold = 0.65;
  /// What a BUY or SELL and its way back cost, a fraction of the price.
  double transaction_cost = 0.001;
  /// More features far outside of the training data: `out_of_distribution`.
  std::uint32_t outlying_max = 3;
  /// A horizon in which the market is open for a smaller part of a session is
  /// `session_too_short`: what a model says of it was hardly ever trained.
  double least_sessions = 1.0 / 12.0;
  /// Where no model serves: the rules decide, or `no_model`.
  bool rules_without_model = true;

  friend bool operator==(const policy_parameters&,
                         const policy_parameters&) = default;
};

/// Both sides of a decision by forecast.
///
/// The expected return is (P(up) - P(down)) × magnitude. A side's gain is what it
/// expects to win, times what the context makes of it (the trend's multiplier,
/// mirrored for SELL, and stress), less the cost; HOLD gains nothing.
///
/// A confidence is the probability that the side is right: of BUY that the price
/// rises, P(up) and half of P(flat); of SELL that it falls, likewise; of HOLD
/// that it stays, P(flat).
struct forecast_view {
  double expected_return = 0.0;
  double buy_multiplier = 1.0;
  double sell_multiplier = 1.0;
  double buy_gain = 0.0;
  double sell_gain = 0.0;
  double buy_confidence = 0.0;
  double sell_confidence = 0.0;
  double hold_confidence = 0.0;
};

forecast_view view_of(const class_forecast& said, const market_context& context,
                      const policy_parameters& p,
                      const rule_parameters& rules) noexcept;

/// Whether the numbers can be a forecast: probabilities within [0, 1] that sum
/// to 1 within 1e-6, a magnitude that is finite and not negative.
bool is_sound(const class_forecast& said) noexcept;

/// Decides `x` by what the served model said of it: the side with the larger
/// gain, where that is positive and its confidence at least the threshold; else
/// HOLD. `optimal_action` is strong where the confidence exceeds the threshold by
/// the rules' `strong_margin`. Abstains `out_of_distribution` or
/// `session_too_short`. The trace of the rules stays beside it. An abstention
/// stays as it is.
/// @param horizon_sessions the primary horizon in sessions
void decide_by_forecast(prediction& x, const class_forecast& said,
                        double horizon_sessions, const policy_parameters& p,
                        const rule_parameters& rules);

/// Decides `x`, which the rules have decided, by the forecasts that it carries:
/// by the served one, or as `rules_without_model` says.
void apply_policy(prediction& x, double horizon_sessions,
                  const policy_parameters& p, const rule_parameters& rules);

} // namespace banksia
