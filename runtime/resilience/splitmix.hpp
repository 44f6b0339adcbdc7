#pragma once

/// Numbers from a seed, the same on every machine.

#include <cstdint>

namespace banksia {

/// splitmix64: https://prng.di.unimi.it/splitmix64.c
class splitmix {
public:
  explicit splitmix(std::uint64_t seed = 0) noexcept : state_(seed) {}

  std::uint64_t next() noexcept {
    auto z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  /// From 0 to `limit` − 1. @pre limit > 0
  std::uint64_t below(std::uint64_t limit) noexcept { return next() % limit; }

  /// True with probability `p`.
  bool chance(double p) noexcept {
    return static_cast<double>(next() >> 11) * 0x1p-53 < p;
  }

private:
  std::uint64_t state_;
};

} // namespace banksia
