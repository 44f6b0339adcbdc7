#pragma once

/// Indicators of one symbol over daily bars, kept up bar by bar.

#include "messages/domain.hpp"
#include "models/features/smoothing.hpp"
#include "models/features/window_sum.hpp"
#include "models/market/adjustment.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace banksia {

/// Daily bars without which there is no prediction (`insufficient_history`):
/// 20 daily returns need 21 closes.
inline constexpr std::uint32_t minimum_history_bars = 21;

/// Daily bars without which MACD is masked: 26 + 9.
inline constexpr std::uint32_t minimum_macd_bars = 35;

/// A day's prices and volume, without what is not needed for indicators.
struct day_bar {
  double open = 0.0;
  double high = 0.0;
  double low = 0.0;
  double close = 0.0;
  double volume = 0.0;

  friend bool operator==(const day_bar&, const day_bar&) = default;
};

day_bar to_day_bar(const bar& x) noexcept;

/// The same day in the shares and money of after a split or dividend.
day_bar on_new_basis(const day_bar& x, const basis_change& change) noexcept;

/// Every indicator as of the last bar. What too short a history (or a zero
/// where one divides) leaves undefined is missing.
struct daily_indicators {
  std::uint32_t count = 0; ///< daily bars behind them
  day_bar last;
  std::optional<double> sma5;
  std::optional<double> sma20;
  std::optional<double> sma50;
  std::optional<double> sma200;
  std::optional<double> bollinger_upper; ///< sma20 + 2 population deviations
  std::optional<double> bollinger_lower; ///< sma20 - 2 population deviations
  /// Wilder's RSI over 14 changes; 100 without losses, 50 without any change
  /// (flat is neutral, and mirrors to itself).
  std::optional<double> rsi14;
  std::optional<double> ema12;
  std::optional<double> ema26;
  std::optional<double> macd_line;      ///< ema12 - ema26; from 35 bars on
  std::optional<double> macd_signal;    ///< EMA 9 of the line; from 35 bars on
  std::optional<double> macd_histogram; ///< line - signal; from 35 bars on
  std::optional<double> volume_sma5;
  std::optional<double> volume_sma20;
  std::optional<double> atr14; ///< Wilder's mean of 14 true ranges
  /// Over the last 20 changes of close: volume of rises less volume of falls.
  std::optional<double> on_balance_volume;
  /// Over the last 20 changes of close: Σ volume × return.
  std::optional<double> volume_price_trend;
  std::optional<double> volatility; ///< sample std. dev. of 20 daily returns
  std::optional<double> change_1d;  ///< close / close 1 bar before - 1
  std::optional<double> change_5d;
  std::optional<double> change_20d;
  double daily_range = 0.0; ///< (high - low) / close of the last bar
};

/// The state behind `daily_indicators`: some 3,100 bytes, most of them the 250
/// numbers behind the means of 50 and 200 days; O(1) a bar. Sums over 5 and 20
/// closes, volumes and returns are taken afresh, oldest first; the others never
/// subtract (`window_sum`). So none drifts, and equal bars give equal bits
/// however often the process was restarted. Exponential means (EMA, Wilder) hold
/// all bars since the first one added; the two volume lines, which would depend
/// on where a history begins, are taken over their last 20 changes instead.
class daily_features {
public:
  /// Adds a finished daily bar, which must be `usable` (`bar_lineage.hpp`).
  void add_close(const bar& x) noexcept { add_close(to_day_bar(x)); }
  void add_close(const day_bar& x) noexcept;

  /// As if every bar added so far had been given on the new basis, but for
  /// rounding: all that is kept of them is linear in prices or in volumes. O(1).
  void rescale(const basis_change& change) noexcept;

  /// The number of bars added.
  std::uint32_t count() const noexcept { return count_; }

  /// The last bar added; only when there is one.
  const day_bar& last() const noexcept { return last_; }

  daily_indicators indicators() const noexcept;

  friend bool operator==(const daily_features&,
                         const daily_features&) = default;

private:
  static constexpr std::size_t close_window = 21;
  static constexpr std::size_t volume_window = 20;

  using returns = std::array<double, close_window - 1>;

  void set_window_indicators(daily_indicators& x) const noexcept;
  void renew_returns() noexcept;
  std::optional<double> change_over(std::uint32_t bars) const noexcept;

  std::uint32_t count_ = 0;
  std::array<double, close_window> closes_{};   ///< newest last
  std::array<double, volume_window> volumes_{}; ///< newest last
  returns returns_{}; ///< of each close over the one before, newest last
  day_bar last_;
  relative_strength<14> rsi_;
  wilder_mean<14> range_;
  exponential_mean<12> ema12_;
  exponential_mean<26> ema26_;
  exponential_mean<9> signal_;
  window_sum<20> balance_;     ///< of signed volumes
  window_sum<20> price_trend_; ///< of volume × return
  window_sum<50> closes50_;
  window_sum<200> closes200_;
};

} // namespace banksia
