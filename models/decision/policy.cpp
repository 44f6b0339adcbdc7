#include "models/decision/policy.hpp"

#include "models/decision/score_side.hpp"

#include <algorithm>
#include <cmath>

namespace banksia {

namespace {

void abstain(prediction& x, abstain_reason why) {
  x.abstained = true;
  x.reason = why;
  x.action = x.optimal_action = trade_action::none;
  x.confidence = fraction{};
  x.predicted_direction = 0;
  x.predicted_magnitude = fraction{};
}

bool is_probability(fraction x) noexcept {
  // No comparison holds for what is not a number.
  return x.value() >= 0.0 && x.value() <= 1.0;
}

} // namespace

bool is_sound(const class_forecast& said) noexcept {
  constexpr double tolerance = 1e-6;
  auto sum = said.down.value() + said.flat.value() + said.up.value();
  return is_probability(said.down) && is_probability(said.flat)
         && is_probability(said.up) && std::abs(sum - 1.0) <= tolerance
         && std::isfinite(said.magnitude.value())
         && said.magnitude.value() >= 0.0;
}

forecast_view view_of(const class_forecast& said, const market_context& context,
                      const policy_parameters& p,
                      const rule_parameters& rules) noexcept {
  forecast_view x;
  auto stress = context.stress.value();
  x.expected_return = (said.up.value() - said.down.value())
                      * said.magnitude.value();
  x.buy_multiplier = multiplier_of(context.trend, rules) * stress;
  x.sell_multiplier = multiplier_of(mirrored(context.trend), rules) * stress;
  x.buy_gain = x.expected_return * x.buy_multiplier - p.transaction_cost;
  x.sell_gain = -x.expected_return * x.sell_multiplier - p.transaction_cost;
  auto half_flat = said.flat.value() / 2.0;
  x.buy_confidence = said.up.value() + half_flat;
  x.sell_confidence = said.down.value() + half_flat;
  x.hold_confidence = said.flat.value();
  return x;
}

void decide_by_forecast(prediction& x, const class_forecast& said,
                        double horizon_sessions, const policy_parameters& p,
                        const rule_parameters& rules) {
  if (x.abstained)
    return;
  x.model_version = said.model_version;
  if (said.outlying > p.outlying_max)
    return abstain(x, abstain_reason::out_of_distribution);
  if (horizon_sessions < p.least_sessions)
    return abstain(x, abstain_reason::session_too_short);
  auto seen = view_of(said, x.context, p, rules);
  auto buys = seen.buy_gain >= seen.sell_gain;
  auto gain = buys ? seen.buy_gain : seen.sell_gain;
  auto confidence = buys ? seen.buy_confidence : seen.sell_confidence;
  if (!(gain > 0.0) || !(confidence >= p.confidence_threshold)) {
    x.action = x.optimal_action = trade_action::hold;
    x.confidence = fraction{seen.hold_confidence};
    x.predicted_direction = 0;
    x.predicted_magnitude = fraction{};
    return;
  }
  auto strong = confidence > p.confidence_threshold + rules.strong_margin;
  x.action = buys ? trade_action::buy : trade_action::sell;
  x.optimal_action = !strong ? x.action
                     : buys  ? trade_action::strong_buy
                             : trade_action::strong_sell;
  x.confidence = fraction{confidence};
  x.predicted_direction = buys ? 1 : -1;
  x.predicted_magnitude
    = fraction{x.predicted_direction * said.magnitude.value()};
}

void apply_policy(prediction& x, double horizon_sessions,
                  const policy_parameters& p, const rule_parameters& rules) {
  if (x.abstained)
    return;
  auto served = std::find_if(x.forecasts.begin(), x.forecasts.end(),
                             [](const auto& said) { return said.served; });
  if (served != x.forecasts.end())
    decide_by_forecast(x, class_forecast{*served}, horizon_sessions, p, rules);
  else if (!p.rules_without_model)
    abstain(x, abstain_reason::no_model);
}

} // namespace banksia
