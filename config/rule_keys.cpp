#include "config/keys.hpp"

namespace banksia::config {

namespace {

struct rule_row {
  std::string_view name;
  double rule_settings::*member;
  value_range range;
  std::string_view unit;
  std::string_view doc;
};

constexpr value_range fraction{0, 1};
constexpr value_range change{-1, 1};
constexpr value_range sentiment{-1, 1};
constexpr value_range points{0, 100};
constexpr value_range score{-1, 1};
constexpr value_range multiplier{0, 10, true};
constexpr value_range positive{0, 100, true};
constexpr value_range year{1, 366};
constexpr value_range sessions{5, 366};
/// A component of weight zero could be left alone when the others are missing.
constexpr value_range weight{0, 1, true};

using row = rule_settings;

const rule_row rows[] = {
  {"rules.points_base", &row::points_base,
   points, "points", "Technical points of a symbol of which nothing is known."},
  {"rules.sma_rising_ratio", &row::sma_rising_ratio,
   positive, "ratio", "sma5 above this times sma20 is rising."},
  {"rules.sma_falling_ratio", &row::sma_falling_ratio,
   positive, "ratio", "sma5 below this times sma20 is falling."},
  {"rules.sma_rising_points", &row::sma_rising_points,
   points, "points", "Points added when rising."},
  {"rules.sma_falling_points", &row::sma_falling_points,
   points, "points", "Points taken away when falling."},
  {"rules.rsi_strong_above", &row::rsi_strong_above,
   points, "RSI", "RSI above this (and below the next) is strong."},
  {"rules.rsi_strong_below", &row::rsi_strong_below,
   points, "RSI", "RSI from here on is overbought, no longer strong."},
  {"rules.rsi_strong_points", &row::rsi_strong_points,
   points, "points", "Points added when rsi is strong."},
  {"rules.rsi_oversold_below", &row::rsi_oversold_below,
   points, "RSI", "RSI below this is oversold."},
  {"rules.rsi_oversold_points", &row::rsi_oversold_points,
   points, "points", "Points added when oversold."},
  {"rules.technical_high_above", &row::technical_high_above,
   points, "points", "T above this scores high."},
  {"rules.technical_medium_above", &row::technical_medium_above,
   points, "points", "T above this scores medium."},
  {"rules.technical_low_above", &row::technical_low_above,
   points, "points", "T above this scores low."},
  {"rules.technical_high_score", &row::technical_high_score,
   score, "", "Score of a high T."},
  {"rules.technical_medium_score", &row::technical_medium_score,
   score, "", "Score of a medium T."},
  {"rules.technical_low_score", &row::technical_low_score,
   score, "", "Score of a low T."},
  {"rules.technical_else_score", &row::technical_else_score,
   score, "", "Score of any other T."},
  {"rules.momentum_rsi_above", &row::momentum_rsi_above,
   points, "RSI", "Momentum needs rsi above this."},
  {"rules.momentum_rsi_below", &row::momentum_rsi_below,
   points, "RSI", "Momentum needs rsi below this."},
  {"rules.momentum_score", &row::momentum_score,
   score, "", "Added when rsi lies between and macd_hist > 0."},
  {"rules.news_confidence_factor", &row::news_confidence_factor,
   score, "", "Score per unit of news_confidence."},
  {"rules.news_positive_above", &row::news_positive_above,
   sentiment, "sentiment", "Sentiment above this is good news."},
  {"rules.news_negative_below", &row::news_negative_below,
   sentiment, "sentiment", "Sentiment below this is bad news."},
  {"rules.news_positive_score", &row::news_positive_score,
   score, "", "Added for good news."},
  {"rules.news_negative_score", &row::news_negative_score,
   score, "", "Taken away for bad news."},
  {"rules.bearish_news_positive_above", &row::bearish_news_positive_above,
   sentiment, "sentiment", "Good news, in a BEARISH market."},
  {"rules.bearish_news_negative_below", &row::bearish_news_negative_below,
   sentiment, "sentiment", "Bad news, in a BEARISH market."},
  {"rules.bearish_news_positive_score", &row::bearish_news_positive_score,
   score, "", "Added for good news, BEARISH."},
  {"rules.bearish_news_negative_score", &row::bearish_news_negative_score,
   score, "", "Taken away for bad news, BEARISH."},
  {"rules.volume_high_above", &row::volume_high_above,
   positive, "ratio", "Volume_ratio above this scores high."},
  {"rules.volume_medium_above", &row::volume_medium_above,
   positive, "ratio", "Volume_ratio above this scores medium."},
  {"rules.volume_low_above", &row::volume_low_above,
   positive, "ratio", "Volume_ratio above this scores low."},
  {"rules.volume_high_score", &row::volume_high_score,
   score, "", "Score of a high ratio."},
  {"rules.volume_medium_score", &row::volume_medium_score,
   score, "", "Score of a medium ratio."},
  {"rules.volume_low_score", &row::volume_low_score,
   score, "", "Score of a low ratio."},
  {"rules.volume_else_score", &row::volume_else_score,
   score, "", "Score of any other ratio."},
  {"rules.volume_trend_above", &row::volume_trend_above,
   change, "fraction", "Volume_trend above this is growing."},
  {"rules.volume_trend_score", &row::volume_trend_score,
   score, "", "Added when volume is growing."},
  {"rules.risk_calm_below", &row::risk_calm_below,
   positive, "fraction", "Volatility below this is calm."},
  {"rules.risk_normal_below", &row::risk_normal_below,
   positive, "fraction", "Volatility below this is normal."},
  {"rules.risk_rough_below", &row::risk_rough_below,
   positive, "fraction", "Volatility below this is rough."},
  {"rules.risk_calm_score", &row::risk_calm_score,
   score, "", "Score when calm."},
  {"rules.risk_normal_score", &row::risk_normal_score,
   score, "", "Score when normal."},
  {"rules.risk_rough_score", &row::risk_rough_score,
   score, "", "Score when rough."},
  {"rules.risk_else_score", &row::risk_else_score,
   score, "", "Score when wilder still."},
  {"rules.weight_technical", &row::weight_technical,
   weight, "", "Weight of the technical component."},
  {"rules.weight_news", &row::weight_news,
   weight, "", "Weight of the news component."},
  {"rules.weight_volume", &row::weight_volume,
   weight, "", "Weight of the volume component."},
  {"rules.weight_risk", &row::weight_risk,
   weight, "", "Weight of the risk component."},
  {"rules.confidence_base", &row::confidence_base,
   score, "", "Confidence before any component."},
  {"rules.confidence_lowest", &row::confidence_lowest,
   fraction, "fraction", "Confidence is never stated lower."},
  {"rules.confidence_highest", &row::confidence_highest,
   fraction, "fraction", "Confidence is never stated higher."},
  {"rules.gate_technical_above", &row::gate_technical_above,
   points, "points", "T must be above this."},
  {"rules.gate_volume_trend_above", &row::gate_volume_trend_above,
   change, "fraction", "Volume_trend must be above this."},
  {"rules.gate_sentiment_above", &row::gate_sentiment_above,
   sentiment, "sentiment", "Sentiment must be above this, or missing."},
  {"rules.bearish_gate_sentiment_above", &row::bearish_gate_sentiment_above,
   sentiment, "sentiment", "BEARISH: sentiment must be above this."},
  {"rules.bearish_gate_technical_above", &row::bearish_gate_technical_above,
   points, "points", "BEARISH: T must be above this."},
  {"rules.bearish_gate_volume_trend_above",
   &row::bearish_gate_volume_trend_above, change, "fraction",
   "BEARISH: volume_trend must be above this."},
  {"rules.strong_margin", &row::strong_margin,
   fraction, "fraction", "Confidence must pass the threshold by more."},
  {"rules.strong_technical_above", &row::strong_technical_above,
   points, "points", "T must be above this."},
  {"rules.strong_sentiment_above", &row::strong_sentiment_above,
   sentiment, "sentiment", "Sentiment must be above this; missing fails."},
  {"rules.strong_volume_trend_above", &row::strong_volume_trend_above,
   change, "fraction", "Volume_trend must be above this."},
  {"rules.bearish_below", &row::bearish_below,
   change, "fraction", "Index return over 5 sessions below this: BEARISH."},
  {"rules.bullish_above", &row::bullish_above,
   change, "fraction", "Index return over 5 sessions above this: BULLISH."},
  {"rules.bearish_multiplier", &row::bearish_multiplier,
   multiplier, "", "On confidence, BEARISH."},
  {"rules.neutral_multiplier", &row::neutral_multiplier,
   multiplier, "", "On confidence, NEUTRAL."},
  {"rules.bullish_multiplier", &row::bullish_multiplier,
   multiplier, "", "On confidence, BULLISH."},
  {"rules.bearish_threshold", &row::bearish_threshold,
   fraction, "fraction", "Confidence must pass this, BEARISH."},
  {"rules.neutral_threshold", &row::neutral_threshold,
   fraction, "fraction", "Confidence must pass this, NEUTRAL."},
  {"rules.bullish_threshold", &row::bullish_threshold,
   fraction, "fraction", "Confidence must pass this, BULLISH."},
  {"rules.sessions_per_year", &row::sessions_per_year,
   year, "sessions", "For annualising the index's volatility."},
  {"rules.stress_volatility_above", &row::stress_volatility_above,
   positive, "fraction", "Annualised index volatility above this: stress."},
  {"rules.stress_multiplier", &row::stress_multiplier,
   multiplier, "", "On confidence, under stress."},
  {"rules.crash_trend_below", &row::crash_trend_below,
   change, "fraction", "Index return below this, and."},
  {"rules.crash_volatility_above", &row::crash_volatility_above,
   positive, "fraction", "Volatility above this, under stress: crash."},
  {"rules.crash_multiplier", &row::crash_multiplier,
   multiplier, "", "On confidence again, in a crash."},
  {"rules.context_sessions_max", &row::context_sessions_max,
   sessions, "sessions", "Index closes may reach back at most this far."},
};

} // namespace

std::vector<key_spec> rule_keys() {
  std::vector<key_spec> keys;
  for (auto& row : rows)
    keys.push_back({row.name, value_kind::number, row.member, row.range, {},
                    row.unit, row.doc});
  return keys;
}

} // namespace banksia::config
