#pragma once

/// The mood of the simulated market: a Markov chain that steps once a session.

#include "messages/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace banksia::simulation {

enum class regime : std::uint8_t {
  bull = 0,
  bear = 1,
  calm = 2,
  turbulent = 3, ///< volatile without a direction
};

inline constexpr std::size_t regime_count = 4;

/// "bull", "bear", "calm", "turbulent".
std::string_view to_string(regime x) noexcept;

struct regime_traits {
  fraction annual_drift; ///< of the market factor
  real volatility;       ///< multiple of the long-run volatility
};

/// What a regime does. The volatilities are scaled so that their root mean
/// square over the chain's stationary distribution is 1: the configured
/// annual volatility is what the market has in the long run.
regime_traits traits_of(regime x) noexcept;

/// The share of sessions spent in each regime in the long run.
std::array<double, regime_count> stationary_shares() noexcept;

/// A first regime from the stationary distribution; `uniform` in (0, 1).
regime first_regime(double uniform) noexcept;

/// The regime of the session after one of `now`.
regime next_regime(regime now, double uniform) noexcept;

} // namespace banksia::simulation
