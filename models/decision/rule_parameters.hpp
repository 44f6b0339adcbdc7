#pragma once

/// Every number of the rule engine, by name and with its default. Source of the
/// values: the rules of the legacy engine with its one-sidedness corrected.
/// What a window is (5, 14, 20, 12/26/9 bars; 21 and 35 as least history) is no
/// parameter: it defines the features, see `models/features/daily_features.hpp`.

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace banksia {

/// The rule engine's parameters, written for BUY; SELL uses them on mirrored
/// inputs. Fractions, not percentages. `rule_parameter_fields` gives each its
/// meaning. Comparisons are strict: at the very edge a condition fails.
struct rule_parameters {
  // -- Technical points T, 0 … 100 ------------------------------------------
  double points_base = 50.0;
  double sma_rising_ratio = 1.01;
  double sma_falling_ratio = 0.99;
  double sma_rising_points = 15.0;
  double sma_falling_points = 15.0;
  double rsi_strong_above = 60.0;
  double rsi_strong_below = 80.0;
  double rsi_strong_points = 10.0;
  double rsi_oversold_below = 30.0;
  double rsi_oversold_points = 5.0;

  // -- Component: technical -----------------------------------------------------
  double technical_high_above = 70.0;
  double technical_medium_above = 60.0;
  double technical_low_above = 50.0;
  double technical_high_score = 0.75;
  double technical_medium_score = 0.5;
  double technical_low_score = 0.25;
  double technical_else_score = 0.125;
  double momentum_rsi_above = 30.0;
  double momentum_rsi_below = 70.0;
  double momentum_score = 0.25;

  // -- Component: news ----------------------------------------------------------
  double news_confidence_factor = 0.5;
  double news_positive_above = 0.05;
  double news_negative_below = -0.05;
  double news_positive_score = 0.33;
  double news_negative_score = 0.33;
  double bearish_news_positive_above = 0.15;
  double bearish_news_negative_below = -0.05;
  double bearish_news_positive_score = 0.5;
  double bearish_news_negative_score = 0.5;

  // -- Component: volume --------------------------------------------------------
  double volume_high_above = 1.5;
  double volume_medium_above = 1.2;
  double volume_low_above = 1.0;
  double volume_high_score = 0.75;
  double volume_medium_score = 0.5;
  double volume_low_score = 0.25;
  double volume_else_score = 0.0;
  double volume_trend_above = 0.1;
  double volume_trend_score = 0.25;

  // -- Component: risk, by volatility (a fraction a day) ------------------------
  double risk_calm_below = 0.015;
  double risk_normal_below = 0.025;
  double risk_rough_below = 0.04;
  double risk_calm_score = 0.8;
  double risk_normal_score = 0.5;
  double risk_rough_score = 0.2;
  double risk_else_score = -0.2;

  // -- Weights; those of the components present are scaled to sum to 1 ----------
  double weight_technical = 0.4;
  double weight_news = 0.3;
  double weight_volume = 0.2;
  double weight_risk = 0.1;

  // -- Confidence ---------------------------------------------------------------
  double confidence_base = 0.1;
  double confidence_lowest = 0.15;
  double confidence_highest = 0.95;

  // -- Gates --------------------------------------------------------------------
  double gate_technical_above = 42.0;
  double gate_volume_trend_above = -0.1;
  double gate_sentiment_above = -0.05;
  double bearish_gate_sentiment_above = 0.1;
  double bearish_gate_technical_above = 70.0;
  double bearish_gate_volume_trend_above = -0.05;

  // -- STRONG_BUY and STRONG_SELL -----------------------------------------------
  double strong_margin = 0.1;
  double strong_technical_above = 70.0;
  double strong_sentiment_above = 0.02;
  double strong_volume_trend_above = 0.05;

  // -- Market context -----------------------------------------------------------
  double bearish_below = -0.02;
  double bullish_above = 0.02;
  double bearish_multiplier = 0.7;
  double neutral_multiplier = 1.0;
  double bullish_multiplier = 1.1;
  double bearish_threshold = 0.85;
  double neutral_threshold = 0.8;
  double bullish_threshold = 0.75;
  double sessions_per_year = 252.0;
  double stress_volatility_above = 0.4;
  double stress_multiplier = 0.8;
  double crash_trend_below = -0.05;
  double crash_volatility_above = 0.5;
  double crash_multiplier = 0.5;
  double context_sessions_max = 10.0;

  friend bool operator==(const rule_parameters&,
                         const rule_parameters&) = default;
};

/// One parameter, for configuration and explanation.
struct rule_parameter_field {
  std::string_view name; ///< the member's name
  double rule_parameters::*value;
  std::string_view meaning;
};

/// All parameters, in the order of `rule_parameters`.
std::span<const rule_parameter_field> rule_parameter_fields() noexcept;

/// Says which parameter makes no sense, why, and what to set; nothing when all
/// do: numbers finite, weights not negative with a sum of 1, steps in order,
/// multipliers not negative, confidences within [0, 1].
std::optional<std::string> problem_of(const rule_parameters& x);

} // namespace banksia
