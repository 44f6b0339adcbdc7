#include "runtime/resilience/backoff.hpp"

#include <algorithm>

namespace banksia {

std::chrono::milliseconds longest_pause(const backoff_rule& rule,
                                        std::uint32_t failures) noexcept {
  if (failures == 0 || rule.base.count() <= 0)
    return std::chrono::milliseconds{0};
  // 2^20 times any base is beyond any cap.
  auto doublings = std::min<std::uint32_t>(failures - 1, 20);
  auto pause = rule.base.count() << doublings;
  return std::chrono::milliseconds{std::min(pause, rule.cap.count())};
}

bool restart_budget::spend(time_point now, std::uint32_t intensity,
                           std::chrono::milliseconds period) {
  times_.push_back(now);
  while (now - times_.front() > period)
    times_.pop_front();
  return times_.size() <= intensity;
}

} // namespace banksia
