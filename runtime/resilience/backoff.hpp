#pragma once

/// The pause before the next try, and how many tries may be made. Pure.

#include <chrono>
#include <cstdint>
#include <deque>

namespace banksia {

/// Full jitter: a random part of `base`, doubled with each failure up to `cap`;
/// at its start again after `reset_after` of health.
/// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
struct backoff_rule {
  std::chrono::milliseconds base{0}; ///< zero: no pause
  std::chrono::milliseconds cap{30'000};
  std::chrono::milliseconds reset_after{60'000};

  /// The product's rule: 200 ms up to 30 s, reset after 60 s.
  static backoff_rule usual() {
    backoff_rule rule;
    rule.base = std::chrono::milliseconds{200};
    return rule;
  }
};

/// The longest pause after so many failures in a row (1: the first); 0 before
/// any.
std::chrono::milliseconds longest_pause(const backoff_rule& rule,
                                        std::uint32_t failures) noexcept;

/// So many restarts in a period, and no more. Times are of one monotonic clock.
class restart_budget {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Counts a restart. @returns whether it lies within the budget
  bool spend(time_point now, std::uint32_t intensity,
             std::chrono::milliseconds period);

  /// Restarts counted within the period.
  std::uint32_t spent() const noexcept {
    return static_cast<std::uint32_t>(times_.size());
  }

  /// The whole budget again.
  void clear() noexcept { times_.clear(); }

private:
  std::deque<time_point> times_;
};

} // namespace banksia
