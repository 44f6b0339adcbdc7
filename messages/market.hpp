#ifndef BANKSIA_MESSAGES_MARKET_HPP
#define BANKSIA_MESSAGES_MARKET_HPP

/// What a market tells: bars and later words on them, splits and dividends,
/// changes of listings, headlines. Plain data; see `messages/domain.hpp`.

#include "messages/time.hpp"
#include "messages/units.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace banksia {

// -- bars ---------------------------------------------------------------------

/// The length of a bar. The value is its minutes (a daily bar: 1440).
enum class bar_interval : std::uint16_t {
  m1 = 1,
  m5 = 5,
  m15 = 15,
  m30 = 30,
  m60 = 60,
  d1 = 1440,
};

/// All of them, ascending.
inline constexpr std::array all_bar_intervals{
  bar_interval::m1,  bar_interval::m5,  bar_interval::m15,
  bar_interval::m30, bar_interval::m60, bar_interval::d1};

/// "1m", "5m", "15m", "30m", "60m", "1d".
std::string_view to_string(bar_interval x) noexcept;
std::optional<bar_interval> parse_interval(std::string_view text) noexcept;

constexpr std::uint32_t minutes_of(bar_interval x) noexcept {
  return static_cast<std::uint32_t>(x);
}

/// What the quality rules said of a bar that is served.
enum class bar_verdict : std::uint8_t {
  accepted = 0, ///< stored as it came
  repaired = 1, ///< a rule changed a field; the original is kept
  merged = 2,   ///< two sources disagreed; a rule chose, the conflict is kept
};

std::string_view to_string(bar_verdict x) noexcept;

/// Trades of one symbol over one interval, prices as traded (unadjusted).
struct bar {
  std::uint8_t version = 1;
  std::string symbol;                       ///< "CBA.AX"
  bar_interval interval = bar_interval::d1; ///< its length
  timestamp opened_at;   ///< start; of a daily bar the session's open
  timestamp known_at;    ///< from when on a cycle may use it (market time)
  timestamp received_at; ///< when we got it (wall clock, for people only)
  price open;
  price high;
  price low;
  price close;
  shares volume;
  std::string source; ///< "csv", "simulator", …
  bar_verdict verdict = bar_verdict::accepted;

  friend bool operator==(const bar&, const bar&) = default;
};

/// What a repaired bar said before, one field each.
struct bar_repair {
  std::uint8_t version = 1;
  std::string symbol;
  bar_interval interval = bar_interval::d1;
  timestamp opened_at;
  std::string field; ///< "open", "high", "low", "close" or "volume"
  real original;
  real repaired;
  std::string reason; ///< the rule's name

  friend bool operator==(const bar_repair&, const bar_repair&) = default;
};

/// A later word on a bar that was served already: what it should have said, or
/// that it should not be used. Counts from its own `known_at` on; the bar as it
/// came stays, so that what was decided earlier can be recomputed.
struct bar_revision {
  std::uint8_t version = 1;
  bar content; ///< key and new values; `known_at` is the revision's
  bool withdrawn = false; ///< no value is right: the bar is not to be used
  std::string reason;     ///< the rule's name

  friend bool operator==(const bar_revision&, const bar_revision&) = default;
};

// -- corporate actions ----------------------------------------------------------

enum class action_kind : std::uint8_t {
  split = 0,    ///< `value` new shares for each old one: 2, or 0.1
  dividend = 1, ///< `value` a share, in the money and shares of the ex-date
};

/// "split", "dividend".
std::string_view to_string(action_kind x) noexcept;
std::optional<action_kind> parse_action_kind(std::string_view text) noexcept;

/// A split or a dividend of one symbol.
struct corporate_action {
  std::uint8_t version = 1;
  std::string symbol;
  action_kind kind = action_kind::dividend;
  /// The first instant at which the share trades without the dividend, or as
  /// new shares: the open of the ex-date. A bar that opens then is after it.
  timestamp effective_at;
  timestamp known_at; ///< announced; may be before or after `effective_at`
  timestamp received_at; ///< when we got it (wall clock, for people only)
  real value;
  std::string source;

  friend bool operator==(const corporate_action&,
                         const corporate_action&) = default;
};

// -- listings -------------------------------------------------------------------

/// What happens to a symbol's place among those that are predicted.
enum class listing_event : std::uint8_t {
  added = 0,    ///< predicted from now on
  removed = 1,  ///< no longer predicted; what is owed is still evaluated
  halted = 2,   ///< does not trade for now
  resumed = 3,  ///< trades again
  delisted = 4, ///< will not trade again
  renamed = 5,  ///< trades under `successor` from now on
};

/// "added", "removed", "halted", "resumed", "delisted", "renamed".
std::string_view to_string(listing_event x) noexcept;
std::optional<listing_event> parse_listing_event(std::string_view text) noexcept;

struct listing_change {
  std::uint8_t version = 1;
  std::string symbol;
  listing_event event = listing_event::added;
  timestamp effective_at; ///< market time
  timestamp known_at;     ///< market time
  timestamp received_at;  ///< when we got it (wall clock, for people only)
  std::string successor;  ///< of `renamed`; else empty
  std::string reason;     ///< a person's or a feed's words
  std::string source;     ///< who said it

  friend bool operator==(const listing_change&, const listing_change&) = default;
};

// -- news ---------------------------------------------------------------------

/// One headline about one symbol.
struct headline {
  std::uint8_t version = 1;
  std::string headline_id; ///< hex of a hash of source, link and title
  std::string symbol;
  std::string title;
  std::string source;
  std::string link;
  timestamp published_at;
  timestamp known_at;
  timestamp received_at;
  /// Sentiment in [-1, 1] as the source gave it; used when `scored`.
  real score;
  bool scored = false;

  friend bool operator==(const headline&, const headline&) = default;
};

} // namespace banksia

#endif // BANKSIA_MESSAGES_MARKET_HPP
