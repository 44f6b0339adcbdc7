#pragma once

/// Whether a difference is more than luck.

#include "messages/time.hpp"
#include "models/scoring/day_blocks.hpp"
#include "models/scoring/interval.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace banksia {

// -- means by day -------------------------------------------------------------

/// A mean over samples with its interval by trading day.
struct mean_estimate : rate_estimate {
  std::uint64_t samples = 0;
  std::uint32_t days = 0;
  /// See `days_to_tell_apart`: from zero.
  std::optional<std::uint64_t> days_needed;

  /// The interval leaves out zero on the side of more.
  bool above_zero() const noexcept { return interval && interval->lower > 0.0; }
};

/// The mean of `values`, of which `days[i]` is the trading day, with the
/// expanded percentile interval of a bootstrap by day (`day_blocks.hpp`). For a
/// difference of two forecasts give the differences sample by sample: what
/// both find hard then cancels.
/// @throws std::invalid_argument when lengths differ or a value is not finite
mean_estimate estimate_mean(std::span<const trading_date> days,
                            std::span<const double> values,
                            const bootstrap_options& options = {});

/// Trading days to see a true difference of `rate_a` and `rate_b` at 5 %
/// two-sided with the chance `power`, when `samples_per_day` samples a day
/// count as `independent_per_day` (seven banks are about 1.3):
///
///     (z_0.975 sqrt(2 p q) + z_power sqrt(p_a q_a + p_b q_b))^2
///       / (p_a - p_b)^2 / independent_per_day,   p = (p_a + p_b) / 2
///
/// (Fleiss, Levin and Paik, "Statistical methods for rates and proportions",
/// 2003, formula 4.14, for two samples of this size, without continuity
/// correction). A plan for rates of different samples; on the same samples
/// `days_to_tell_apart` knows better. None for equal rates, or when an
/// argument is out of its range.
std::optional<std::uint64_t>
days_to_tell_rates_apart(double rate_a, double rate_b,
                         double independent_per_day, double power = 0.8);

// -- direction ----------------------------------------------------------------

/// How often an outcome rose or not, by what was said of it.
struct direction_table {
  std::uint64_t told_up_rose = 0;
  std::uint64_t told_up_fell = 0;
  std::uint64_t told_down_rose = 0;
  std::uint64_t told_down_fell = 0;

  void add(bool told_up, bool rose) noexcept;
  std::uint64_t samples() const noexcept;
};

/// A statistic that is about normal when there is nothing to see.
struct test_result {
  double statistic = 0.0;
  double p_value = 1.0;
};

/// The test of Pesaran and Timmermann ("A simple nonparametric test of
/// predictive performance", Journal of Business and Economic Statistics 10,
/// 1992): is the direction told right more often than two independent series
/// with these shares of up would agree?
///
///     S = (P - P*) / sqrt(V(P) - V(P*)),  P* = p_x p_y + (1 - p_x)(1 - p_y)
///     V(P)  = P* (1 - P*) / n
///     V(P*) = ((2 p_y - 1)^2 p_x (1 - p_x) + (2 p_x - 1)^2 p_y (1 - p_y)) / n
///             + 4 p_x p_y (1 - p_x)(1 - p_y) / n^2
///
/// P the share told right, p_x and p_y those told up and risen. One-sided: a
/// small p-value is skill. It takes samples as independent; for symbols that
/// move together it finds skill too easily. None when one side was never told
/// or never happened.
std::optional<test_result> pesaran_timmermann(const direction_table& x);

/// The same question with the variance taken over trading days, so that what
/// happens within a day may move together: P - P* is twice the covariance of
/// told and risen, a sum over samples; the terms are summed by day, and the
/// sum over days is divided by the root of the sum of their squares, times
/// sqrt((D - 1) / D), against Student's t with D - 1 degrees of freedom
/// (cluster-robust variance: Liang and Zeger, Biometrika 73, 1986). None as
/// above, and under `min_interval_days` days.
std::optional<test_result>
pesaran_timmermann_by_day(std::span<const direction_table> days);

// -- losses -------------------------------------------------------------------

struct loss_test_options {
  /// Steps of the series that a forecast reaches ahead.
  std::uint32_t horizon = 1;
  /// Lags of the variance; without a value
  /// max(horizon - 1, floor(4 (n / 100)^(2/9))), Newey and West's rule.
  std::optional<std::uint32_t> lags = std::nullopt;
};

/// The long-run variance of a series by Newey and West ("A simple, positive
/// semi-definite, heteroskedasticity and autocorrelation consistent covariance
/// matrix", Econometrica 55, 1987): g_0 + 2 sum_k (1 - k / (lags + 1)) g_k, g_k
/// the autocovariance with divisor n. 0 for an empty series.
double long_run_variance(std::span<const double> series, std::uint32_t lags);

/// The test of Diebold and Mariano ("Comparing predictive accuracy", Journal
/// of Business and Economic Statistics 13, 1995) of equal expected loss:
///
///     DM = mean d / sqrt(long-run variance of d / n)
///
/// times sqrt((n + 1 - 2h + h (h - 1) / n) / n), against Student's t with
/// n - 1 degrees of freedom (Harvey, Leybourne and Newbold, International
/// Journal of Forecasting 13, 1997). `differences` is a time series of loss
/// differences, a value a day; a negative statistic: the first forecast lost
/// less. Two-sided. None under 10 values, where the series does not vary or is
/// not finite, and where the horizon is not below the number of values.
std::optional<test_result> diebold_mariano(std::span<const double> differences,
                                           const loss_test_options& options
                                           = {});

} // namespace banksia
