#include "actors/symbol/prediction_comparison.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>

namespace banksia {

namespace {

std::string exact_text(double x) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.17g", x);
  return text;
}

bool nearly(double a, double b) {
  auto scale = std::max({1.0, std::abs(a), std::abs(b)});
  return std::abs(a - b) <= build_tolerance * scale;
}

class comparer {
public:
  void text(std::string field, std::string_view a, std::string_view b) {
    ++result.compared;
    if (a != b)
      result.differences.push_back(
        {std::move(field), std::string{a}, std::string{b}, false});
  }

  void whole(std::string field, std::uint64_t a, std::uint64_t b) {
    text(std::move(field), std::to_string(a), std::to_string(b));
  }

  void flag(std::string field, bool a, bool b) {
    text(std::move(field), a ? "true" : "false", b ? "true" : "false");
  }

  /// Kept in a block of bytes: all bits count.
  void bits(std::string field, double a, double b) {
    ++result.compared;
    if (std::bit_cast<std::uint64_t>(a) != std::bit_cast<std::uint64_t>(b))
      result.differences.push_back(
        {std::move(field), exact_text(a), exact_text(b), nearly(a, b)});
  }

  /// Kept in a column.
  void number(std::string field, double a, double b) {
    bits(std::move(field), a + 0.0, b + 0.0);
  }

  field_comparison result;
};

void compare_context(comparer& to, const market_context& a,
                     const market_context& b) {
  to.text("context.trend", to_string(a.trend), to_string(b.trend));
  to.number("context.trend_return", a.trend_return.value(),
            b.trend_return.value());
  to.number("context.volatility", a.volatility.value(), b.volatility.value());
  to.number("context.multiplier", a.multiplier.value(), b.multiplier.value());
  to.number("context.buy_threshold", a.buy_threshold.value(),
            b.buy_threshold.value());
  to.number("context.sell_threshold", a.sell_threshold.value(),
            b.sell_threshold.value());
  to.number("context.stress", a.stress.value(), b.stress.value());
  to.flag("context.flagged", a.flagged, b.flagged);
  to.text("context.lineage", to_hex(0, a.lineage), to_hex(0, b.lineage));
}

void compare_features(comparer& to, const feature_vector& a,
                      const feature_vector& b) {
  to.whole("features.version", a.version, b.version);
  for (std::size_t i = 0; i < feature_count; ++i) {
    auto field = "features." + std::string{feature_names[i]};
    if (a.has(i) == b.has(i))
      to.bits(std::move(field), a.values[i], b.values[i]);
    else
      to.text(std::move(field), a.has(i) ? exact_text(a.values[i]) : "missing",
              b.has(i) ? exact_text(b.values[i]) : "missing");
  }
}

void compare_side(comparer& to, const std::string& side, const side_scores& a,
                  const side_scores& b) {
  auto bits = [&](std::string_view name, double x, double y) {
    to.bits(side + std::string{name}, x, y);
  };
  bits("technical_points", a.technical_points.value(),
       b.technical_points.value());
  bits("technical", a.technical.value(), b.technical.value());
  bits("news", a.news.value(), b.news.value());
  bits("volume", a.volume.value(), b.volume.value());
  bits("risk", a.risk.value(), b.risk.value());
  bits("weighted_sum", a.weighted_sum.value(), b.weighted_sum.value());
  bits("threshold", a.threshold.value(), b.threshold.value());
  bits("confidence", a.confidence.value(), b.confidence.value());
  to.whole(side + "gates", a.gates, b.gates);
  to.flag(side + "holds", a.holds, b.holds);
  to.flag(side + "strong", a.strong, b.strong);
}

void compare_trace(comparer& to, const decision_trace& a,
                   const decision_trace& b) {
  const auto& x = a.inputs;
  const auto& y = b.inputs;
  to.whole("trace.version", a.version, b.version);
  to.bits("trace.sma5", x.sma5.value(), y.sma5.value());
  to.bits("trace.sma20", x.sma20.value(), y.sma20.value());
  to.bits("trace.rsi14", x.rsi14.value(), y.rsi14.value());
  to.bits("trace.macd_histogram", x.macd_histogram.value(),
          y.macd_histogram.value());
  to.bits("trace.volume_ratio", x.volume_ratio.value(),
          y.volume_ratio.value());
  to.bits("trace.volume_trend", x.volume_trend.value(),
          y.volume_trend.value());
  to.bits("trace.volatility", x.volatility.value(), y.volatility.value());
  to.bits("trace.sentiment", x.sentiment.value(), y.sentiment.value());
  to.bits("trace.news_confidence", x.news_confidence.value(),
          y.news_confidence.value());
  to.flag("trace.has_macd", x.has_macd, y.has_macd);
  to.flag("trace.has_volume", x.has_volume, y.has_volume);
  to.flag("trace.has_news", x.has_news, y.has_news);
  compare_side(to, "trace.buy.", a.buy, b.buy);
  compare_side(to, "trace.sell.", a.sell, b.sell);
}

void compare_decision(comparer& to, const prediction& a, const prediction& b) {
  to.flag("abstained", a.abstained, b.abstained);
  to.text("reason", to_string(a.reason), to_string(b.reason));
  to.text("action", to_string(a.action), to_string(b.action));
  to.text("optimal_action", to_string(a.optimal_action),
          to_string(b.optimal_action));
  to.number("confidence", a.confidence.value(), b.confidence.value());
  to.text("predicted_direction", std::to_string(a.predicted_direction),
          std::to_string(b.predicted_direction));
  to.number("predicted_magnitude", a.predicted_magnitude.value(),
            b.predicted_magnitude.value());
  to.number("entry_price", a.entry_price.value(), b.entry_price.value());
}

void compare_forecasts(comparer& to, const prediction& a, const prediction& b) {
  to.whole("forecasts", a.forecasts.size(), b.forecasts.size());
  auto count = std::min(a.forecasts.size(), b.forecasts.size());
  for (std::size_t i = 0; i < count; ++i) {
    const auto& x = a.forecasts[i];
    const auto& y = b.forecasts[i];
    auto field = "forecasts." + x.model_version + ".";
    to.text(field + "model_version", x.model_version, y.model_version);
    to.flag(field + "served", x.served, y.served);
    to.number(field + "down", x.down.value(), y.down.value());
    to.number(field + "flat", x.flat.value(), y.flat.value());
    to.number(field + "up", x.up.value(), y.up.value());
    to.number(field + "magnitude", x.magnitude.value(), y.magnitude.value());
    to.whole(field + "outlying", x.outlying, y.outlying);
  }
}

} // namespace

field_comparison compare(const prediction& a, const prediction& b) {
  comparer to;
  to.text("prediction_id", to_string(a.id), to_string(b.id));
  to.text("cycle_id", to_string(a.cycle), to_string(b.cycle));
  to.text("symbol", a.symbol, b.symbol);
  to.text("interval", to_string(a.interval), to_string(b.interval));
  to.text("timestamp", to_rfc3339(a.slot), to_rfc3339(b.slot));
  to.whole("horizon_minutes", a.horizon_minutes, b.horizon_minutes);
  to.text("model_version", a.model_version, b.model_version);
  to.text("input_lineage", to_hex(0, a.input_lineage),
          to_hex(0, b.input_lineage));
  to.whole("input_count", a.input_count, b.input_count);
  compare_context(to, a.context, b.context);
  compare_features(to, a.features, b.features);
  compare_decision(to, a, b);
  compare_trace(to, a.trace, b.trace);
  compare_forecasts(to, a, b);
  return std::move(to.result);
}

} // namespace banksia
