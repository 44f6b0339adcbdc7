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
  std::optional<double> volume_ratio; ///< missing: no usable volume
  double volume_so_far = 0.0;         ///< of the last day
  optional_number close_1h_ago;       ///< 60 open minutes before
  optional_number close_4h_ago;       ///< 240 open minutes before
};

/// `x / base - 1`; missing where the base is.
inline optional_number ratio(double x, optional_number base) noexcept {
  return x / *base - 1.0;
}

inline std::uint64_t set_technical(feature_values& to,
                                   const daily_indicators& now) {
  values_writer x{to};
  x.set(feature_index("rsi"), now.rsi14);
  x.set(feature_index("macd_line"), now.macd_line);
  x.set(feature_index("macd_signal"), now.macd_signal);
  x.set(feature_index("macd_histogram"), now.macd_histogram);
  x.set(feature_index("sma_20"), now.sma20);
  x.set(feature_index("sma_50"), now.sma50);
  x.set(feature_index("sma_200"), now.sma200);
  x.set(feature_index("ema_12"), now.ema12);
  x.set(feature_index("ema_26"), now.ema26);
  x.set(feature_index("bollinger_upper"), now.bollinger_upper);
  x.set(feature_index("bollinger_lower"), now.bollinger_lower);
  if (now.sma20)
    x.set(feature_index("bollinger_width"),
          (*now.bollinger_upper - *now.bollinger_lower) / *now.sma20);
  return x.mask();
}

inline std::uint64_t set_prices(feature_values& to, const bar_view& bars) {
  values_writer x{to};
  const auto& now = bars.indicators;
  auto close = now.last.close;
  x.set(feature_index("current_price"), close);
  x.set(feature_index("price_change_1h"), ratio(close, bars.close_1h_ago));
  x.set(feature_index("price_change_4h"), ratio(close, bars.close_4h_ago));
  x.set(feature_index("price_change_1d"), now.change_1d);
  x.set(feature_index("price_change_5d"), now.change_5d);
  x.set(feature_index("price_change_20d"), now.change_20d);
  x.set(feature_index("price_vs_sma20"), ratio(close, now.sma20));
  x.set(feature_index("price_vs_sma50"), ratio(close, now.sma50));
  x.set(feature_index("price_vs_sma200"), ratio(close, now.sma200));
  x.set(feature_index("daily_range"), now.daily_range);
  x.set(feature_index("atr_14"), now.atr14);
  x.set(feature_index("volatility_20d"), now.volatility);
  return x.mask();
}

inline std::uint64_t set_volumes(feature_values& to, const bar_view& bars) {
  values_writer x{to};
  // Without a usable mean a zero would stand for "the source has none".
  if (!bars.volume_ratio)
    return x.mask();
  const auto& now = bars.indicators;
  x.set(feature_index("volume"), bars.volume_so_far);
  x.set(feature_index("volume_sma20"), now.volume_sma20);
  x.set(feature_index("volume_ratio"), bars.volume_ratio);
  x.set(feature_index("on_balance_volume"), now.on_balance_volume);
  x.set(feature_index("volume_price_trend"), now.volume_price_trend);
  return x.mask();
}

/// The features of `bars`. @returns their mask
[[gnu::always_inline]] inline std::uint64_t
set_bars(feature_values& to, const bar_view& bars) {
  return set_technical(to, bars.indicators) | set_prices(to, bars)
         | set_volumes(to, bars);
}

} // namespace banksia
