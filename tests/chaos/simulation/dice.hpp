#pragma once

#include <cstdint>

namespace banksia::chaos {

/// Numbers from a seed, the same everywhere.
class dice {
public:
  explicit dice(std::uint64_t seed) : state_(seed) {}

  /// splitmix64: https://prng.di.unimi.it/splitmix64.c
  std::uint64_t next() noexcept {
    auto z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  /// From 0 to `limit` − 1. @pre limit > 0
  std::uint64_t below(std::uint64_t limit) noexcept { return next() % limit; }

  /// From `low` to `high`, both included.
  std::int64_t between(std::int64_t low, std::int64_t high) noexcept {
    return low
           + static_cast<std::int64_t>(
             below(static_cast<std::uint64_t>(high - low + 1)));
  }

  bool chance(double p) noexcept {
    return static_cast<double>(next() >> 11) * 0x1p-53 < p;
  }

  template <class Range>
  auto& pick(Range& of) noexcept {
    return of[below(of.size())];
  }

private:
  std::uint64_t state_;
};

} // namespace banksia::chaos
