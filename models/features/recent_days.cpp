#include "models/features/recent_days.hpp"

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

recent_days::window_values recent_days::windows() const noexcept {
  window_values x;
  x.means = sum_ / double{window};
  x.volume_mean = volume_sum_ / double{window};
  auto slot = oldest_;
#pragma GCC unroll 32
  for (std::uint32_t i = 0; i < window; ++i) {
    x.around += square_around(closes_[slot], x.means);
    slot = after(slot);
  }
  return x;
}

} // namespace banksia
