#pragma once

/// 95 % intervals of rates.

#include <cstdint>
#include <optional>
#include <vector>

namespace banksia {

/// A two-sided 95 % interval, in the unit of what it belongs to.
struct interval95 {
  double lower = 0.0;
  double upper = 0.0;

  friend bool operator==(const interval95&, const interval95&) = default;
};

/// A rate, a mean or a difference of two, with its interval.
struct rate_estimate {
  double value = 0.0;
  std::optional<interval95> interval; ///< none under `min_interval_days`

  friend bool operator==(const rate_estimate&, const rate_estimate&) = default;
};

/// Under so many days nothing is said about uncertainty: were there no effect
/// at all, four days would all point the same way once in 2^4 = 16 times.
inline constexpr std::uint32_t min_interval_days = 5;

/// The Wilson score interval of `successes` out of `trials` independent draws
/// (Wilson, JASA 22, 1927); [0, 1] without trials.
interval95 wilson_interval(std::uint64_t successes, std::uint64_t trials);

/// The quantile (0 … 0.5) at which the lower end of a bootstrap over `days`
/// blocks is read: Phi(-sqrt(n / (n - 1)) t), t being Student's 97.5 % point
/// for n - 1 degrees of freedom. The plain 2.5 % is too narrow for few blocks
/// (Hesterberg, "What teachers should know about the bootstrap", The American
/// Statistician 69, 2015, expanded percentile interval). `days` must be >= 2.
double tail_level(std::uint32_t days);

/// The quantile `level` (0 … 1) of ascending, non-empty values, interpolated
/// linearly between its neighbours (type 7 of Hyndman and Fan, 1996).
double quantile_of_sorted(const std::vector<double>& values, double level);

/// The expanded percentile interval of bootstrap replicates made from `days`
/// blocks. Nothing under `min_interval_days` or without replicates.
std::optional<interval95> percentile_interval(std::vector<double> replicates,
                                              std::uint32_t days);

/// How many days in all (not in addition) it takes to tell `x` from zero if
/// its value d is the true one: days x ((d - bound) / d)^2, `bound` being the
/// end of the interval towards zero, since the width falls with the square
/// root of the days; never under `min_interval_days`. It is <= `days` when the
/// interval leaves out zero. None when d is 0 and without an interval.
std::optional<std::uint64_t> days_to_tell_apart(const rate_estimate& x,
                                                std::uint32_t days);

} // namespace banksia
