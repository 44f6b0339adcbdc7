#pragma once

/// What indicators are made of, each from its definition.

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace banksia {

/// A term of Σ (x - mean)².
template <class Number>
[[gnu::always_inline]] inline Number square_around(Number x,
                                                   Number mean) noexcept {
  return (x - mean) * (x - mean);
}

/// `x / before - 1`; 0 where there is no price before.
inline double return_of(double x, double before) noexcept {
  return before > 0.0 ? x / before - 1.0 : 0.0;
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
  return std::max(high - low, std::max(std::fabs(high - close_before),
                                       std::fabs(low - close_before)));
}

/// What a day adds to Granville's on-balance volume: its volume where the close
/// rose, less its volume where it fell.
inline double signed_volume(double close, double close_before,
                            double volume) noexcept {
  // A branch would be guessed wrong every other day.
  auto direction = static_cast<int>(close > close_before)
                   - static_cast<int>(close < close_before);
  return direction * volume;
}

} // namespace banksia
