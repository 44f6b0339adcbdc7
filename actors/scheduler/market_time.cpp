#include "actors/scheduler/market_time.hpp"

#include <algorithm>

namespace banksia {

std::string_view to_string(clock_mode x) noexcept {
  switch (x) {
    case clock_mode::live:
      return "live";
    case clock_mode::accelerated:
      return "accelerated";
    case clock_mode::replay:
      break;
  }
  return "replay";
}

std::optional<timestamp> next_step(const exchange_calendar& calendar,
                                   timestamp now, std::chrono::minutes step) {
  if (auto running = calendar.session_at(now);
      running && now < running->auction_ends_at) {
    auto done = (now - running->opens_at) / step;
    auto next = running->opens_at + (done + 1) * step;
    return std::min<timestamp>(next, running->auction_ends_at);
  }
  if (auto next = calendar.next_session_after(now))
    return std::min<timestamp>(next->opens_at + step, next->auction_ends_at);
  return std::nullopt;
}

std::chrono::microseconds pause_for(const clock_options& options) {
  std::chrono::duration<double, std::micro> wall = options.step;
  wall /= options.speed;
  return std::chrono::duration_cast<std::chrono::microseconds>(wall);
}

} // namespace banksia
