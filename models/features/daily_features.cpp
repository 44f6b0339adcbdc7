#include "models/features/daily_features.hpp"

#include <algorithm>
#include <cmath>

namespace banksia {

namespace {

/// Drops the oldest of `window` and appends `x`. Moving 20 doubles costs less
/// than the index arithmetic of a ring would at each sum.
template <std::size_t N>
void push(std::array<double, N>& window, double x) noexcept {
  std::copy(window.begin() + 1, window.end(), window.begin());
  window.back() = x;
}

/// The mean of the newest `n` values, added oldest first.
template <std::size_t N>
double mean_of_last(const std::array<double, N>& window,
                    std::size_t n) noexcept {
  double sum = 0.0;
  for (auto i = N - n; i < N; ++i)
    sum += window[i];
  return sum / static_cast<double>(n);
}

} // namespace

day_bar to_day_bar(const bar& x) noexcept {
  return {x.open.value(), x.high.value(), x.low.value(), x.close.value(),
          x.volume.value()};
}

day_bar on_new_basis(const day_bar& x, const basis_change& change) noexcept {
  return {x.open * change.prices, x.high * change.prices,
          x.low * change.prices, x.close * change.prices,
          x.volume * change.volumes};
}

void daily_features::rescale(const basis_change& change) noexcept {
  for (auto& x : closes_)
    x *= change.prices;
  for (auto& x : volumes_)
    x *= change.volumes;
  last_ = on_new_basis(last_, change);
  gain_ *= change.prices;
  loss_ *= change.prices;
  ema12_.rescale(change.prices);
  ema26_.rescale(change.prices);
  signal_.rescale(change.prices);
}

void daily_features::add_close(const day_bar& x) noexcept {
  if (count_ > 0)
    add_change(x.close - closes_.back());
  push(closes_, x.close);
  push(volumes_, x.volume);
  last_ = x;
  ++count_;
  ema12_.add(x.close);
  ema26_.add(x.close);
  if (ema26_.ready())
    signal_.add(ema12_.value() - ema26_.value());
}

/// Wilder, New Concepts in Technical Trading Systems (1978): the first mean is
/// the simple one of 14 changes, each later one (13 × mean + new) / 14.
void daily_features::add_change(double change) noexcept {
  auto gain = change > 0.0 ? change : 0.0;
  auto loss = change < 0.0 ? -change : 0.0;
  auto changes = count_; // this one included
  if (changes <= rsi_period) {
    gain_ += gain;
    loss_ += loss;
    if (changes == rsi_period) {
      gain_ /= rsi_period;
      loss_ /= rsi_period;
    }
  } else {
    gain_ = (gain_ * (rsi_period - 1) + gain) / rsi_period;
    loss_ = (loss_ * (rsi_period - 1) + loss) / rsi_period;
  }
}

std::optional<double> daily_features::rsi() const noexcept {
  if (count_ <= rsi_period)
    return std::nullopt;
  if (loss_ > 0.0)
    return 100.0 - 100.0 / (1.0 + gain_ / loss_);
  return gain_ > 0.0 ? 100.0 : 50.0;
}

std::optional<double> daily_features::volatility() const noexcept {
  if (count_ < close_window)
    return std::nullopt;
  std::array<double, close_window - 1> returns;
  for (std::size_t i = 0; i < returns.size(); ++i)
    returns[i] = closes_[i + 1] / closes_[i] - 1.0;
  auto mean = mean_of_last(returns, returns.size());
  double squares = 0.0;
  for (auto r : returns)
    squares += (r - mean) * (r - mean);
  return std::sqrt(squares / static_cast<double>(returns.size() - 1));
}

std::optional<double>
daily_features::change_over(std::uint32_t bars) const noexcept {
  if (count_ <= bars)
    return std::nullopt;
  return closes_.back() / closes_[close_window - 1 - bars] - 1.0;
}

daily_indicators daily_features::indicators() const noexcept {
  daily_indicators x;
  x.count = count_;
  x.last = last_;
  if (count_ == 0)
    return x;
  x.daily_range = (last_.high - last_.low) / last_.close;
  if (count_ >= 5) {
    x.sma5 = mean_of_last(closes_, 5);
    x.volume_sma5 = mean_of_last(volumes_, 5);
  }
  if (count_ >= 20) {
    x.sma20 = mean_of_last(closes_, 20);
    x.volume_sma20 = mean_of_last(volumes_, 20);
  }
  x.rsi14 = rsi();
  if (ema12_.ready())
    x.ema12 = ema12_.value();
  if (ema26_.ready())
    x.ema26 = ema26_.value();
  if (count_ >= minimum_macd_bars) {
    x.macd_line = ema12_.value() - ema26_.value();
    x.macd_signal = signal_.value();
    x.macd_histogram = *x.macd_line - *x.macd_signal;
  }
  x.volatility = volatility();
  x.change_1d = change_over(1);
  x.change_5d = change_over(5);
  x.change_20d = change_over(20);
  return x;
}

} // namespace banksia
