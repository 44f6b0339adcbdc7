#pragma once

/// How one side of a decision scores. Written once, for BUY: SELL is the same
/// function on the mirrored view.

#include "messages/domain.hpp"
#include "models/decision/rule_parameters.hpp"

#include <cstdint>
#include <string_view>

namespace banksia {

/// The conditions a side must meet. Values are bit numbers in
/// `side_scores::gates`; a set bit means that the gate holds. Those named
/// `bearish_` hold by themselves unless the (mirrored) market is BEARISH.
enum class rule_gate : std::uint8_t {
  confidence = 0, ///< confidence > threshold
  technical = 1,
  volume_trend = 2, ///< missing volume fails
  sentiment = 3,    ///< missing news holds
  bearish_sentiment = 4, ///< missing news fails
  bearish_technical = 5,
  bearish_volume_trend = 6,
};

inline constexpr std::uint8_t rule_gate_count = 7;
inline constexpr std::uint8_t all_rule_gates = (1u << rule_gate_count) - 1;

/// "confidence", "technical", …, "bearish_volume_trend".
std::string_view to_string(rule_gate x) noexcept;

constexpr bool holds(const side_scores& x, rule_gate gate) noexcept {
  return (x.gates >> static_cast<unsigned>(gate) & 1) != 0;
}

/// The confidence multiplier of a trend.
double multiplier_of(market_trend x, const rule_parameters& p) noexcept;

/// The confidence that a trend asks for.
double threshold_of(market_trend x, const rule_parameters& p) noexcept;

/// BULLISH and BEARISH exchanged.
constexpr market_trend mirrored(market_trend x) noexcept {
  switch (x) {
    case market_trend::bearish:
      return market_trend::bullish;
    case market_trend::bullish:
      return market_trend::bearish;
    default:
      return x;
  }
}

/// The world as one side sees it: inputs with the sma conditions decided, so
/// that mirroring exchanges the conditions themselves and rounds nothing.
struct side_view {
  bool sma_rising = false;
  bool sma_falling = false;
  double rsi = 0.0;
  double macd_histogram = 0.0;
  double sentiment = 0.0;
  double news_confidence = 0.0;
  double volume_ratio = 0.0;
  double volume_trend = 0.0;
  double volatility = 0.0;
  bool has_macd = false;
  bool has_volume = false;
  bool has_news = false;
  market_trend trend = market_trend::neutral;
  double stress = 1.0;
};

/// The view of BUY. Of `context` only trend and stress are read; multiplier and
/// thresholds follow from the trend by `p`.
side_view buy_view(const rule_inputs& inputs, const market_context& context,
                   const rule_parameters& p) noexcept;

/// The view of the other side: rsi → 100 - rsi, the sma conditions swapped,
/// macd_hist and sentiment negated, BULLISH and BEARISH exchanged; volume,
/// volatility and stress as they are.
side_view mirrored(side_view x) noexcept;

/// Scores, confidence and gates of the side that sees `x`.
side_scores score_side(const side_view& x, const rule_parameters& p) noexcept;

// -- parts of the score, also used to explain it -------------------------------

double sma_points(const side_view& x, const rule_parameters& p) noexcept;
double rsi_points(const side_view& x, const rule_parameters& p) noexcept;

/// The weights as applied: zero for a missing component, the others scaled to
/// sum to 1 where one is missing.
struct rule_weights {
  double technical = 0.0;
  double news = 0.0;
  double volume = 0.0;
  double risk = 0.0;
};

rule_weights weights_of(const side_view& x, const rule_parameters& p) noexcept;

} // namespace banksia
