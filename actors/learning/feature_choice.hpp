#pragma once

/// Which features a model learns from.

#include "messages/features.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace banksia::learning {

/// Features that tell a level, of prices or of shares traded, and not a shape:
/// their values of one year say nothing of the next one's, when a share may
/// cost twice as much. What there is in them is told without the level by the
/// others (`price_vs_…`, `bollinger_width`, `volume_ratio`). Chosen for that
/// reason, not by what they did to a result. The rate of a currency is one too;
/// the volatility index is not: it tells how much prices move, in percent a
/// year, and comes back to where it was.
inline constexpr std::array level_features{
  feature_index("macd_line"),         feature_index("macd_signal"),
  feature_index("macd_histogram"),    feature_index("sma_20"),
  feature_index("sma_50"),            feature_index("sma_200"),
  feature_index("ema_12"),            feature_index("ema_26"),
  feature_index("bollinger_upper"),   feature_index("bollinger_lower"),
  feature_index("current_price"),     feature_index("atr_14"),
  feature_index("volume"),            feature_index("volume_sma20"),
  feature_index("on_balance_volume"), feature_index("volume_price_trend"),
  feature_index("aud_usd_rate")};

/// Bit i set: models learn from feature i.
constexpr std::uint64_t learned_features() noexcept {
  auto mask = (std::uint64_t{1} << feature_count) - 1;
  for (auto i : level_features)
    mask &= ~(std::uint64_t{1} << i);
  return mask;
}

} // namespace banksia::learning
