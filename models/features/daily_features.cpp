#include "models/features/daily_features.hpp"

#include "models/features/window_formulas.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace banksia {

namespace {

/// Drops the oldest of `window` and appends `x`. Moving 20 doubles costs less
/// than the index arithmetic of a ring would at each sum.
template <std::size_t N>
void push(std::array<double, N>& window, double x) noexcept {
  std::copy(window.begin() + 1, window.end(), window.begin());
  window.back() = x;
}

/// `x / before - 1`; 0 where there is no price before.
double return_of(double x, double before) noexcept {
  return before > 0.0 ? x / before - 1.0 : 0.0;
}

/// The newest `n` values.
template <std::size_t N>
std::span<const double> last_of(const std::array<double, N>& window,
                                std::size_t n) noexcept {
  return std::span{window}.last(n);
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
  renew_returns();
  for (auto& x : volumes_)
    x *= change.volumes;
  last_ = on_new_basis(last_, change);
  rsi_.rescale(change.prices);
  range_.rescale(change.prices);
  ema12_.rescale(change.prices);
  ema26_.rescale(change.prices);
  signal_.rescale(change.prices);
  closes50_.rescale(change.prices);
  closes200_.rescale(change.prices);
  balance_.rescale(change.volumes);
  price_trend_.rescale(change.volumes);
}

void daily_features::add_close(const day_bar& x) noexcept {
  if (count_ > 0) {
    rsi_.add(x.close - closes_.back());
    range_.add(true_range(x.high, x.low, closes_.back()));
    balance_.add(signed_volume(x.close, closes_.back(), x.volume));
    price_trend_.add(x.volume * return_of(x.close, closes_.back()));
  }
  push(returns_, return_of(x.close, closes_.back()));
  push(closes_, x.close);
  push(volumes_, x.volume);
  last_ = x;
  ++count_;
  ema12_.add(x.close);
  ema26_.add(x.close);
  if (ema26_.ready())
    signal_.add(ema12_.value() - ema26_.value());
  closes50_.add(x.close);
  closes200_.add(x.close);
}

/// From the closes as they now are, so that their bits do not depend on whether
/// the past was rescaled or added so.
void daily_features::renew_returns() noexcept {
  for (std::size_t i = 0; i < returns_.size(); ++i)
    returns_[i] = return_of(closes_[i + 1], closes_[i]);
}

std::optional<double>
daily_features::change_over(std::uint32_t bars) const noexcept {
  if (count_ <= bars)
    return std::nullopt;
  return closes_.back() / closes_[close_window - 1 - bars] - 1.0;
}

/// Those of the last 20 closes and volumes.
void daily_features::set_window_indicators(daily_indicators& x) const noexcept {
  if (count_ >= 5) {
    x.sma5 = mean_of(last_of(closes_, 5));
    x.volume_sma5 = mean_of(last_of(volumes_, 5));
  }
  if (count_ < volume_window)
    return;
  auto closes = std::span{closes_}.last<volume_window>();
  auto [close, volume, change]
    = means_of<volume_window>(closes, std::span{volumes_}, std::span{returns_});
  auto [around, of_returns]
    = squares_around<volume_window>(closes, close, std::span{returns_}, change);
  x.sma20 = close;
  x.volume_sma20 = volume;
  auto lines = bollinger_bands(close, around, closes.size());
  x.bollinger_upper = lines.upper;
  x.bollinger_lower = lines.lower;
  if (count_ >= close_window)
    x.volatility
      = std::sqrt(of_returns / static_cast<double>(returns_.size() - 1));
}

daily_indicators daily_features::indicators() const noexcept {
  daily_indicators x;
  x.count = count_;
  x.last = last_;
  if (count_ == 0)
    return x;
  x.daily_range = (last_.high - last_.low) / last_.close;
  set_window_indicators(x);
  if (closes50_.ready())
    x.sma50 = closes50_.mean();
  if (closes200_.ready())
    x.sma200 = closes200_.mean();
  if (rsi_.ready())
    x.rsi14 = rsi_.value();
  if (range_.ready())
    x.atr14 = range_.value();
  if (balance_.ready()) {
    x.on_balance_volume = balance_.value();
    x.volume_price_trend = price_trend_.value();
  }
  if (ema12_.ready())
    x.ema12 = ema12_.value();
  if (ema26_.ready())
    x.ema26 = ema26_.value();
  if (count_ >= minimum_macd_bars) {
    x.macd_line = ema12_.value() - ema26_.value();
    x.macd_signal = signal_.value();
    x.macd_histogram = *x.macd_line - *x.macd_signal;
  }
  x.change_1d = change_over(1);
  x.change_5d = change_over(5);
  x.change_20d = change_over(20);
  return x;
}

} // namespace banksia
