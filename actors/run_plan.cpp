#include "actors/run_plan.hpp"

#include "actors/horizon_band.hpp"

#include <algorithm>

namespace banksia {

namespace {

constexpr std::uint32_t day_minutes = 24 * 60;

} // namespace

std::vector<timestamp> slots_of(const run_plan& plan, const session& s) {
  if (plan.interval == bar_interval::d1)
    return {s.auction_ends_at};
  return slots(s, std::chrono::minutes{minutes_of(plan.interval)});
}

std::optional<timestamp> due_at(const run_plan& plan, timestamp slot,
                                std::uint32_t horizon_minutes) {
  if (horizon_minutes < day_minutes)
    return slot + std::chrono::minutes{horizon_minutes};
  auto current = session_for(plan.calendar, slot);
  auto next = plan.calendar.next_session_after(slot);
  if (!current || !next)
    return std::nullopt;
  if (plan.interval == bar_interval::d1)
    return next->auction_ends_at;
  // The same time of the session, not of the clock: daylight saving may change
  // in between, and a half-day ends early.
  return std::min(next->opens_at + (slot - current->opens_at),
                  next->auction_ends_at);
}

double horizon_sessions(const run_plan& plan, timestamp slot,
                        std::uint32_t horizon_minutes) {
  return horizon_sessions(plan.calendar, slot, horizon_minutes);
}

int session_ordinal(const run_plan& plan, timestamp t) {
  auto date = exchange_calendar::trading_date_of(t);
  auto index = date ? plan.calendar.session_index(*date) : std::nullopt;
  return index ? static_cast<int>(*index) : -1;
}

timestamp market_begin(const run_plan& plan, timestamp slot) {
  auto first = session_ordinal(plan, slot) - session_closes::needed_sessions;
  return plan.calendar.sessions()[static_cast<std::size_t>(std::max(first, 0))]
    .opens_at;
}

market_moment moment_of(const run_plan& plan, timestamp slot) {
  return {slot, session_ordinal(plan, slot),
          plan.interval == bar_interval::d1};
}

bool applied_before(const bar& a, const bar& b) noexcept {
  if (a.known_at != b.known_at)
    return a.known_at < b.known_at;
  return minutes_of(a.interval) < minutes_of(b.interval);
}

} // namespace banksia
