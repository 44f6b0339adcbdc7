#ifndef BANKSIA_MESSAGES_FEATURES_HPP
#define BANKSIA_MESSAGES_FEATURES_HPP

/// The 53 features of a prediction, by name and in the contract's order.

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

namespace banksia {

inline constexpr std::size_t feature_count = 53;

/// Raised whenever the definition of a feature changes, or one is computed that
/// was not before (`feature_table` says since when).
inline constexpr std::uint16_t feature_set_version = 3;

inline constexpr std::array<std::string_view, feature_count> feature_names{
  "sentiment_score", "confidence", "news_count", "reddit_sentiment",
  "event_score",
  "rsi", "macd_line", "macd_signal", "macd_histogram", "sma_20", "sma_50",
  "sma_200", "ema_12", "ema_26", "bollinger_upper", "bollinger_lower",
  "bollinger_width",
  "current_price", "price_change_1h", "price_change_4h", "price_change_1d",
  "price_change_5d", "price_change_20d", "price_vs_sma20", "price_vs_sma50",
  "price_vs_sma200", "daily_range", "atr_14", "volatility_20d",
  "volume", "volume_sma20", "volume_ratio", "on_balance_volume",
  "volume_price_trend",
  "asx200_change", "sector_performance", "aud_usd_rate", "vix_level",
  "market_breadth", "market_momentum",
  "sentiment_momentum", "sentiment_rsi", "volume_sentiment",
  "confidence_volatility", "news_volume_impact",
  "technical_sentiment_divergence",
  "asx_market_hours", "asx_opening_hour", "asx_closing_hour",
  "monday_effect", "friday_effect", "month_end", "quarter_end"};

/// The position of a feature; fails to compile on a misspelt name.
consteval std::size_t feature_index(std::string_view name) {
  for (std::size_t i = 0; i < feature_count; ++i)
    if (feature_names[i] == name)
      return i;
  throw "no such feature";
}

/// Values with a mask. What cannot be computed is missing: its bit is clear and
/// its value zero, never a placeholder that a model could mistake for data.
struct feature_vector {
  std::uint16_t version = feature_set_version;
  std::uint64_t mask = 0; ///< bit i set: feature i is present
  std::array<double, feature_count> values;

  feature_vector() noexcept : values{} {}

  /// Values that have yet to be set, each of them: clearing them first would
  /// cost more than most indicators.
  struct unset {};
  explicit feature_vector(unset) noexcept {}

  void set(std::size_t index, double value) noexcept {
    values[index] = value;
    mask |= std::uint64_t{1} << index;
  }

  bool has(std::size_t index) const noexcept {
    return (mask >> index & 1) != 0;
  }

  friend bool operator==(const feature_vector&, const feature_vector&) = default;
};

} // namespace banksia

#endif // BANKSIA_MESSAGES_FEATURES_HPP
