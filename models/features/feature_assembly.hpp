#pragma once

/// From indicators, news, context and calendar to the vector of 53.

#include "messages/features.hpp"
#include "messages/market_values.hpp"
#include "models/features/calendar_phase.hpp"
#include "models/features/daily_indicators.hpp"
#include "models/sentiment/news_signal.hpp"

#include <optional>

namespace banksia {

/// What the features say beside a symbol's own bars. What is missing leaves its
/// features missing.
struct feature_surroundings {
  std::optional<calendar_phase> phase;
  /// The index's close over its close 5 sessions before, - 1.
  std::optional<double> index_trend;
  market_values market = {}; ///< of all symbols and of other markets
};

/// What a symbol's own bars say.
struct bar_view {
  daily_indicators indicators; ///< the running day counts as the last
  std::optional<double> volume_ratio; ///< missing: no usable volume
  double volume_so_far = 0.0;         ///< of the last day
  optional_number close_1h_ago;       ///< 60 open minutes before
  optional_number close_4h_ago;       ///< 240 open minutes before
};

/// Sets the features that the market's values are.
void set_market(feature_vector& x, const market_values& market);

/// The features by `feature_table`; no value is ever infinite or NaN, whatever
/// finite prices there were.
/// @param bars null without a bar
feature_vector assemble(const bar_view* bars,
                        const std::optional<news_signal>& news,
                        const feature_surroundings& around);

} // namespace banksia
