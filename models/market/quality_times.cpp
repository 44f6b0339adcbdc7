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

std::optional<row_times> times_of(const raw_row& row, bar_interval interval,
                                  const session_lookup& sessions) {
  if (interval == bar_interval::d1)
    return row.day ? std::optional{daily_times(*row.day, sessions)}
                   : std::nullopt;
  return row.at ? std::optional{intraday_times(*row.at, interval, sessions)}
                : std::nullopt;
}

} // namespace banksia
