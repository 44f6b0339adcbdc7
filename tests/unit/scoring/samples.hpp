#pragma once

/// Samples made by hand and by chance for the tests of the report.

#include "models/scoring/random.hpp"
#include "models/scoring/report.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace banksia::scoring_test {

/// Consecutive days; 0 is 2025-01-01.
inline trading_date nth_day(std::uint32_t n) {
  using namespace std::chrono;
  return year_month_day{sys_days{2025y / January / 1} + days{n}};
}

/// One outcome of a session's length whose stored success follows the rule.
inline scored_sample sample(std::uint32_t day, trade_action action,
                            double actual_return) {
  scored_sample x;
  x.symbol = "CBA.AX";
  x.day = nth_day(day);
  x.slot = std::chrono::sys_days{x.day};
  x.action = action;
  x.confidence = fraction{0.75};
  x.actual_return = fraction{actual_return};
  x.success = plan_success(action, x.actual_return);
  x.sessions_elapsed = 1;
  x.open_minutes = 360;
  return x;
}

/// True with probability `p`.
inline bool chance(splitmix64& random, double p) {
  return static_cast<double>(random.next() >> 11) * 0x1p-53 < p;
}

/// A large move up, a small one up, a small or a large one down.
inline constexpr double up = 0.02;
inline constexpr double flat_up = 0.001;
inline constexpr double down = -0.02;

} // namespace banksia::scoring_test
