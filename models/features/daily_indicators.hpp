#pragma once

/// Every indicator of a symbol over its daily bars.

#include "models/features/day_bar.hpp"
#include "models/features/optional_number.hpp"

#include <cstdint>

namespace banksia {

/// Daily bars without which there is no prediction (`insufficient_history`):
/// 20 daily returns need 21 closes.
inline constexpr std::uint32_t minimum_history_bars = 21;

/// Daily bars without which MACD is masked: 26 + 9.
inline constexpr std::uint32_t minimum_macd_bars = 35;

/// Every indicator as of the last bar. What too short a history (or a zero
/// where one divides) leaves undefined is missing.
struct daily_indicators {
  std::uint32_t count = 0; ///< daily bars behind them
  day_bar last;
  optional_number sma5;
  optional_number sma20;
  optional_number sma50;
  optional_number sma200;
  optional_number bollinger_upper; ///< sma20 + 2 population deviations
  optional_number bollinger_lower; ///< sma20 - 2 population deviations
  /// Wilder's RSI over 14 changes; 100 without losses, 50 without any change
  /// (flat is neutral, and mirrors to itself).
  optional_number rsi14;
  optional_number ema12;
  optional_number ema26;
  optional_number macd_line;      ///< ema12 - ema26; from 35 bars on
  optional_number macd_signal;    ///< EMA 9 of the line; from 35 bars on
  optional_number macd_histogram; ///< line - signal; from 35 bars on
  optional_number volume_sma5;
  optional_number volume_sma20;
  optional_number atr14; ///< Wilder's mean of 14 true ranges
  /// Over the last 20 changes of close: volume of rises less volume of falls.
  optional_number on_balance_volume;
  /// Over the last 20 changes of close: Σ volume × return.
  optional_number volume_price_trend;
  optional_number volatility; ///< sample std. dev. of 20 daily returns
  optional_number change_1d;  ///< close / close 1 bar before - 1
  optional_number change_5d;
  optional_number change_20d;
  double daily_range = 0.0; ///< (high - low) / close of the last bar

  friend bool operator==(const daily_indicators&,
                         const daily_indicators&) = default;
};

} // namespace banksia
