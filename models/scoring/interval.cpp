#include "models/scoring/interval.hpp"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace banksia {

interval95 wilson_interval(std::uint64_t successes, std::uint64_t trials) {
  if (trials == 0)
    return {0.0, 1.0};
  constexpr double z = 1.959963984540054;
  auto n = static_cast<double>(trials);
  auto p = static_cast<double>(successes) / n;
  auto scale = 1.0 + z * z / n;
  auto centre = (p + z * z / (2.0 * n)) / scale;
  auto half = z * std::sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n)) / scale;
  return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

double tail_level(std::uint32_t days) {
  auto n = static_cast<double>(days);
  auto t = boost::math::quantile(boost::math::students_t(n - 1.0), 0.975);
  return boost::math::cdf(boost::math::normal(),
                          -std::sqrt(n / (n - 1.0)) * t);
}

double quantile_of_sorted(const std::vector<double>& values, double level) {
  auto position = level * static_cast<double>(values.size() - 1);
  auto below = static_cast<std::size_t>(position);
  auto above = std::min(below + 1, values.size() - 1);
  auto part = position - static_cast<double>(below);
  return values[below] + part * (values[above] - values[below]);
}

std::optional<interval95> percentile_interval(std::vector<double> replicates,
                                              std::uint32_t days) {
  if (days < min_interval_days || replicates.empty())
    return std::nullopt;
  std::sort(replicates.begin(), replicates.end());
  auto level = tail_level(days);
  return interval95{quantile_of_sorted(replicates, level),
                    quantile_of_sorted(replicates, 1.0 - level)};
}

std::optional<std::uint64_t> days_to_tell_apart(const rate_estimate& x,
                                                std::uint32_t days) {
  if (x.value == 0.0 || !x.interval)
    return std::nullopt;
  auto d = std::abs(x.value);
  auto bound = x.value > 0.0 ? x.interval->lower : -x.interval->upper;
  // With days that are all alike the bound may lie above d by rounding.
  auto distance = std::max(0.0, d - bound);
  auto needed = std::ceil(days * (distance / d) * (distance / d));
  // What does not fit is as good as never, but still a number.
  constexpr double most = 1e15;
  return std::max<std::uint64_t>(
    static_cast<std::uint64_t>(std::min(needed, most)), min_interval_days);
}

} // namespace banksia
