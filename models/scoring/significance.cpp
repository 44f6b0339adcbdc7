#include "models/scoring/significance.hpp"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace banksia {

namespace {

double normal_quantile(double p) {
  return boost::math::quantile(boost::math::normal(), p);
}

double square(double x) { return x * x; }

/// The chance that Student's t exceeds `x`.
double upper_tail(double x, double degrees) {
  return boost::math::cdf(
    boost::math::complement(boost::math::students_t(degrees), x));
}

direction_table sum_of(std::span<const direction_table> days) {
  direction_table all;
  for (const auto& day : days) {
    all.told_up_rose += day.told_up_rose;
    all.told_up_fell += day.told_up_fell;
    all.told_down_rose += day.told_down_rose;
    all.told_down_fell += day.told_down_fell;
  }
  return all;
}

/// Shares of samples: told up, risen, and told right.
struct direction_shares {
  double n = 0.0;
  double told_up = 0.0;
  double rose = 0.0;
  double right = 0.0;

  explicit direction_shares(const direction_table& x)
    : n(static_cast<double>(x.samples())) {
    if (n == 0.0)
      return;
    told_up = static_cast<double>(x.told_up_rose + x.told_up_fell) / n;
    rose = static_cast<double>(x.told_up_rose + x.told_down_rose) / n;
    right = static_cast<double>(x.told_up_rose + x.told_down_fell) / n;
  }

  bool varies() const {
    return told_up > 0.0 && told_up < 1.0 && rose > 0.0 && rose < 1.0;
  }
};

} // namespace

// -- means by day -------------------------------------------------------------

mean_estimate estimate_mean(std::span<const trading_date> days,
                            std::span<const double> values,
                            const bootstrap_options& options) {
  if (days.size() != values.size())
    throw std::invalid_argument(std::to_string(values.size()) + " values of "
                                + std::to_string(days.size())
                                + " days: bootstrap: give a day a value");
  mean_estimate result;
  result.samples = values.size();
  if (values.empty())
    return result;
  day_index index{{days.begin(), days.end()}};
  result.days = index.size();
  day_sums sums{index.size(), 2};
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i]))
      throw std::invalid_argument("not finite: bootstrap: value "
                                  + std::to_string(i)
                                  + ": check what made it");
    auto row = index.row_of(days[i]);
    sums.add(row, 0, 1.0);
    sums.add(row, 1, values[i]);
  }
  auto totals = sums.totals();
  result.value = totals[1] / totals[0];
  std::vector<double> replicates;
  replicates.reserve(options.resamples);
  sums.resample(options, [&](const auto& x) {
    replicates.push_back(x[1] / x[0]);
  });
  result.interval = percentile_interval(
    std::move(replicates), blocks_of(result.days, options.block_days));
  result.days_needed = days_to_tell_apart(result, result.days);
  return result;
}

std::optional<std::uint64_t>
days_to_tell_rates_apart(double rate_a, double rate_b,
                         double independent_per_day, double power) {
  auto rate = [](double x) { return x >= 0.0 && x <= 1.0; };
  if (!rate(rate_a) || !rate(rate_b) || rate_a == rate_b
      || !(independent_per_day > 0.0) || !(power > 0.0 && power < 1.0))
    return std::nullopt;
  auto p = (rate_a + rate_b) / 2.0;
  auto root = normal_quantile(0.975) * std::sqrt(2.0 * p * (1.0 - p))
              + normal_quantile(power)
                  * std::sqrt(rate_a * (1.0 - rate_a)
                              + rate_b * (1.0 - rate_b));
  auto days = square(root / (rate_a - rate_b)) / independent_per_day;
  return static_cast<std::uint64_t>(std::ceil(std::min(days, 1e15)));
}

// -- direction ----------------------------------------------------------------

void direction_table::add(bool told_up, bool rose) noexcept {
  if (told_up)
    ++(rose ? told_up_rose : told_up_fell);
  else
    ++(rose ? told_down_rose : told_down_fell);
}

std::uint64_t direction_table::samples() const noexcept {
  return told_up_rose + told_up_fell + told_down_rose + told_down_fell;
}

std::optional<test_result> pesaran_timmermann(const direction_table& table) {
  direction_shares s{table};
  if (!s.varies())
    return std::nullopt;
  auto vx = s.told_up * (1.0 - s.told_up);
  auto vy = s.rose * (1.0 - s.rose);
  auto expected = s.told_up * s.rose + (1.0 - s.told_up) * (1.0 - s.rose);
  auto v_right = expected * (1.0 - expected) / s.n;
  auto v_expected = (square(2.0 * s.rose - 1.0) * vx
                     + square(2.0 * s.told_up - 1.0) * vy)
                      / s.n
                    + 4.0 * vx * vy / square(s.n);
  if (!(v_right - v_expected > 0.0))
    return std::nullopt;
  test_result result;
  result.statistic = (s.right - expected) / std::sqrt(v_right - v_expected);
  result.p_value = boost::math::cdf(
    boost::math::complement(boost::math::normal(), result.statistic));
  return result;
}

std::optional<test_result>
pesaran_timmermann_by_day(std::span<const direction_table> days) {
  direction_shares s{sum_of(days)};
  if (!s.varies())
    return std::nullopt;
  double sum = 0.0;
  double squares = 0.0;
  std::uint32_t used = 0;
  for (const auto& x : days) {
    if (x.samples() == 0)
      continue;
    auto n = [](std::uint64_t count) { return static_cast<double>(count); };
    auto up = 1.0 - s.told_up;
    auto down = -s.told_up;
    auto term = up * (n(x.told_up_rose) * (1.0 - s.rose)
                      - n(x.told_up_fell) * s.rose)
                + down * (n(x.told_down_rose) * (1.0 - s.rose)
                          - n(x.told_down_fell) * s.rose);
    sum += term;
    squares += term * term;
    ++used;
  }
  if (used < min_interval_days || !(squares > 0.0))
    return std::nullopt;
  test_result result;
  result.statistic = sum / std::sqrt(squares) * std::sqrt((used - 1.0) / used);
  result.p_value = upper_tail(result.statistic, used - 1.0);
  return result;
}

// -- losses -------------------------------------------------------------------

double long_run_variance(std::span<const double> series, std::uint32_t lags) {
  const auto size = series.size();
  if (size == 0)
    return 0.0;
  const auto n = static_cast<double>(size);
  double sum = 0.0;
  for (auto x : series)
    sum += x;
  const auto mean = sum / n;
  auto autocovariance = [&](std::size_t lag) {
    double products = 0.0;
    for (auto i = lag; i < size; ++i)
      products += (series[i] - mean) * (series[i - lag] - mean);
    return products / n;
  };
  auto result = autocovariance(0);
  for (std::uint32_t k = 1; k <= lags && k < size; ++k)
    result += 2.0 * (1.0 - k / (lags + 1.0)) * autocovariance(k);
  return result;
}

std::optional<test_result>
diebold_mariano(std::span<const double> differences,
                const loss_test_options& options) {
  constexpr std::size_t least = 10;
  const auto size = differences.size();
  const auto h = static_cast<double>(options.horizon);
  const auto n = static_cast<double>(size);
  if (size < least || options.horizon == 0 || h >= n
      || !std::all_of(differences.begin(), differences.end(),
                      [](double x) { return std::isfinite(x); }))
    return std::nullopt;
  auto rule = static_cast<std::uint32_t>(
    std::floor(4.0 * std::pow(n / 100.0, 2.0 / 9.0)));
  auto lags = options.lags.value_or(std::max(options.horizon - 1, rule));
  double sum = 0.0;
  double squares = 0.0;
  for (auto d : differences) {
    sum += d;
    squares += d * d;
  }
  auto variance = long_run_variance(differences, lags);
  // What is left of equal values is rounding.
  if (!(variance > 1e-24 * squares / n))
    return std::nullopt;
  auto correction
    = std::sqrt((n + 1.0 - 2.0 * h + h * (h - 1.0) / n) / n);
  test_result result;
  result.statistic = sum / n / std::sqrt(variance / n) * correction;
  result.p_value
    = std::min(1.0, 2.0 * upper_tail(std::abs(result.statistic), n - 1.0));
  return result;
}

} // namespace banksia
