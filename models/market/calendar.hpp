#pragma once

/// When the ASX cash market trades. One table of all sessions from 1997 to
/// 2030, made once; questions are answered by binary search in it. Outside
/// those years every answer is "nothing": an unknown holiday is not a session.

#include "messages/time.hpp"
#include "models/market/holidays.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace banksia {

/// One trading day. `opens_at < closes_at <= auction_ends_at`.
struct session {
  trading_date date;         ///< the day in Sydney
  timestamp opens_at;        ///< trading begins (of the first opening group)
  timestamp closes_at;       ///< continuous trading ends
  timestamp auction_ends_at; ///< the closing auction ends: the close is known
  bool half_day = false;     ///< closes early

  friend bool operator==(const session&, const session&) = default;
};

/// Fixed trading hours in UTC, minutes since midnight, each in [0, 1440).
/// They ignore daylight saving; the default calendar does not.
struct utc_hours {
  std::chrono::minutes opens;
  std::chrono::minutes closes; ///< before `opens`: on the next UTC day
};

/// Immutable; copies share one table, so that copying costs a reference count.
/// Safe to use from any number of threads. Pointers and spans into the table
/// live as long as any copy of the calendar they came from.
class exchange_calendar {
public:
  static constexpr trading_date first_date = std::chrono::year{1997} / 1 / 1;
  static constexpr trading_date last_date = std::chrono::year{2030} / 12 / 31;

  // -- construction -----------------------------------------------------------

  /// The exchange's own hours. Throws `std::runtime_error` when the machine
  /// has no tz database.
  exchange_calendar();

  /// The same trading days, with fixed hours: no half-days, no opening groups,
  /// no closing auction (`auction_ends_at == closes_at`). A session opens at
  /// the one instant with that UTC time whose day in Sydney is the trading
  /// date. Otherwise a text saying what is wrong with `hours`.
  static std::variant<exchange_calendar, std::string>
  with_utc_hours(utc_hours hours);

  // -- days -------------------------------------------------------------------

  /// Whether the calendar knows `date` at all.
  static bool covers(trading_date date) noexcept;

  /// The day in Sydney at `t`; nothing outside the known years.
  static std::optional<trading_date> trading_date_of(timestamp t);

  /// The session of `date`; null when there is none or `date` is not covered.
  const session* session_on(trading_date date) const noexcept;

  bool is_trading_day(trading_date date) const noexcept {
    return session_on(date) != nullptr;
  }

  /// "weekend", the holiday's name, or "unknown: the calendar covers
  /// 1997-2030"; empty when `date` is a trading day.
  std::string_view reason_closed(trading_date date) const noexcept;

  // -- instants ---------------------------------------------------------------
  // At any covered instant, `session_at` is the session whose
  // [opens_at, auction_ends_at] holds it, `previous_session_before` the last
  // one that ended before it and `next_session_after` the first one that opens
  // after it. Null where there is none, and at every instant outside.

  const session* session_at(timestamp t) const noexcept;
  const session* next_session_after(timestamp t) const;
  const session* previous_session_before(timestamp t) const;

  /// When `symbol` begins to trade in `s`: until 2025-06-22 the exchange opened
  /// in alphabetical groups.
  timestamp opening_of(const session& s,
                       std::string_view symbol) const noexcept;

  // -- counting ---------------------------------------------------------------

  /// All sessions, by date.
  std::span<const session> sessions() const noexcept;

  /// The sessions of a year; empty when it is not covered.
  std::span<const session> sessions(std::chrono::year year) const noexcept;

  /// The sessions in [first, last]; nothing when a date is not covered. An
  /// empty span when `last` is before `first`.
  std::optional<std::span<const session>>
  sessions_between(trading_date first, trading_date last) const noexcept;

  /// The position of the session of `date` among all: the difference of two
  /// counts the sessions from one to the other. Nothing when `date` has none.
  std::optional<std::size_t> session_index(trading_date date) const noexcept;

  /// How long the exchange traded continuously in all its sessions before that
  /// of `date`. With the minutes since its open it makes a clock that stands
  /// while the exchange is closed. Nothing when `date` has no session. O(log n).
  std::optional<std::chrono::minutes>
  open_minutes_before(trading_date date) const noexcept;

  /// How long the exchange traded continuously between `from` and `to`, in
  /// whole minutes: the parts of [opens_at, closes_at] inside. Zero when `to`
  /// is not after `from`; nothing when an instant is not covered.
  std::optional<std::chrono::minutes>
  open_minutes_between(timestamp from, timestamp to) const;

  /// The weekdays of `year` without trade; empty when it is not covered.
  std::span<const holiday> holidays(std::chrono::year year) const noexcept;

private:
  struct table;

  explicit exchange_calendar(std::optional<utc_hours> hours);

  std::shared_ptr<const table> table_;
};

/// When predictions are made in a session: every `interval` after its open,
/// while not after `closes_at` (a slot at the close itself counts). An interval
/// longer than the session, such as a daily one, has its one slot at
/// `auction_ends_at`, so that no session is without one. Empty when `interval`
/// is not positive.
std::vector<timestamp> slots(const session& s, std::chrono::minutes interval);

} // namespace banksia
