#include "actors/horizon_band.hpp"

#include <chrono>

namespace banksia {

namespace {

constexpr std::uint32_t day_minutes = 24 * 60;

} // namespace

const session* session_for(const exchange_calendar& calendar, timestamp slot) {
  if (auto running = calendar.session_at(slot))
    return running;
  return calendar.previous_session_before(slot);
}

double horizon_sessions(const exchange_calendar& calendar, timestamp slot,
                        std::uint32_t horizon_minutes) {
  if (horizon_minutes >= day_minutes)
    return static_cast<double>(horizon_minutes) / day_minutes;
  auto current = session_for(calendar, slot);
  auto open = calendar.open_minutes_between(
    slot, slot + std::chrono::minutes{horizon_minutes});
  if (!current || !open)
    return 0.0;
  auto length = std::chrono::duration<double, std::ratio<60>>(
    current->closes_at - current->opens_at);
  return static_cast<double>(open->count()) / length.count();
}

std::optional<fraction> horizon_band(const exchange_calendar& calendar,
                                     timestamp slot,
                                     std::uint32_t horizon_minutes,
                                     double volatility, double band_factor) {
  return flat_band(fraction{volatility},
                   horizon_sessions(calendar, slot, horizon_minutes), 1.0,
                   band_factor);
}

} // namespace banksia
