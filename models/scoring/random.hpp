#pragma once

/// A random stream that is the same on every machine. The standard library's
/// distributions are not: each implementation draws differently.

#include <cstdint>

namespace banksia {

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014). Passes BigCrush; not for secrets.
class splitmix64 {
public:
  explicit constexpr splitmix64(std::uint64_t seed) noexcept : state_(seed) {}

  /// 64 uniform bits.
  constexpr std::uint64_t next() noexcept {
    auto z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  /// Uniform in [0, bound), without bias; `bound` must be > 0. Multiply and
  /// reject (Lemire, "Fast random integer generation in an interval", 2019).
  constexpr std::uint32_t below(std::uint32_t bound) noexcept {
    auto reject_under = (0u - bound) % bound;
    for (;;) {
      auto product = (next() >> 32) * bound;
      if (static_cast<std::uint32_t>(product) >= reject_under)
        return static_cast<std::uint32_t>(product >> 32);
    }
  }

private:
  std::uint64_t state_;
};

} // namespace banksia
