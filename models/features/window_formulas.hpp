#pragma once

/// Indicators over a window of closes and volumes, each from its definition.
/// A window is given oldest first.

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

/// Σ (x - mean)².
inline double squares_around(std::span<const double> x, double mean) noexcept {
  double sum = 0.0;
  for (auto v : x)
    sum += (v - mean) * (v - mean);
  return sum;
}

/// Two lines around a mean.
struct bands {
  double upper = 0.0;
  double lower = 0.0;
};

/// Bollinger on Bollinger Bands (2001): the mean of the closes and twice their
/// standard deviation around it, that of a population (divided by n).
inline bands bollinger_bands(std::span<const double> closes,
                             double mean) noexcept {
  auto variance
    = squares_around(closes, mean) / static_cast<double>(closes.size());
  auto reach = 2.0 * std::sqrt(variance);
  return {mean + reach, mean - reach};
}

/// Wilder (1978): the largest of high - low and of the distances of both from
/// the close before.
inline double true_range(double high, double low,
                         double close_before) noexcept {
  return std::fmax(high - low, std::fmax(std::fabs(high - close_before),
                                         std::fabs(low - close_before)));
}

/// Granville's on-balance volume over the window alone: each volume counts for
/// itself where the close rose, against it where it fell. `closes` has one value
/// more than `volumes`, in front.
inline double on_balance_volume(std::span<const double> closes,
                                std::span<const double> volumes) noexcept {
  double sum = 0.0;
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    auto rose = closes[i + 1] > closes[i];
    auto fell = closes[i + 1] < closes[i];
    sum += (static_cast<double>(rose) - static_cast<double>(fell)) * volumes[i];
  }
  return sum;
}

/// The volume-price trend over the window alone: Σ volume × return.
inline double volume_price_trend(std::span<const double> returns,
                                 std::span<const double> volumes) noexcept {
  double sum = 0.0;
  for (std::size_t i = 0; i < volumes.size(); ++i)
    sum += volumes[i] * returns[i];
  return sum;
}

} // namespace banksia
