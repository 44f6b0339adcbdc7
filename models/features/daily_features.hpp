#pragma once

/// Indicators of one symbol over daily bars, kept up bar by bar.

#include "messages/domain.hpp"
#include "models/market/adjustment.hpp"

#include <array>
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

/// An exponential mean over `Period` values, seeded with the simple mean of the
/// first `Period` (the convention of TA libraries), then
/// mean += 2 / (Period + 1) × (value - mean).
template <int Period>
class exponential_mean {
public:
  void add(double x) noexcept {
    if (count_ < Period) {
      value_ += x;
      if (++count_ == Period)
        value_ /= Period;
    } else {
      value_ += 2.0 / (Period + 1) * (x - value_);
    }
  }

  /// As if every value added so far had been `factor` times as large.
  void rescale(double factor) noexcept { value_ *= factor; }

  /// False until `Period` values were added.
  bool ready() const noexcept { return count_ == Period; }

  /// The mean. Only when `ready`.
  double value() const noexcept { return value_; }

  friend bool operator==(const exponential_mean&,
                         const exponential_mean&) = default;

private:
  double value_ = 0.0; ///< the sum until ready
  std::int32_t count_ = 0;
};

/// Every indicator as of the last bar. What too short a history (or a zero
/// where one divides) leaves undefined is missing.
struct daily_indicators {
  std::uint32_t count = 0; ///< daily bars behind them
  day_bar last;
  std::optional<double> sma5;
  std::optional<double> sma20;
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
  std::optional<double> volatility; ///< sample std. dev. of 20 daily returns
  std::optional<double> change_1d;  ///< close / close 1 bar before - 1
  std::optional<double> change_5d;
  std::optional<double> change_20d;
  double daily_range = 0.0; ///< (high - low) / close of the last bar
};

/// The state behind `daily_indicators`: some 450 bytes, O(1) a bar. Sums over a
/// window are taken afresh from its values, oldest first, so they carry no drift
/// and equal bars give equal bits however often the process was restarted.
/// Exponential means (EMA, Wilder) hold all bars since the first one added.
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

  daily_indicators indicators() const noexcept;

  friend bool operator==(const daily_features&,
                         const daily_features&) = default;

private:
  static constexpr std::size_t close_window = 21;
  static constexpr std::size_t volume_window = 20;
  static constexpr std::uint32_t rsi_period = 14;

  void add_change(double change) noexcept;
  std::optional<double> rsi() const noexcept;
  std::optional<double> volatility() const noexcept;
  std::optional<double> change_over(std::uint32_t bars) const noexcept;

  std::uint32_t count_ = 0;
  std::array<double, close_window> closes_{};   ///< newest last
  std::array<double, volume_window> volumes_{}; ///< newest last
  day_bar last_;
  double gain_ = 0.0; ///< Wilder's mean gain; the sum until 14 changes
  double loss_ = 0.0; ///< Wilder's mean loss, positive; likewise
  exponential_mean<12> ema12_;
  exponential_mean<26> ema26_;
  exponential_mean<9> signal_;
};

} // namespace banksia
