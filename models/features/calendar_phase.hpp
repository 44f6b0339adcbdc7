#pragma once

/// What the exchange's calendar says of a time, for the features of time.

#include "models/market/calendar.hpp"

#include <optional>

namespace banksia {

/// The sessions at the end of a month that count as its end. The legacy system
/// took the days from the 25th on, which are as many on average.
inline constexpr int month_end_sessions = 5;

/// A time as the exchange sees it. Its session is the one that holds it, from
/// the open to the end of the closing auction, else the last one before.
struct calendar_phase {
  bool market_hours = false; ///< continuous trading: from the open to the close
  bool opening_hour = false; ///< the first 60 minutes of it
  bool closing_hour = false; ///< the last 60 minutes of it
  bool monday = false;       ///< the session's date in Sydney
  bool friday = false;
  bool month_end = false;   ///< one of the month's last `month_end_sessions`
  bool quarter_end = false; ///< likewise, of March, June, September, December

  friend bool operator==(const calendar_phase&,
                         const calendar_phase&) = default;
};

/// The phase at `t`; nothing where the calendar knows no session. Intervals are
/// half-open: at the close the market is no longer in its market hours.
std::optional<calendar_phase> phase_at(const exchange_calendar& calendar,
                                       timestamp t);

} // namespace banksia
