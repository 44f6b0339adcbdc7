#include "models/features/recent_days.hpp"

namespace banksia {

double recent_days::add(const day_bar& x) noexcept {
  auto before = last_.close;
  auto change = return_of(x.close, before);
  if (count_ > 0) {
    rsi_.add(x.close - before);
    range_.add(true_range(x.high, x.low, before));
  }
  close_left_ = closes_.oldest().first;
  closes_.add({x.close, change});
  volumes_.add(x.volume);
  means_ = (ahead_ + close_and_return{x.close, change}) / double{window};
  volume_mean_ = (volume_ahead_ + x.volume) / double{window};
  look_over_window();
  last_ = x;
  ++count_;
  ema12_.add(x.close);
  ema26_.add(x.close);
  if (ema26_.ready())
    signal_.add(ema12_.value() - ema26_.value());
  return change;
}

/// Oldest first, with the means of the window known.
void recent_days::look_over_window() noexcept {
  const auto means = means_;
  auto closes = closes_.values();
  auto volumes = volumes_.values();
  auto around = square_around(closes[0], means);
  close_and_return ahead;
  double volume_ahead = 0.0;
#pragma GCC unroll 32
  for (std::size_t i = 1; i < window; ++i) {
    ahead += closes[i];
    around += square_around(closes[i], means);
    volume_ahead += volumes[i];
  }
  around_ = around;
  ahead_ = ahead;
  volume_ahead_ = volume_ahead;
}

void recent_days::rescale(const basis_change& change) noexcept {
  close_left_ *= change.prices;
  // Returns and sums from the closes as they now are, so that their bits do not
  // depend on whether the past was rescaled or added so.
  auto before = close_left_;
  close_and_return sum;
  closes_.change_each([&](close_and_return x) {
    x.first *= change.prices;
    x.second = return_of(x.first, before);
    before = x.first;
    sum += x;
    return x;
  });
  double volume_sum = 0.0;
  volumes_.change_each([&](double x) {
    x *= change.volumes;
    volume_sum += x;
    return x;
  });
  means_ = sum / double{window};
  volume_mean_ = volume_sum / double{window};
  look_over_window();
  last_ = on_new_basis(last_, change);
  rsi_.rescale(change.prices);
  range_.rescale(change.prices);
  ema12_.rescale(change.prices);
  ema26_.rescale(change.prices);
  signal_.rescale(change.prices);
}

} // namespace banksia
