#pragma once

/// The features that a symbol's own bars say. Here, so that indicators pass from
/// where they are made to the vector in registers.

#include "messages/features.hpp"
#include "models/features/daily_indicators.hpp"
#include "models/features/values_writer.hpp"

namespace banksia {

/// What a symbol's own bars say.
struct bar_view {
  daily_indicators indicators; ///< the running day counts as the last
  optional_number volume_ratio; ///< missing: no usable volume
  double volume_so_far = 0.0;         ///< of the last day
  optional_number close_1h_ago;       ///< 60 open minutes before
  optional_number close_4h_ago;       ///< 240 open minutes before
};

/// `x / base - 1`; missing where the base is.
inline optional_number ratio(double x, optional_number base) noexcept {
  return x / *base - 1.0;
}

/// The features that `set_bars` sets: from here on, up to and not including the
/// other.
inline constexpr auto bar_features_begin = feature_index("rsi");
inline constexpr auto bar_features_end
  = feature_index("volume_price_trend") + 1;

/// Takes features out of the vector again. @returns `mask` without them
inline std::uint64_t forget(feature_values& to, std::uint64_t mask,
                            std::size_t begin, std::size_t end) noexcept {
  for (auto i = begin; i < end; ++i) {
    to[i] = 0.0;
    mask &= ~(std::uint64_t{1} << i);
  }
  return mask;
}

/// Sets each of the features of `bars`. @returns the mask of those there are
[[gnu::always_inline]] inline std::uint64_t
set_bars(feature_values& to, const bar_view& bars) {
  const auto& now = bars.indicators;
  auto close = now.last.close;
  row_writer x{to};
  x.set(at<feature_index("rsi")>(now.rsi14),
        at<feature_index("macd_line")>(now.macd_line),
        at<feature_index("macd_signal")>(now.macd_signal),
        at<feature_index("macd_histogram")>(now.macd_histogram),
        at<feature_index("sma_20")>(now.sma20),
        at<feature_index("sma_50")>(now.sma50),
        at<feature_index("sma_200")>(now.sma200),
        at<feature_index("ema_12")>(now.ema12),
        at<feature_index("ema_26")>(now.ema26),
        at<feature_index("bollinger_upper")>(now.bollinger_upper),
        at<feature_index("bollinger_lower")>(now.bollinger_lower),
        at<feature_index("bollinger_width")>(
          (*now.bollinger_upper - *now.bollinger_lower) / *now.sma20),
        at<feature_index("current_price")>(close),
        at<feature_index("price_change_1h")>(ratio(close, bars.close_1h_ago)),
        at<feature_index("price_change_4h")>(ratio(close, bars.close_4h_ago)),
        at<feature_index("price_change_1d")>(now.change_1d),
        at<feature_index("price_change_5d")>(now.change_5d),
        at<feature_index("price_change_20d")>(now.change_20d),
        at<feature_index("price_vs_sma20")>(ratio(close, now.sma20)),
        at<feature_index("price_vs_sma50")>(ratio(close, now.sma50)),
        at<feature_index("price_vs_sma200")>(ratio(close, now.sma200)),
        at<feature_index("daily_range")>(now.daily_range),
        at<feature_index("atr_14")>(now.atr14),
        at<feature_index("volatility_20d")>(now.volatility),
        at<feature_index("volume")>(bars.volume_so_far),
        at<feature_index("volume_sma20")>(now.volume_sma20),
        at<feature_index("volume_ratio")>(bars.volume_ratio),
        at<feature_index("on_balance_volume")>(now.on_balance_volume),
        at<feature_index("volume_price_trend")>(now.volume_price_trend));
  // Without a usable mean a zero would stand for "the source has none".
  return bars.volume_ratio ? x.mask()
                           : forget(to, x.mask(), feature_index("volume"),
                                    bar_features_end);
}

} // namespace banksia
