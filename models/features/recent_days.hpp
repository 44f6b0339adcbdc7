#pragma once

/// What the last 21 days and the exponential means over all say: the part of a
/// symbol's daily history that is small.

#include "models/features/daily_indicators.hpp"
#include "models/features/last_values.hpp"
#include "models/features/number_pair.hpp"
#include "models/features/smoothing.hpp"
#include "models/features/window_formulas.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace banksia {

/// Some 1,200 bytes, so that a day which is not over can be tried on a copy;
/// O(1) a bar. Sums over 20 days are added afresh, oldest first, but one bar ahead:
/// all but the newest value of the next window are there already, so that the
/// mean is known one addition after a bar has come and the squares around it
/// can be added while other things are done.
class recent_days {
public:
  /// Adds a day. @returns its close over the one before, - 1; 0 for the first
  double add(const day_bar& x) noexcept;

  /// See `daily_features::rescale`.
  void rescale(const basis_change& change) noexcept;

  /// The number of days added.
  std::uint32_t count() const noexcept { return count_; }

  /// The last day added; only when there is one.
  const day_bar& last() const noexcept { return last_; }

  /// Writes all indicators that come from here; those that are missing stay as
  /// they are. @pre `count() > 0`
  [[gnu::always_inline]] void write(daily_indicators& x) const noexcept;

  friend bool operator==(const recent_days&, const recent_days&) = default;

private:
  static constexpr std::size_t window = 20;

  /// The close, and what it is over the one before, - 1.
  using close_and_return = number_pair;

  void look_over_window() noexcept;

  last_values<close_and_return, window> closes_;
  last_values<double, window> volumes_;
  std::uint32_t count_ = 0;
  double close_left_ = 0.0; ///< the last close that left the window
  close_and_return means_;  ///< over the window
  close_and_return around_; ///< Σ (x - mean)² over the window
  close_and_return ahead_;  ///< the sum over the next window but for its newest
  double volume_mean_ = 0.0;
  double volume_ahead_ = 0.0;
  day_bar last_;
  relative_strength<14> rsi_;
  wilder_mean<14> range_;
  exponential_mean<12> ema12_;
  exponential_mean<26> ema26_;
  exponential_mean<9> signal_;
};

// Here, so that who asks for indicators gets them in registers.
inline void recent_days::write(daily_indicators& x) const noexcept {
  x.count = count_;
  x.last = last_;
  x.daily_range = (last_.high - last_.low) / last_.close;
  if (count_ >= 5) {
    double close = 0.0, volume = 0.0;
    for (const auto& day : closes_.values().last<5>())
      close += day.first;
    for (auto traded : volumes_.values().last<5>())
      volume += traded;
    x.sma5 = close / 5.0;
    x.volume_sma5 = volume / 5.0;
  }
  if (count_ >= window) {
    x.sma20 = means_.first;
    x.volume_sma20 = volume_mean_;
    auto lines = bollinger_bands(means_.first, around_.first, window);
    x.bollinger_upper = lines.upper;
    x.bollinger_lower = lines.lower;
    if (count_ > window)
      x.volatility = std::sqrt(around_.second / double{window - 1});
  }
  if (rsi_.ready())
    x.rsi14 = rsi_.value();
  if (range_.ready())
    x.atr14 = range_.value();
  if (ema12_.ready())
    x.ema12 = ema12_.value();
  if (ema26_.ready())
    x.ema26 = ema26_.value();
  if (count_ >= minimum_macd_bars) {
    auto line = ema12_.value() - ema26_.value();
    x.macd_line = line;
    x.macd_signal = signal_.value();
    x.macd_histogram = line - signal_.value();
  }
  if (count_ > 1)
    x.change_1d = last_.close / closes_.before(1).first - 1.0;
  if (count_ > 5)
    x.change_5d = last_.close / closes_.before(5).first - 1.0;
  if (count_ > 20)
    x.change_20d = last_.close / close_left_ - 1.0;
}

} // namespace banksia
