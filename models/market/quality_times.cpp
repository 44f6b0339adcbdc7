#include "models/market/quality_times.hpp"

namespace banksia {

namespace {

row_times daily_times(trading_date day, const session_lookup& sessions) {
  timestamp midnight{std::chrono::sys_days{day}};
  if (auto session = sessions.on(day))
    return {midnight, true, session->opened_at, session->known_at};
  return {midnight, false, midnight, midnight};
}

row_times intraday_times(timestamp at, bar_interval interval,
                         const session_lookup& sessions) {
  return {at, sessions.trades_at(at), at,
          at + std::chrono::minutes{minutes_of(interval)}};
}

} // namespace

session_lookup asx_sessions(const exchange_calendar& calendar) {
  session_lookup result;
  result.on = [&calendar](trading_date day) -> std::optional<session_times> {
    if (const auto* x = calendar.session_on(day))
      return session_times{x->opens_at, x->auction_ends_at};
    return std::nullopt;
  };
  result.trades_at = [&calendar](timestamp t) {
    return calendar.session_at(t) != nullptr;
  };
  return result;
}

std::optional<row_times> times_of(const raw_row& row, bar_interval interval,
                                  const session_lookup& sessions) {
  if (interval == bar_interval::d1)
    return row.day ? std::optional{daily_times(*row.day, sessions)}
                   : std::nullopt;
  return row.at ? std::optional{intraday_times(*row.at, interval, sessions)}
                : std::nullopt;
}

} // namespace banksia
