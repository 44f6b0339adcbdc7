#include "models/features/recent_days.hpp"

#include "models/features/window_formulas.hpp"

#include <cmath>

namespace banksia {

double recent_days::add(const day_bar& x) noexcept {
  auto before = last_.close;
  auto change = return_of(x.close, before);
  if (count_ > 0) {
    rsi_.add(x.close - before);
    range_.add(true_range(x.high, x.low, before));
  }
  close_left_ = closes_[oldest_].first;
  closes_[oldest_] = {x.close, change};
  volumes_[oldest_] = x.volume;
  oldest_ = after(oldest_);
  sum_ = ahead_ + close_and_return{x.close, change};
  volume_sum_ = volume_ahead_ + x.volume;
  add_ahead();
  last_ = x;
  ++count_;
  ema12_.add(x.close);
  ema26_.add(x.close);
  if (ema26_.ready())
    signal_.add(ema12_.value() - ema26_.value());
  return change;
}

/// Of the next window, in which the oldest is no more.
void recent_days::add_ahead() noexcept {
  close_and_return closes;
  double volumes = 0.0;
  auto slot = oldest_;
#pragma GCC unroll 32
  for (std::uint32_t i = 1; i < window; ++i) {
    slot = after(slot);
    closes += closes_[slot];
    volumes += volumes_[slot];
  }
  ahead_ = closes;
  volume_ahead_ = volumes;
}

void recent_days::rescale(const basis_change& change) noexcept {
  close_left_ *= change.prices;
  for (auto& x : closes_)
    x.first *= change.prices;
  for (auto& x : volumes_)
    x *= change.volumes;
  // Returns and sums from the closes as they now are, so that their bits do not
  // depend on whether the past was rescaled or added so.
  auto before = close_left_;
  sum_ = {};
  volume_sum_ = 0.0;
  auto slot = oldest_;
  for (std::uint32_t i = 0; i < window; ++i) {
    auto& x = closes_[slot];
    x.second = return_of(x.first, before);
    before = x.first;
    sum_ += x;
    volume_sum_ += volumes_[slot];
    slot = after(slot);
  }
  add_ahead();
  last_ = on_new_basis(last_, change);
  rsi_.rescale(change.prices);
  range_.rescale(change.prices);
  ema12_.rescale(change.prices);
  ema26_.rescale(change.prices);
  signal_.rescale(change.prices);
}

/// Those of the last 20 closes and volumes.
void recent_days::write_windows(daily_indicators& x) const noexcept {
  if (count_ >= 5) {
    double close = 0.0, volume = 0.0;
    for (std::uint32_t i = 5; i-- > 0;) {
      auto slot = slot_of(i);
      close += closes_[slot].first;
      volume += volumes_[slot];
    }
    x.sma5 = close / 5.0;
    x.volume_sma5 = volume / 5.0;
  }
  if (count_ < window)
    return;
  auto means = sum_ / double{window};
  close_and_return around;
  auto slot = oldest_;
#pragma GCC unroll 32
  for (std::uint32_t i = 0; i < window; ++i) {
    around += square_around(closes_[slot], means);
    slot = after(slot);
  }
  x.sma20 = means.first;
  x.volume_sma20 = volume_sum_ / double{window};
  auto lines = bollinger_bands(means.first, around.first, window);
  x.bollinger_upper = lines.upper;
  x.bollinger_lower = lines.lower;
  if (count_ > window)
    x.volatility = std::sqrt(around.second / double{window - 1});
}

void recent_days::write(daily_indicators& x) const noexcept {
  x.count = count_;
  x.last = last_;
  x.daily_range = (last_.high - last_.low) / last_.close;
  write_windows(x);
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
    x.change_1d = last_.close / close_before(1) - 1.0;
  if (count_ > 5)
    x.change_5d = last_.close / close_before(5) - 1.0;
  if (count_ > 20)
    x.change_20d = last_.close / close_left_ - 1.0;
}

} // namespace banksia
