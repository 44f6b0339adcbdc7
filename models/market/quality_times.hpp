#pragma once

/// From a row's date or time as the source writes it to the times of a bar. The
/// exchange's sessions come in as functions, so that symbols of other markets
/// can be placed by other ones.

#include "models/market/bar_formats_reader.hpp"
#include "models/market/calendar.hpp"

#include <functional>
#include <optional>

namespace banksia {

/// When a session's daily bar begins and when all of it is known.
struct session_times {
  timestamp opened_at; ///< trading begins
  timestamp known_at;  ///< the closing auction has ended
};

/// What must be known of a market to place its bars.
struct session_lookup {
  /// The session of a date; nothing when the market is closed.
  std::function<std::optional<session_times>(trading_date)> on;
  /// Whether an intraday bar that begins then lies in a session.
  std::function<bool(timestamp)> trades_at;
};

/// The sessions of the exchange. The calendar must outlive it.
session_lookup asx_sessions(const exchange_calendar& calendar);

/// A row's place in time.
struct row_times {
  timestamp order;     ///< sorts the rows of a symbol, open or closed
  bool market_open = false;
  timestamp opened_at; ///< the bar's key; equals `order` on a closed day
  timestamp known_at;  ///< from when on a cycle may use the bar
};

/// Places a row that has no problem. A daily bar spans the session of its day
/// and is known when that ends; an intraday bar starts at its instant and is
/// known one interval later. Nothing when the row has no day, or no instant
/// while `interval` is intraday: `bar_reader` gives such rows a problem as long
/// as its source has that interval.
std::optional<row_times> times_of(const raw_row& row, bar_interval interval,
                                  const session_lookup& sessions);

} // namespace banksia
