#include "models/features/calendar_phase.hpp"

#include <chrono>

namespace banksia {

namespace {

constexpr std::chrono::hours hour{1};

/// Whether fewer than `month_end_sessions` sessions of its month follow `x`.
bool ends_month(const exchange_calendar& calendar, const session& x) {
  auto last = trading_date{x.date.year() / x.date.month() / std::chrono::last};
  auto rest = calendar.sessions_between(x.date, last);
  return rest && rest->size() <= month_end_sessions;
}

} // namespace

std::optional<calendar_phase> phase_at(const exchange_calendar& calendar,
                                       timestamp t) {
  auto current = calendar.session_at(t);
  if (!current)
    current = calendar.previous_session_before(t);
  if (!current)
    return std::nullopt;
  calendar_phase x;
  x.market_hours = t >= current->opens_at && t < current->closes_at;
  x.opening_hour = x.market_hours && t < current->opens_at + hour;
  x.closing_hour = x.market_hours && t >= current->closes_at - hour;
  std::chrono::weekday day{std::chrono::sys_days{current->date}};
  x.monday = day == std::chrono::Monday;
  x.friday = day == std::chrono::Friday;
  x.month_end = ends_month(calendar, *current);
  x.quarter_end
    = x.month_end && static_cast<unsigned>(current->date.month()) % 3 == 0;
  return x;
}

} // namespace banksia
