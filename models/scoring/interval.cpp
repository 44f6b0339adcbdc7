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

} // namespace banksia
