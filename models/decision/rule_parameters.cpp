#include "models/decision/rule_parameters.hpp"

#include <array>
#include <cmath>

namespace banksia {

namespace {

using p = rule_parameters;

constexpr auto fields = std::to_array<rule_parameter_field>({
  {"points_base", &p::points_base,
   "technical points of a symbol of which nothing is known"},
  {"sma_rising_ratio", &p::sma_rising_ratio,
   "sma5 above this times sma20 is rising"},
  {"sma_falling_ratio", &p::sma_falling_ratio,
   "sma5 below this times sma20 is falling"},
  {"sma_rising_points", &p::sma_rising_points, "points added when rising"},
  {"sma_falling_points", &p::sma_falling_points,
   "points taken away when falling"},
  {"rsi_strong_above", &p::rsi_strong_above,
   "rsi above this (and below the next) is strong"},
  {"rsi_strong_below", &p::rsi_strong_below,
   "rsi from here on is overbought, no longer strong"},
  {"rsi_strong_points", &p::rsi_strong_points,
   "points added when rsi is strong"},
  {"rsi_oversold_below", &p::rsi_oversold_below, "rsi below this is oversold"},
  {"rsi_oversold_points", &p::rsi_oversold_points,
   "points added when oversold"},
  {"technical_high_above", &p::technical_high_above,
   "T above this scores high"},
  {"technical_medium_above", &p::technical_medium_above,
   "T above this scores medium"},
  {"technical_low_above", &p::technical_low_above, "T above this scores low"},
  {"technical_high_score", &p::technical_high_score, "score of a high T"},
  {"technical_medium_score", &p::technical_medium_score, "score of a medium T"},
  {"technical_low_score", &p::technical_low_score, "score of a low T"},
  {"technical_else_score", &p::technical_else_score, "score of any other T"},
  {"momentum_rsi_above", &p::momentum_rsi_above,
   "momentum needs rsi above this"},
  {"momentum_rsi_below", &p::momentum_rsi_below,
   "momentum needs rsi below this"},
  {"momentum_score", &p::momentum_score,
   "added when rsi lies between and macd_hist > 0"},
  {"news_confidence_factor", &p::news_confidence_factor,
   "score per unit of news_confidence"},
  {"news_positive_above", &p::news_positive_above,
   "sentiment above this is good news"},
  {"news_negative_below", &p::news_negative_below,
   "sentiment below this is bad news"},
  {"news_positive_score", &p::news_positive_score, "added for good news"},
  {"news_negative_score", &p::news_negative_score, "taken away for bad news"},
  {"bearish_news_positive_above", &p::bearish_news_positive_above,
   "good news, in a BEARISH market"},
  {"bearish_news_negative_below", &p::bearish_news_negative_below,
   "bad news, in a BEARISH market"},
  {"bearish_news_positive_score", &p::bearish_news_positive_score,
   "added for good news, BEARISH"},
  {"bearish_news_negative_score", &p::bearish_news_negative_score,
   "taken away for bad news, BEARISH"},
  {"volume_high_above", &p::volume_high_above,
   "volume_ratio above this scores high"},
  {"volume_medium_above", &p::volume_medium_above,
   "volume_ratio above this scores medium"},
  {"volume_low_above", &p::volume_low_above,
   "volume_ratio above this scores low"},
  {"volume_high_score", &p::volume_high_score, "score of a high ratio"},
  {"volume_medium_score", &p::volume_medium_score, "score of a medium ratio"},
  {"volume_low_score", &p::volume_low_score, "score of a low ratio"},
  {"volume_else_score", &p::volume_else_score, "score of any other ratio"},
  {"volume_trend_above", &p::volume_trend_above,
   "volume_trend above this is growing"},
  {"volume_trend_score", &p::volume_trend_score,
   "added when volume is growing"},
  {"risk_calm_below", &p::risk_calm_below, "volatility below this is calm"},
  {"risk_normal_below", &p::risk_normal_below,
   "volatility below this is normal"},
  {"risk_rough_below", &p::risk_rough_below, "volatility below this is rough"},
  {"risk_calm_score", &p::risk_calm_score, "score when calm"},
  {"risk_normal_score", &p::risk_normal_score, "score when normal"},
  {"risk_rough_score", &p::risk_rough_score, "score when rough"},
  {"risk_else_score", &p::risk_else_score, "score when wilder still"},
  {"weight_technical", &p::weight_technical,
   "weight of the technical component"},
  {"weight_news", &p::weight_news, "weight of the news component"},
  {"weight_volume", &p::weight_volume, "weight of the volume component"},
  {"weight_risk", &p::weight_risk, "weight of the risk component"},
  {"confidence_base", &p::confidence_base, "confidence before any component"},
  {"confidence_lowest", &p::confidence_lowest,
   "confidence is never stated lower"},
  {"confidence_highest", &p::confidence_highest,
   "confidence is never stated higher"},
  {"gate_technical_above", &p::gate_technical_above, "T must be above this"},
  {"gate_volume_trend_above", &p::gate_volume_trend_above,
   "volume_trend must be above this"},
  {"gate_sentiment_above", &p::gate_sentiment_above,
   "sentiment must be above this, or missing"},
  {"bearish_gate_sentiment_above", &p::bearish_gate_sentiment_above,
   "BEARISH: sentiment must be above this"},
  {"bearish_gate_technical_above", &p::bearish_gate_technical_above,
   "BEARISH: T must be above this"},
  {"bearish_gate_volume_trend_above", &p::bearish_gate_volume_trend_above,
   "BEARISH: volume_trend must be above this"},
  {"strong_margin", &p::strong_margin,
   "confidence must pass the threshold by more"},
  {"strong_technical_above", &p::strong_technical_above,
   "T must be above this"},
  {"strong_sentiment_above", &p::strong_sentiment_above,
   "sentiment must be above this; missing fails"},
  {"strong_volume_trend_above", &p::strong_volume_trend_above,
   "volume_trend must be above this"},
  {"bearish_below", &p::bearish_below,
   "index return over 5 sessions below this: BEARISH"},
  {"bullish_above", &p::bullish_above,
   "index return over 5 sessions above this: BULLISH"},
  {"bearish_multiplier", &p::bearish_multiplier, "on confidence, BEARISH"},
  {"neutral_multiplier", &p::neutral_multiplier, "on confidence, NEUTRAL"},
  {"bullish_multiplier", &p::bullish_multiplier, "on confidence, BULLISH"},
  {"bearish_threshold", &p::bearish_threshold,
   "confidence must pass this, BEARISH"},
  {"neutral_threshold", &p::neutral_threshold,
   "confidence must pass this, NEUTRAL"},
  {"bullish_threshold", &p::bullish_threshold,
   "confidence must pass this, BULLISH"},
  {"sessions_per_year", &p::sessions_per_year,
   "for annualising the index's volatility"},
  {"stress_volatility_above", &p::stress_volatility_above,
   "annualised index volatility above this: stress"},
  {"stress_multiplier", &p::stress_multiplier, "on confidence, under stress"},
  {"crash_trend_below", &p::crash_trend_below, "index return below this, and"},
  {"crash_volatility_above", &p::crash_volatility_above,
   "volatility above this, under stress: crash"},
  {"crash_multiplier", &p::crash_multiplier, "on confidence again, in a crash"},
  {"context_sessions_max", &p::context_sessions_max,
   "index closes may reach back at most this far"},
});

// A parameter that is missing above could be neither set nor explained.
static_assert(sizeof(rule_parameters) == fields.size() * sizeof(double));

/// Two parameters of which the first must be less than the second.
struct ordered_pair {
  double p::*less;
  double p::*more;
};

constexpr ordered_pair ordered[] = {
  {&p::sma_falling_ratio, &p::sma_rising_ratio},
  {&p::rsi_strong_above, &p::rsi_strong_below},
  {&p::technical_medium_above, &p::technical_high_above},
  {&p::technical_low_above, &p::technical_medium_above},
  {&p::momentum_rsi_above, &p::momentum_rsi_below},
  {&p::news_negative_below, &p::news_positive_above},
  {&p::bearish_news_negative_below, &p::bearish_news_positive_above},
  {&p::volume_medium_above, &p::volume_high_above},
  {&p::volume_low_above, &p::volume_medium_above},
  {&p::risk_calm_below, &p::risk_normal_below},
  {&p::risk_normal_below, &p::risk_rough_below},
  {&p::confidence_lowest, &p::confidence_highest},
  {&p::bearish_below, &p::bullish_above},
};

/// Parameters that must not be negative.
constexpr double p::*not_negative[] = {
  &p::weight_technical,   &p::weight_news,        &p::weight_volume,
  &p::weight_risk,        &p::confidence_lowest,  &p::bearish_multiplier,
  &p::neutral_multiplier, &p::bullish_multiplier, &p::stress_multiplier,
  &p::crash_multiplier,   &p::sessions_per_year,  &p::context_sessions_max,
};

std::string name_of(double p::*value) {
  for (const auto& x : fields)
    if (x.value == value)
      return std::string{x.name};
  return "?";
}

} // namespace

std::span<const rule_parameter_field> rule_parameter_fields() noexcept {
  return fields;
}

std::optional<std::string> problem_of(const rule_parameters& x) {
  for (const auto& field : fields)
    if (!std::isfinite(x.*field.value))
      return std::string{field.name} + ": not a finite number: set a number";
  for (auto value : not_negative)
    if (x.*value < 0.0)
      return name_of(value) + ": negative: set zero or more";
  for (const auto& pair : ordered)
    if (!(x.*pair.less < x.*pair.more))
      return name_of(pair.less) + ": not below " + name_of(pair.more)
             + ": set it lower";
  if (x.confidence_highest > 1.0)
    return "confidence_highest: above 1: set at most 1";
  auto weights
    = x.weight_technical + x.weight_news + x.weight_volume + x.weight_risk;
  if (std::abs(weights - 1.0) > 1e-9)
    return "weight_technical, weight_news, weight_volume, weight_risk: sum is "
           "not 1: set weights that sum to 1";
  // Technical and risk are never missing; without their weight nothing would
  // be left to scale when news and volume are.
  if (x.weight_technical + x.weight_risk <= 0.0)
    return "weight_technical, weight_risk: both zero: give one of them weight";
  return std::nullopt;
}

} // namespace banksia
