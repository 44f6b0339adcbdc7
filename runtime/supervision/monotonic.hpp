#pragma once

/// Elapsed time, never market time, cheap enough to be read twice a message.

#include <chrono>
#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace banksia {

namespace detail {

/// How the processor's counter is turned into nanoseconds.
struct counter_scale {
  bool usable = false;
  std::uint64_t counter = 0; ///< at the start …
  std::uint64_t ns = 0;      ///< … when the clock said this
  double ns_per_tick = 0;
};

/// Measured once. Usable only where the kernel itself keeps time by the counter:
/// then it runs at one rate and in step on all processors.
counter_scale measure_counter();

inline const counter_scale scale = measure_counter();

inline std::uint64_t steady_ns() noexcept {
  return static_cast<std::uint64_t>(
    std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::steady_clock::now().time_since_epoch())
      .count());
}

} // namespace detail

/// Nanoseconds of a monotonic clock; to be compared with itself alone. Some
/// nanoseconds where the processor's counter serves, else those of
/// `steady_clock`. Its rate may be off by a thousandth.
inline std::uint64_t monotonic_ns() noexcept {
#if defined(__x86_64__)
  const auto& s = detail::scale;
  if (s.usable) {
    auto ticks = __rdtsc() - s.counter;
    return s.ns
           + static_cast<std::uint64_t>(static_cast<double>(ticks)
                                        * s.ns_per_tick);
  }
#endif
  return detail::steady_ns();
}

} // namespace banksia
