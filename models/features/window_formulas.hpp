#pragma once

/// What indicators are made of, each from its definition. A window is given
/// oldest first.

#include <array>
#include <cmath>
#include <cstddef>
#include <span>

namespace banksia {

/// The mean, added oldest first.
inline double mean_of(std::span<const double> x) noexcept {
  double sum = 0.0;
  for (auto v : x)
    sum += v;
  return sum / static_cast<double>(x.size());
}

/// The means of three windows of `N`, each added as by `mean_of`; side by side,
/// since each addition waits for the one before.
template <std::size_t N>
std::array<double, 3> means_of(std::span<const double, N> a,
                               std::span<const double, N> b,
                               std::span<const double, N> c) noexcept {
  double sum_a = 0.0, sum_b = 0.0, sum_c = 0.0;
  for (std::size_t i = 0; i < N; ++i) {
    sum_a += a[i];
    sum_b += b[i];
    sum_c += c[i];
  }
  constexpr auto n = static_cast<double>(N);
  return {sum_a / n, sum_b / n, sum_c / n};
}

/// Σ (x - mean)² of two windows of `N`; side by side likewise.
template <std::size_t N>
std::array<double, 2>
squares_around(std::span<const double, N> a, double mean_a,
               std::span<const double, N> b, double mean_b) noexcept {
  double sum_a = 0.0, sum_b = 0.0;
  for (std::size_t i = 0; i < N; ++i) {
    sum_a += (a[i] - mean_a) * (a[i] - mean_a);
    sum_b += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return {sum_a, sum_b};
}

/// Two lines around a mean.
struct bands {
  double upper = 0.0;
  double lower = 0.0;
};

/// Bollinger on Bollinger Bands (2001): the mean of `n` closes and twice their
/// standard deviation around it, that of a population: √(Σ (x - mean)² / n).
inline bands bollinger_bands(double mean, double squares,
                             std::size_t n) noexcept {
  auto reach = 2.0 * std::sqrt(squares / static_cast<double>(n));
  return {mean + reach, mean - reach};
}

/// Wilder (1978): the largest of high - low and of the distances of both from
/// the close before.
inline double true_range(double high, double low,
                         double close_before) noexcept {
  return std::fmax(high - low, std::fmax(std::fabs(high - close_before),
                                         std::fabs(low - close_before)));
}

/// What a day adds to Granville's on-balance volume: its volume where the close
/// rose, less its volume where it fell.
inline double signed_volume(double close, double close_before,
                            double volume) noexcept {
  if (close > close_before)
    return volume;
  return close < close_before ? -volume : 0.0;
}

} // namespace banksia
