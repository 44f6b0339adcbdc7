#ifndef BANKSIA_MESSAGES_DOMAIN_HPP
#define BANKSIA_MESSAGES_DOMAIN_HPP

/// What the system talks about: the market (`messages/market.hpp`), predictions,
/// outcomes, cycles. Plain data without CAF or I/O. Fields that cross the wire are listed once more in
/// `messages/wire.hpp`; those that a person or script reads, in
/// `messages/json.hpp`. Every struct begins with the version of its wire form.

#include "messages/features.hpp"
#include "messages/ids.hpp"
#include "messages/learning.hpp"
#include "messages/market.hpp"
#include "messages/time.hpp"
#include "messages/units.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

// -- market context -----------------------------------------------------------

enum class market_trend : std::uint8_t { bearish = 0, neutral = 1, bullish = 2 };

/// "BEARISH", "NEUTRAL", "BULLISH".
std::string_view to_string(market_trend x) noexcept;
std::optional<market_trend> parse_market_trend(std::string_view text) noexcept;

/// The market as a whole at a cycle's time (`rules.md`, Context).
struct market_context {
  std::uint8_t version = 1;
  market_trend trend = market_trend::neutral;
  fraction trend_return;      ///< index close over its close 5 sessions before, - 1
  fraction volatility;        ///< annualised, over the index's last 5 returns
  real multiplier{1.0};       ///< on confidence, from the trend
  real buy_threshold{0.80};   ///< for BUY, from the trend
  real sell_threshold{0.80};  ///< for SELL: the threshold of the mirrored trend
  real stress{1.0};           ///< on confidence, from volatility
  bool flagged = true;        ///< true: no usable index data, NEUTRAL assumed
  std::uint64_t lineage = 0;  ///< hash over the index bars it was made from

  friend bool operator==(const market_context&, const market_context&) = default;
};

// -- predictions --------------------------------------------------------------

enum class trade_action : std::uint8_t {
  none = 0, ///< abstained
  buy = 1,
  sell = 2,
  hold = 3,
  strong_buy = 4,  ///< only as `optimal_action`
  strong_sell = 5, ///< only as `optimal_action`
};

/// "", "BUY", "SELL", "HOLD", "STRONG_BUY", "STRONG_SELL".
std::string_view to_string(trade_action x) noexcept;
std::optional<trade_action> parse_trade_action(std::string_view text) noexcept;

/// Why there is no prediction. Texts are part of the contract.
enum class abstain_reason : std::uint8_t {
  none = 0,
  insufficient_history = 1,
  stale_prices = 2,
  no_model = 3,
  out_of_distribution = 4,
  session_too_short = 5,
  symbol_unavailable = 6, ///< its actor did not answer within the deadline
  halted = 7,             ///< trading is suspended
};

std::string_view to_string(abstain_reason x) noexcept;
std::optional<abstain_reason> parse_abstain_reason(std::string_view text) noexcept;

/// The rule engine's inputs, as of the cycle (`rules.md`, Inputs).
struct rule_inputs {
  real sma5;
  real sma20;
  real rsi14;
  real macd_histogram;
  real volume_ratio;
  real volume_trend;
  real volatility; ///< standard deviation of the last 20 daily returns
  real sentiment;  ///< in [-1, 1]
  real news_confidence; ///< in [0, 1]
  bool has_macd = false;   ///< false under 35 bars
  bool has_volume = false; ///< false where the source gives no volume
  bool has_news = false;   ///< false: sentiment and news_confidence missing

  friend bool operator==(const rule_inputs&, const rule_inputs&) = default;
};

/// How one side (BUY, or SELL on mirrored inputs) scored.
struct side_scores {
  real technical_points; ///< T, 0 … 100
  real technical;
  real news;   ///< meaningless without news
  real volume; ///< meaningless without volume
  real risk;
  real weighted_sum; ///< Σ weight × score, weights scaled to the present ones
  real threshold;
  fraction confidence;
  std::uint8_t gates = 0; ///< bit set: that gate holds, see `decision::gate`
  bool holds = false;     ///< all gates hold
  bool strong = false;

  friend bool operator==(const side_scores&, const side_scores&) = default;
};

/// All that went into one decision, kept with the prediction so that it can be
/// explained and recomputed.
struct decision_trace {
  std::uint8_t version = 1;
  rule_inputs inputs;
  side_scores buy;
  side_scores sell;

  friend bool operator==(const decision_trace&, const decision_trace&) = default;
};

/// One prediction, or an abstention (`abstained`), for one symbol and cycle.
struct prediction {
  std::uint8_t version = 2;
  prediction_id id;
  cycle_id cycle;
  std::string symbol;
  bar_interval interval = bar_interval::d1;
  timestamp slot; ///< the cycle's scheduled time: `timestamp` in JSON
  bool abstained = false;
  abstain_reason reason = abstain_reason::none;
  trade_action action = trade_action::none;
  trade_action optimal_action = trade_action::none;
  fraction confidence;
  std::int8_t predicted_direction = 0; ///< -1, 0, 1
  fraction predicted_magnitude;        ///< signed
  price entry_price;
  std::uint32_t horizon_minutes = 0; ///< the primary horizon
  std::string model_version;         ///< who decided: "rules-1", or a model
  market_context context;
  feature_vector features;
  decision_trace trace;
  std::uint64_t input_lineage = 0; ///< hash over the symbol's bars used
  std::uint32_t input_count = 0;   ///< number of bars behind the lineage
  /// What models say of it (since version 2): the champion, then shadows.
  std::vector<class_forecast> forecasts;

  friend bool operator==(const prediction&, const prediction&) = default;
};

// -- outcomes -----------------------------------------------------------------

/// What became of a prediction at one horizon. Final once made.
struct outcome {
  std::uint8_t version = 1;
  outcome_id id;
  prediction_id prediction;
  std::string symbol;
  std::uint32_t horizon_minutes = 0;
  timestamp due_at;               ///< when the horizon ended
  timestamp evaluation_timestamp; ///< market time at which it was made
  price entry_price;
  price exit_price;
  fraction actual_return; ///< price return
  fraction total_return;  ///< with dividends
  std::int8_t actual_direction = 0;
  bool success = false;               ///< by the plan's rule
  std::uint32_t sessions_elapsed = 0; ///< > 1: a gap, left out of headline rates
  std::uint32_t open_minutes = 0;     ///< minutes the market was open in between
  bool is_void = false;               ///< delisted or halted: no outcome
  std::string void_reason;

  friend bool operator==(const outcome&, const outcome&) = default;
};

/// The plan's rule: BUY and price up; SELL and price not up; HOLD and
/// |return| < 1 %.
constexpr bool plan_success(trade_action action, fraction actual) noexcept {
  auto r = actual.value();
  switch (action) {
    case trade_action::buy:
      return r > 0.0;
    case trade_action::sell:
      return !(r > 0.0);
    case trade_action::hold:
      return r < 0.01 && r > -0.01;
    default:
      return false;
  }
}

/// An owed evaluation: stored with the prediction, deleted with its outcome.
struct obligation {
  std::uint8_t version = 1;
  prediction_id prediction;
  std::string symbol;
  bar_interval interval = bar_interval::d1;
  timestamp slot;
  timestamp due_at;
  std::uint32_t horizon_minutes = 0;
  trade_action action = trade_action::none;
  price entry_price;

  friend bool operator==(const obligation&, const obligation&) = default;
};

// -- cycles -------------------------------------------------------------------

enum class cycle_status : std::uint8_t {
  scheduled = 0, ///< owed
  completed = 1,
  late = 2,   ///< completed after half its interval
  missed = 3, ///< not at all, with a reason
};

std::string_view to_string(cycle_status x) noexcept;
std::optional<cycle_status> parse_cycle_status(std::string_view text) noexcept;

/// One due prediction cycle.
struct cycle_slot {
  std::uint8_t version = 1;
  cycle_id id;
  std::string run; ///< "live" or the replay's name
  bar_interval interval = bar_interval::d1;
  timestamp slot;      ///< scheduled time; a cycle sees what was known by then
  timestamp issued_at; ///< market time at which the scheduler issued it
  std::uint64_t sequence = 0; ///< counts the cycles of this start

  friend bool operator==(const cycle_slot&, const cycle_slot&) = default;
};

// -- events and health ---------------------------------------------------------

/// Something that happened, as published on the event bus.
struct event {
  std::uint8_t version = 1;
  std::uint64_t sequence = 0;
  timestamp time;   ///< market time
  std::string kind; ///< "prediction", "outcome", "cycle", "health", …
  std::string subject; ///< symbol, cycle id, component
  std::string payload; ///< a JSON object

  friend bool operator==(const event&, const event&) = default;
};

enum class health_state : std::uint8_t {
  unhealthy = 0,
  degraded = 1,
  healthy = 2,
};

/// "UNHEALTHY", "DEGRADED", "HEALTHY".
std::string_view to_string(health_state x) noexcept;

/// The state of one component.
struct component_health {
  std::uint8_t version = 1;
  std::string component; ///< "database", "feeds", …
  health_state state = health_state::healthy;
  std::string reason; ///< empty when healthy

  friend bool operator==(const component_health&,
                         const component_health&) = default;
};

} // namespace banksia

#endif // BANKSIA_MESSAGES_DOMAIN_HPP
