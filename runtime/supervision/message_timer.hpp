#pragma once

/// How long an actor's messages take. An exact clock costs more than an empty
/// handler, so an actor reads a coarse one (4 ms on Linux, the kernel's tick)
/// at each message, and the exact one for the first message after each tick:
/// all of an idle actor's messages, and 250 a second of a busy one's. That one
/// stands for those since the one before. Whatever takes two ticks or more is
/// seen by the coarse clock alone, so that nothing slow escapes.

#include <chrono>
#include <cstdint>

#include <time.h>

namespace banksia {

/// Nanoseconds of a monotonic clock: elapsed time, never market time.
inline std::uint64_t monotonic_ns() noexcept {
  return static_cast<std::uint64_t>(
    std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::steady_clock::now().time_since_epoch())
      .count());
}

/// The same clock as of the kernel's last tick: up to 4 ms behind.
inline std::uint64_t coarse_ns() noexcept {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000
         + static_cast<std::uint64_t>(now.tv_nsec);
}

/// One a thread. `Exact` is the clock that costs.
template <std::uint64_t (*Exact)() noexcept = monotonic_ns>
class basic_message_timer {
public:
  static constexpr std::uint64_t tick_ns = 4'000'000;

  /// @param coarse the coarse clock's time
  void begin(std::uint64_t coarse) noexcept {
    begun_ = coarse;
    exact_ = 0;
    if (coarse != sampled_at_) {
      sampled_at_ = coarse;
      exact_ = Exact();
    }
  }

  struct measured {
    std::uint64_t spent_ns = 0; ///< on this message; 0: not measured
    std::uint64_t total_ns = 0; ///< on it and on those that it stands for
  };

  measured end(std::uint64_t coarse) noexcept {
    if (exact_ != 0) {
      auto spent = Exact() - exact_;
      // A slow one stands for itself alone.
      if (spent >= tick_ns)
        return {spent, spent};
      auto total = spent * (1 + unmeasured_);
      unmeasured_ = 0;
      return {spent, total};
    }
    if (auto spent = coarse - begun_; spent >= 2 * tick_ns)
      return {spent, spent};
    ++unmeasured_;
    return {};
  }

private:
  std::uint64_t begun_ = 0;
  std::uint64_t exact_ = 0; ///< 0: this message is not measured
  std::uint64_t sampled_at_ = 0;
  std::uint64_t unmeasured_ = 0;
};

using message_timer = basic_message_timer<>;

} // namespace banksia
