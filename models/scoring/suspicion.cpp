#include "models/scoring/suspicion.hpp"

#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>

namespace banksia {

namespace {

/// Wilson's interval as if each day were one trial: days that are all alike
/// have no variance, and yet say no more than so many trials.
interval95 one_trial_a_day(double rate, std::uint32_t days) {
  auto right = std::floor(rate * days);
  auto low = wilson_interval(static_cast<std::uint64_t>(right), days);
  auto high = wilson_interval(
    static_cast<std::uint64_t>(std::ceil(rate * days)), days);
  return {low.lower, high.upper};
}

} // namespace

suspicion suspicion_of(std::span<const day_hits> days,
                       const suspicion_options& options) {
  suspicion result;
  std::uint64_t right = 0;
  for (const auto& day : days) {
    result.told += day.told;
    right += day.right;
    result.days += day.told > 0;
  }
  if (result.told == 0)
    return result;
  const auto told = static_cast<double>(result.told);
  result.accuracy = static_cast<double>(right) / told;
  if (result.days < min_interval_days)
    return result;
  double squares = 0.0;
  for (const auto& day : days) {
    auto residual = static_cast<double>(day.right)
                    - result.accuracy * static_cast<double>(day.told);
    squares += residual * residual;
  }
  const auto n = static_cast<double>(result.days);
  auto error = std::sqrt(n / (n - 1.0) * squares) / told;
  auto t = boost::math::quantile(boost::math::students_t(n - 1.0), 0.975);
  auto bound = one_trial_a_day(result.accuracy, result.days);
  // Many samples a day tell more than one; only what has no variance at all
  // falls back on a trial a day.
  if (error > 0.0)
    bound = {std::max(0.0, result.accuracy - t * error),
             std::min(1.0, result.accuracy + t * error)};
  result.interval = bound;
  result.leak_suspected = result.days >= options.min_days
                          && result.interval.lower > options.rate;
  return result;
}

} // namespace banksia
