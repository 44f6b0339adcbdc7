#pragma once

/// Returns of an account judged: Sharpe ratio, drawdown, and how much of it is
/// luck or the choice of the best of many trials.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace banksia {

/// Moments of a series of returns.
struct return_moments {
  std::uint64_t periods = 0;
  double mean = 0.0;
  double deviation = 0.0; ///< standard deviation, divisor n - 1
  double skewness = 0.0;  ///< of the sample, divisor n
  double kurtosis = 3.0;  ///< not in excess: 3 for a normal; divisor n
};

/// None under two returns, where they do not vary, and where one is not finite.
std::optional<return_moments> moments_of(std::span<const double> returns);

/// mean / deviation, a period (Sharpe, "The Sharpe ratio", Journal of
/// Portfolio Management 21, 1994); the caller has taken off costs and the
/// riskless rate.
double sharpe_ratio(const return_moments& x) noexcept;

/// A ratio a period made one a year: times sqrt(periods_per_year). Right only
/// for returns without serial correlation.
double annualised(double sharpe, double periods_per_year) noexcept;

/// The deepest fall of an account from a peak.
struct drawdown {
  double depth = 0.0;       ///< part of the peak that was lost, 0 … 1
  std::size_t peak = 0;     ///< number of returns before the peak
  std::size_t trough = 0;   ///< number of returns before the trough
};

/// Of an account that begins at 1 and earns `returns` one after the other
/// (fractions); a peak may be the beginning. Depth 0 when it never falls.
drawdown max_drawdown(std::span<const double> returns) noexcept;

/// The chance that the true ratio exceeds `benchmark`, given the one seen
/// (Bailey and López de Prado, "The Sharpe ratio efficient frontier", Journal
/// of Risk 15, 2012):
///
///     Phi((SR - SR*) sqrt(n - 1)
///         / sqrt(1 - skewness SR + (kurtosis - 1) / 4 SR^2))
///
/// Both ratios a period, not annualised. None under two periods and where the
/// root is of no positive number.
std::optional<double> probabilistic_sharpe(double sharpe, double benchmark,
                                           std::uint64_t periods,
                                           double skewness, double kurtosis);

/// The ratio that the best of `trials` without any skill is expected to reach,
/// their ratios having this variance:
///
///     sqrt(V) ((1 - g) Phi^-1(1 - 1/N) + g Phi^-1(1 - 1/(N e)))
///
/// g the Euler-Mascheroni constant. 0 for one trial or none.
double expected_best_sharpe(std::uint64_t trials, double variance);

/// The probabilistic Sharpe ratio against the best of `trials` that have no
/// skill (Bailey and López de Prado, "The deflated Sharpe ratio", Journal of
/// Portfolio Management 40, 2014). `variance` is that of the trials' ratios a
/// period. Over 0.95: skill that the number of trials does not explain.
std::optional<double> deflated_sharpe(const return_moments& x,
                                      std::uint64_t trials, double variance);

/// The variance (n - 1) of the ratios of trials; none under two.
std::optional<double> variance_of(std::span<const double> sharpes);

} // namespace banksia
