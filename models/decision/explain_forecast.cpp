#include "models/decision/explain_parts.hpp"

#include <algorithm>

namespace banksia {

namespace {

using explain_parts::number;

void add_side(std::vector<factor>& to, factor_side side, double expected,
              double multiplier, double gain, double confidence,
              double threshold) {
  auto reached = confidence >= threshold;
  to.push_back({"gain", side, expected, multiplier, gain, true,
                number(expected) + " expected × " + number(multiplier)
                  + " less the cost is " + number(gain)});
  to.push_back({"confidence", side, confidence, threshold, reached ? 1.0 : 0.0,
                true,
                number(confidence) + (reached ? " reaches " : " is below ")
                  + number(threshold)});
}

void add_said(std::vector<factor>& to, const class_forecast& said,
              const policy_parameters& policy) {
  auto plain = [&](std::string name, double value, std::string text) {
    to.push_back({std::move(name), factor_side::both, value, 0.0, 0.0, true,
                  std::move(text)});
  };
  plain("forecast.down", said.down.value(), "probability of a fall");
  plain("forecast.flat", said.flat.value(), "probability of hardly any move");
  plain("forecast.up", said.up.value(), "probability of a rise");
  plain("magnitude", said.magnitude.value(), "expected size of the move");
  to.push_back({"outlying", factor_side::both,
                static_cast<double>(said.outlying),
                static_cast<double>(policy.outlying_max),
                said.outlying > policy.outlying_max ? 1.0 : 0.0, true,
                std::to_string(said.outlying)
                  + " features far outside of the training data, "
                  + std::to_string(policy.outlying_max) + " are allowed"});
  plain("cost", policy.transaction_cost, "of a trade and its way back");
}

} // namespace

std::vector<factor> explain(const class_forecast& said,
                            const market_context& context,
                            const policy_parameters& policy,
                            const rule_parameters& p) {
  std::vector<factor> result;
  explain_parts::add_market(result, context);
  add_said(result, said, policy);
  auto seen = view_of(said, context, policy, p);
  result.push_back({"expected_return", factor_side::both, seen.expected_return,
                    0.0, 0.0, true,
                    "(P(up) - P(down)) × magnitude = "
                      + number(seen.expected_return)});
  add_side(result, factor_side::buy, seen.expected_return, seen.buy_multiplier,
           seen.buy_gain, seen.buy_confidence, policy.confidence_threshold);
  add_side(result, factor_side::sell, -seen.expected_return,
           seen.sell_multiplier, seen.sell_gain, seen.sell_confidence,
           policy.confidence_threshold);
  result.push_back({"hold.confidence", factor_side::both, seen.hold_confidence,
                    0.0, 0.0, true, "probability that holding is right"});
  return result;
}

std::vector<factor> explain(const prediction& x, const policy_parameters& policy,
                            const rule_parameters& p) {
  auto decided = std::find_if(x.forecasts.begin(), x.forecasts.end(),
                              [&](const class_forecast& said) {
                                return said.model_version == x.model_version;
                              });
  if (decided != x.forecasts.end())
    return explain(*decided, x.context, policy, p);
  if (x.abstained)
    return {};
  return explain(x.trace, x.context, p);
}

} // namespace banksia
