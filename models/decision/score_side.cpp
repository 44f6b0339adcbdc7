#include "models/decision/score_side.hpp"

#include <algorithm>

namespace banksia {

std::string_view to_string(rule_gate x) noexcept {
  switch (x) {
    case rule_gate::confidence:
      return "confidence";
    case rule_gate::technical:
      return "technical";
    case rule_gate::volume_trend:
      return "volume_trend";
    case rule_gate::sentiment:
      return "sentiment";
    case rule_gate::bearish_sentiment:
      return "bearish_sentiment";
    case rule_gate::bearish_technical:
      return "bearish_technical";
    case rule_gate::bearish_volume_trend:
      return "bearish_volume_trend";
  }
  return "";
}

double multiplier_of(market_trend x, const rule_parameters& p) noexcept {
  switch (x) {
    case market_trend::bearish:
      return p.bearish_multiplier;
    case market_trend::bullish:
      return p.bullish_multiplier;
    default:
      return p.neutral_multiplier;
  }
}

double threshold_of(market_trend x, const rule_parameters& p) noexcept {
  switch (x) {
    case market_trend::bearish:
      return p.bearish_threshold;
    case market_trend::bullish:
      return p.bullish_threshold;
    default:
      return p.neutral_threshold;
  }
}

side_view buy_view(const rule_inputs& inputs, const market_context& context,
                   const rule_parameters& p) noexcept {
  side_view x;
  auto sma5 = inputs.sma5.value();
  auto sma20 = inputs.sma20.value();
  x.sma_rising = sma5 > p.sma_rising_ratio * sma20;
  x.sma_falling = sma5 < p.sma_falling_ratio * sma20;
  x.rsi = inputs.rsi14.value();
  x.macd_histogram = inputs.macd_histogram.value();
  x.sentiment = inputs.sentiment.value();
  x.news_confidence = inputs.news_confidence.value();
  x.volume_ratio = inputs.volume_ratio.value();
  x.volume_trend = inputs.volume_trend.value();
  x.volatility = inputs.volatility.value();
  x.has_macd = inputs.has_macd;
  x.has_volume = inputs.has_volume;
  x.has_news = inputs.has_news;
  x.trend = context.trend;
  x.stress = context.stress.value();
  return x;
}

side_view mirrored(side_view x) noexcept {
  std::swap(x.sma_rising, x.sma_falling);
  x.rsi = 100.0 - x.rsi;
  x.macd_histogram = -x.macd_histogram;
  x.sentiment = -x.sentiment;
  x.trend = mirrored(x.trend);
  return x;
}

double sma_points(const side_view& x, const rule_parameters& p) noexcept {
  if (x.sma_rising)
    return p.sma_rising_points;
  return x.sma_falling ? -p.sma_falling_points : 0.0;
}

double rsi_points(const side_view& x, const rule_parameters& p) noexcept {
  double points = 0.0;
  if (x.rsi > p.rsi_strong_above && x.rsi < p.rsi_strong_below)
    points += p.rsi_strong_points;
  if (x.rsi < p.rsi_oversold_below)
    points += p.rsi_oversold_points;
  return points;
}

namespace {

double technical_score(const side_view& x, double points,
                       const rule_parameters& p) noexcept {
  auto score = p.technical_else_score;
  if (points > p.technical_high_above)
    score = p.technical_high_score;
  else if (points > p.technical_medium_above)
    score = p.technical_medium_score;
  else if (points > p.technical_low_above)
    score = p.technical_low_score;
  auto momentum = x.has_macd && x.macd_histogram > 0.0
                  && x.rsi > p.momentum_rsi_above
                  && x.rsi < p.momentum_rsi_below;
  return momentum ? score + p.momentum_score : score;
}

double news_score(const side_view& x, const rule_parameters& p) noexcept {
  auto bearish = x.trend == market_trend::bearish;
  auto above = bearish ? p.bearish_news_positive_above : p.news_positive_above;
  auto below = bearish ? p.bearish_news_negative_below : p.news_negative_below;
  auto score = p.news_confidence_factor * x.news_confidence;
  if (x.sentiment > above)
    score += bearish ? p.bearish_news_positive_score : p.news_positive_score;
  else if (x.sentiment < below)
    score -= bearish ? p.bearish_news_negative_score : p.news_negative_score;
  return std::clamp(score, 0.0, 1.0);
}

double volume_score(const side_view& x, const rule_parameters& p) noexcept {
  auto score = p.volume_else_score;
  if (x.volume_ratio > p.volume_high_above)
    score = p.volume_high_score;
  else if (x.volume_ratio > p.volume_medium_above)
    score = p.volume_medium_score;
  else if (x.volume_ratio > p.volume_low_above)
    score = p.volume_low_score;
  return x.volume_trend > p.volume_trend_above ? score + p.volume_trend_score
                                               : score;
}

double risk_score(const side_view& x, const rule_parameters& p) noexcept {
  if (x.volatility < p.risk_calm_below)
    return p.risk_calm_score;
  if (x.volatility < p.risk_normal_below)
    return p.risk_normal_score;
  if (x.volatility < p.risk_rough_below)
    return p.risk_rough_score;
  return p.risk_else_score;
}

/// The gates that hold, given T, confidence and threshold.
std::uint8_t gates_of(const side_view& x, const side_scores& scores,
                      const rule_parameters& p) noexcept {
  auto points = scores.technical_points.value();
  auto bearish = x.trend == market_trend::bearish;
  std::uint8_t gates = 0;
  auto set_if = [&gates](rule_gate gate, bool condition) {
    if (condition)
      gates |= static_cast<std::uint8_t>(1u << static_cast<unsigned>(gate));
  };
  set_if(rule_gate::confidence,
         scores.confidence.value() > scores.threshold.value());
  set_if(rule_gate::technical, points > p.gate_technical_above);
  set_if(rule_gate::volume_trend,
         x.has_volume && x.volume_trend > p.gate_volume_trend_above);
  set_if(rule_gate::sentiment,
         !x.has_news || x.sentiment > p.gate_sentiment_above);
  set_if(rule_gate::bearish_sentiment,
         !bearish
           || (x.has_news && x.sentiment > p.bearish_gate_sentiment_above));
  set_if(rule_gate::bearish_technical,
         !bearish || points > p.bearish_gate_technical_above);
  set_if(rule_gate::bearish_volume_trend,
         !bearish
           || (x.has_volume
               && x.volume_trend > p.bearish_gate_volume_trend_above));
  return gates;
}

bool is_strong(const side_view& x, const side_scores& scores,
               const rule_parameters& p) noexcept {
  return scores.holds
         && scores.confidence.value()
              > scores.threshold.value() + p.strong_margin
         && scores.technical_points.value() > p.strong_technical_above
         && x.trend != market_trend::bearish && x.has_news
         && x.sentiment > p.strong_sentiment_above && x.has_volume
         && x.volume_trend > p.strong_volume_trend_above;
}

} // namespace

rule_weights weights_of(const side_view& x, const rule_parameters& p) noexcept {
  rule_weights w{p.weight_technical, p.weight_news, p.weight_volume,
                 p.weight_risk};
  // All present: as configured, not divided by a sum that rounds to nearly 1.
  if (x.has_news && x.has_volume)
    return w;
  if (!x.has_news)
    w.news = 0.0;
  if (!x.has_volume)
    w.volume = 0.0;
  auto sum = w.technical + w.news + w.volume + w.risk;
  return {w.technical / sum, w.news / sum, w.volume / sum, w.risk / sum};
}

side_scores score_side(const side_view& x, const rule_parameters& p) noexcept {
  side_scores s;
  auto points = std::clamp(
    p.points_base + sma_points(x, p) + rsi_points(x, p), 0.0, 100.0);
  auto technical = technical_score(x, points, p);
  auto news = x.has_news ? news_score(x, p) : 0.0;
  auto volume = x.has_volume ? volume_score(x, p) : 0.0;
  auto risk = risk_score(x, p);
  auto w = weights_of(x, p);
  auto sum = w.technical * technical + w.news * news + w.volume * volume
             + w.risk * risk;
  auto confidence
    = (p.confidence_base + sum) * multiplier_of(x.trend, p) * x.stress;
  s.technical_points = real{points};
  s.technical = real{technical};
  s.news = real{news};
  s.volume = real{volume};
  s.risk = real{risk};
  s.weighted_sum = real{sum};
  s.threshold = real{threshold_of(x.trend, p)};
  s.confidence = fraction{
    std::clamp(confidence, p.confidence_lowest, p.confidence_highest)};
  s.gates = gates_of(x, s, p);
  s.holds = s.gates == all_rule_gates;
  s.strong = is_strong(x, s, p);
  return s;
}

} // namespace banksia
