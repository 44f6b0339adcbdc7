#include "messages/domain.hpp"

namespace banksia {

namespace {

/// One row of a table that maps an enum to its contract text.
template <class T>
struct named {
  T value;
  std::string_view text;
};

template <class T, std::size_t N>
std::string_view text_of(const named<T> (&table)[N], T value) noexcept {
  for (const auto& row : table)
    if (row.value == value)
      return row.text;
  return "";
}

template <class T, std::size_t N>
std::optional<T> value_of(const named<T> (&table)[N],
                          std::string_view text) noexcept {
  for (const auto& row : table)
    if (row.text == text)
      return row.value;
  return std::nullopt;
}

constexpr named<bar_interval> intervals[] = {
  {bar_interval::m1, "1m"},   {bar_interval::m5, "5m"},
  {bar_interval::m15, "15m"}, {bar_interval::m30, "30m"},
  {bar_interval::m60, "60m"}, {bar_interval::d1, "1d"},
};

constexpr named<bar_verdict> verdicts[] = {
  {bar_verdict::accepted, "accepted"},
  {bar_verdict::repaired, "repaired"},
  {bar_verdict::merged, "merged"},
};

constexpr named<action_kind> action_kinds[] = {
  {action_kind::split, "split"},
  {action_kind::dividend, "dividend"},
};

constexpr named<listing_event> listing_events[] = {
  {listing_event::added, "added"},
  {listing_event::removed, "removed"},
  {listing_event::halted, "halted"},
  {listing_event::resumed, "resumed"},
  {listing_event::delisted, "delisted"},
  {listing_event::renamed, "renamed"},
};

constexpr named<market_trend> trends[] = {
  {market_trend::bearish, "BEARISH"},
  {market_trend::neutral, "NEUTRAL"},
  {market_trend::bullish, "BULLISH"},
};

constexpr named<trade_action> actions[] = {
  {trade_action::buy, "BUY"},
  {trade_action::sell, "SELL"},
  {trade_action::hold, "HOLD"},
  {trade_action::strong_buy, "STRONG_BUY"},
  {trade_action::strong_sell, "STRONG_SELL"},
};

constexpr named<abstain_reason> reasons[] = {
  {abstain_reason::insufficient_history, "insufficient_history"},
  {abstain_reason::stale_prices, "stale_prices"},
  {abstain_reason::no_model, "no_model"},
  {abstain_reason::out_of_distribution, "out_of_distribution"},
  {abstain_reason::session_too_short, "session_too_short"},
  {abstain_reason::symbol_unavailable, "symbol_unavailable"},
  {abstain_reason::halted, "halted"},
};

constexpr named<cycle_status> statuses[] = {
  {cycle_status::scheduled, "scheduled"},
  {cycle_status::completed, "completed"},
  {cycle_status::late, "late"},
  {cycle_status::missed, "missed"},
};

constexpr named<health_state> states[] = {
  {health_state::unhealthy, "UNHEALTHY"},
  {health_state::degraded, "DEGRADED"},
  {health_state::healthy, "HEALTHY"},
};

} // namespace

std::string_view to_string(bar_interval x) noexcept {
  return text_of(intervals, x);
}

std::optional<bar_interval> parse_interval(std::string_view text) noexcept {
  return value_of(intervals, text);
}

std::string_view to_string(action_kind x) noexcept {
  return text_of(action_kinds, x);
}

std::optional<action_kind> parse_action_kind(std::string_view text) noexcept {
  return value_of(action_kinds, text);
}

std::string_view to_string(listing_event x) noexcept {
  return text_of(listing_events, x);
}

std::optional<listing_event>
parse_listing_event(std::string_view text) noexcept {
  return value_of(listing_events, text);
}

std::string_view to_string(bar_verdict x) noexcept {
  return text_of(verdicts, x);
}

std::string_view to_string(market_trend x) noexcept {
  return text_of(trends, x);
}

std::optional<market_trend> parse_market_trend(std::string_view text) noexcept {
  return value_of(trends, text);
}

std::string_view to_string(trade_action x) noexcept {
  return text_of(actions, x);
}

std::optional<trade_action> parse_trade_action(std::string_view text) noexcept {
  return value_of(actions, text);
}

std::string_view to_string(abstain_reason x) noexcept {
  return text_of(reasons, x);
}

std::optional<abstain_reason>
parse_abstain_reason(std::string_view text) noexcept {
  return value_of(reasons, text);
}

std::string_view to_string(cycle_status x) noexcept {
  return text_of(statuses, x);
}

std::optional<cycle_status> parse_cycle_status(std::string_view text) noexcept {
  return value_of(statuses, text);
}

std::string_view to_string(health_state x) noexcept {
  return text_of(states, x);
}

} // namespace banksia
