#include "models/scoring/sharpe.hpp"

#include <boost/math/constants/constants.hpp>
#include <boost/math/distributions/normal.hpp>

#include <algorithm>
#include <cmath>

namespace banksia {

std::optional<return_moments> moments_of(std::span<const double> returns) {
  if (returns.size() < 2)
    return std::nullopt;
  const auto n = static_cast<double>(returns.size());
  return_moments result;
  result.periods = returns.size();
  double largest = 0.0;
  for (auto x : returns) {
    result.mean += x / n;
    largest = std::max(largest, std::abs(x));
  }
  double second = 0.0, third = 0.0, fourth = 0.0;
  for (auto x : returns) {
    auto d = x - result.mean;
    second += d * d;
    third += d * d * d;
    fourth += d * d * d * d;
  }
  // Equal returns leave rounding alone, and no ratio.
  if (!std::isfinite(fourth) || !(second > 1e-24 * n * largest * largest))
    return std::nullopt;
  result.deviation = std::sqrt(second / (n - 1.0));
  auto variance = second / n;
  result.skewness = third / n / (variance * std::sqrt(variance));
  result.kurtosis = fourth / n / (variance * variance);
  return result;
}

double sharpe_ratio(const return_moments& x) noexcept {
  return x.deviation > 0.0 ? x.mean / x.deviation : 0.0;
}

double annualised(double sharpe, double periods_per_year) noexcept {
  return sharpe * std::sqrt(periods_per_year);
}

drawdown max_drawdown(std::span<const double> returns) noexcept {
  drawdown result;
  double value = 1.0;
  double peak_value = 1.0;
  std::size_t peak = 0;
  for (std::size_t i = 0; i < returns.size(); ++i) {
    value *= 1.0 + returns[i];
    if (value > peak_value) {
      peak_value = value;
      peak = i + 1;
    }
    auto depth = 1.0 - value / peak_value;
    if (depth > result.depth)
      result = {depth, peak, i + 1};
  }
  return result;
}

std::optional<double> probabilistic_sharpe(double sharpe, double benchmark,
                                           std::uint64_t periods,
                                           double skewness, double kurtosis) {
  auto spread
    = 1.0 - skewness * sharpe + (kurtosis - 1.0) / 4.0 * sharpe * sharpe;
  if (periods < 2 || !(spread > 0.0) || !std::isfinite(spread))
    return std::nullopt;
  auto z = (sharpe - benchmark)
           * std::sqrt(static_cast<double>(periods) - 1.0) / std::sqrt(spread);
  return boost::math::cdf(boost::math::normal(), z);
}

double expected_best_sharpe(std::uint64_t trials, double variance) {
  if (trials < 2 || !(variance > 0.0))
    return 0.0;
  constexpr auto gamma = boost::math::constants::euler<double>();
  constexpr auto e = boost::math::constants::e<double>();
  const boost::math::normal normal;
  auto n = static_cast<double>(trials);
  // From the upper end, which 1 - 1 / n would round.
  auto tail = [&](double p) {
    return boost::math::quantile(boost::math::complement(normal, p));
  };
  return std::sqrt(variance)
         * ((1.0 - gamma) * tail(1.0 / n) + gamma * tail(1.0 / (n * e)));
}

std::optional<double> deflated_sharpe(const return_moments& x,
                                      std::uint64_t trials, double variance) {
  return probabilistic_sharpe(sharpe_ratio(x),
                              expected_best_sharpe(trials, variance),
                              x.periods, x.skewness, x.kurtosis);
}

std::optional<double> variance_of(std::span<const double> sharpes) {
  if (sharpes.size() < 2)
    return std::nullopt;
  const auto n = static_cast<double>(sharpes.size());
  double mean = 0.0;
  for (auto x : sharpes)
    mean += x / n;
  double squares = 0.0;
  for (auto x : sharpes)
    squares += (x - mean) * (x - mean);
  return squares / (n - 1.0);
}

} // namespace banksia
