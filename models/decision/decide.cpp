#include "models/decision/decide.hpp"

#include <algorithm>
#include <cmath>

namespace banksia {

namespace {

/// +1, -1 or 0: the side to take.
std::int8_t direction_of(const side_scores& buy,
                         const side_scores& sell) noexcept {
  if (buy.holds && sell.holds) {
    if (buy.confidence == sell.confidence)
      return 0;
    return buy.confidence > sell.confidence ? 1 : -1;
  }
  if (buy.holds)
    return 1;
  return sell.holds ? -1 : 0;
}

} // namespace

decision decide(const rule_inputs& inputs, const market_context& context,
                double horizon_sessions, const rule_parameters& p) noexcept {
  decision d;
  auto view = buy_view(inputs, context, p);
  d.trace.inputs = inputs;
  d.trace.buy = score_side(view, p);
  d.trace.sell = score_side(mirrored(view), p);
  const auto& buy = d.trace.buy;
  const auto& sell = d.trace.sell;
  d.direction = direction_of(buy, sell);
  if (d.direction == 0) {
    auto higher = std::max(buy.confidence.value(), sell.confidence.value());
    d.confidence = fraction{
      std::clamp(1.0 - higher, p.confidence_lowest, p.confidence_highest)};
    return d;
  }
  const auto& side = d.direction > 0 ? buy : sell;
  d.action = d.direction > 0 ? trade_action::buy : trade_action::sell;
  d.optimal_action = d.action;
  if (side.strong)
    d.optimal_action = d.direction > 0 ? trade_action::strong_buy
                                       : trade_action::strong_sell;
  d.confidence = side.confidence;
  auto size = std::max(0.0, 2.0 * side.confidence.value() - 1.0)
              * inputs.volatility.value()
              * std::sqrt(std::max(0.0, horizon_sessions));
  d.magnitude = fraction{d.direction * size};
  return d;
}

rule_inputs mirrored(const rule_inputs& x) noexcept {
  auto result = x;
  result.sma5 = real{2.0 * x.sma20.value() - x.sma5.value()};
  result.rsi14 = real{100.0 - x.rsi14.value()};
  result.macd_histogram = real{-x.macd_histogram.value()};
  result.sentiment = real{-x.sentiment.value()};
  return result;
}

market_context mirrored(market_context x, const rule_parameters& p) noexcept {
  x.trend = mirrored(x.trend);
  x.trend_return = fraction{-x.trend_return.value()};
  x.multiplier = real{multiplier_of(x.trend, p)};
  std::swap(x.buy_threshold, x.sell_threshold);
  return x;
}

} // namespace banksia
