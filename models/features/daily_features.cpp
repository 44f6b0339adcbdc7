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
}

void daily_features::add_close(const day_bar& x) noexcept {
  if (count_ > 0) {
    rsi_.add(x.close - closes_.back());
    range_.add(true_range(x.high, x.low, closes_.back()));
  }
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

daily_features::returns daily_features::daily_returns() const noexcept {
  returns result;
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] = closes_[i + 1] / closes_[i] - 1.0;
  return result;
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
  if (count_ >= 20) {
    auto closes = last_of(closes_, 20);
    x.sma20 = mean_of(closes);
    x.volume_sma20 = mean_of(volumes_);
    auto lines = bollinger_bands(closes, *x.sma20);
    x.bollinger_upper = lines.upper;
    x.bollinger_lower = lines.lower;
  }
  if (count_ >= close_window) {
    auto changes = daily_returns();
    auto squares = squares_around(changes, mean_of(changes));
    x.volatility = std::sqrt(squares / static_cast<double>(changes.size() - 1));
    x.on_balance_volume = on_balance_volume(closes_, volumes_);
    x.volume_price_trend = volume_price_trend(changes, volumes_);
  }
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
