#pragma once

/// Randomness for the simulated market. Every number is a pure function of a
/// key (seed, subject, session, purpose) and a counter, so no draw depends on
/// how many draws came before it: a symbol can be added or a session skipped
/// and nothing else changes. The distributions of the C++ library are avoided
/// because the standard leaves their algorithms open.

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace banksia::simulation {

/// The finaliser of SplitMix64 (Steele, Lea, Flood: "Fast Splittable
/// Pseudorandom Number Generators", OOPSLA 2014): a bijection that spreads
/// every input bit over the output.
constexpr std::uint64_t mixed(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/// What a stream is used for; part of its key. Append only: the values decide
/// what every seed looks like.
enum class purpose : std::uint64_t {
  regime = 1,
  day = 2,       ///< a session's volatility and volume
  steps = 3,     ///< returns and volumes along the session
  extremes = 4,  ///< highs and lows
  headlines = 5,
  dirt = 6,
  profile = 7,   ///< traits of a symbol that is not in the table
};

/// A random access stream of numbers. Immutable, safe to share.
class keyed_stream {
public:
  /// `subject` is a hash of a name, `session` a day number (0: none).
  constexpr keyed_stream(std::uint64_t seed, std::uint64_t subject,
                         std::uint64_t session, purpose use) noexcept
    : key_(extended(
        extended(extended(mixed(seed ^ golden), subject), session),
        static_cast<std::uint64_t>(use))) {}

  /// 64 uniform bits, the same for the same counter.
  constexpr std::uint64_t bits(std::uint64_t counter) const noexcept {
    return mixed(key_ + (counter + 1) * golden);
  }

  /// Uniform in the open interval (0, 1): its logarithm is finite.
  constexpr double uniform(std::uint64_t counter) const noexcept {
    return (static_cast<double>(bits(counter) >> 12) + 0.5) * 0x1p-52;
  }

  /// Two independent standard normal numbers (Box and Muller, 1958). They
  /// take the uniforms 2 counter and 2 counter + 1. The last bits depend on
  /// the mathematical library's log, cos and sin: series are identical for
  /// the same build on the same system, not across systems.
  std::array<double, 2> normals(std::uint64_t counter) const noexcept {
    auto radius = std::sqrt(-2.0 * std::log(uniform(2 * counter)));
    auto angle = 2.0 * std::numbers::pi * uniform(2 * counter + 1);
    return {radius * std::cos(angle), radius * std::sin(angle)};
  }

  double normal(std::uint64_t counter) const noexcept {
    return normals(counter)[0];
  }

private:
  static constexpr std::uint64_t golden = 0x9e3779b97f4a7c15ULL;

  static constexpr std::uint64_t extended(std::uint64_t key,
                                          std::uint64_t part) noexcept {
    return mixed((key + golden) ^ mixed(part + golden));
  }

  std::uint64_t key_;
};

} // namespace banksia::simulation
