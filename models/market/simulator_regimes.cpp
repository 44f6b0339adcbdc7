#include "models/market/simulator_regimes.hpp"

#include <cmath>

namespace banksia::simulation {

namespace {

using shares_of_time = std::array<double, regime_count>;

constexpr auto index_of(regime x) {
  return static_cast<std::size_t>(x);
}

// Row: now, column: next session. Bull and calm phases last 25 sessions on
// average, bear phases 12, turbulence 8: short enough that a year shows all.
constexpr std::array<shares_of_time, regime_count> transitions = {{
  {0.96, 0.01, 0.02, 0.01},
  {0.04, 0.92, 0.01, 0.03},
  {0.02, 0.01, 0.96, 0.01},
  {0.04, 0.04, 0.04, 0.88},
}};

constexpr shares_of_time annual_drift = {0.22, -0.30, 0.07, -0.05};
constexpr shares_of_time raw_volatility = {0.8, 1.4, 0.6, 1.9};

constexpr shares_of_time solve_stationary() {
  shares_of_time now = {0.25, 0.25, 0.25, 0.25};
  // The second eigenvalue is about 0.95: 1000 steps leave nothing to gain.
  for (int step = 0; step < 1000; ++step) {
    shares_of_time next = {};
    for (std::size_t i = 0; i < regime_count; ++i)
      for (std::size_t j = 0; j < regime_count; ++j)
        next[j] += now[i] * transitions[i][j];
    now = next;
  }
  return now;
}

constexpr auto stationary = solve_stationary();

constexpr double mean_square_volatility() {
  double sum = 0.0;
  for (std::size_t i = 0; i < regime_count; ++i)
    sum += stationary[i] * raw_volatility[i] * raw_volatility[i];
  return sum;
}

constexpr auto mean_square = mean_square_volatility();

regime chosen(const shares_of_time& shares, double uniform) noexcept {
  double sum = 0.0;
  for (std::size_t i = 0; i + 1 < regime_count; ++i) {
    sum += shares[i];
    if (uniform < sum)
      return static_cast<regime>(i);
  }
  return static_cast<regime>(regime_count - 1);
}

} // namespace

std::string_view to_string(regime x) noexcept {
  switch (x) {
    case regime::bull:
      return "bull";
    case regime::bear:
      return "bear";
    case regime::calm:
      return "calm";
    case regime::turbulent:
      return "turbulent";
  }
  return "unknown";
}

regime_traits traits_of(regime x) noexcept {
  auto i = index_of(x);
  return {fraction{annual_drift[i]},
          real{raw_volatility[i] / std::sqrt(mean_square)}};
}

std::array<double, regime_count> stationary_shares() noexcept {
  return stationary;
}

regime first_regime(double uniform) noexcept {
  return chosen(stationary, uniform);
}

regime next_regime(regime now, double uniform) noexcept {
  return chosen(transitions[index_of(now)], uniform);
}

} // namespace banksia::simulation
