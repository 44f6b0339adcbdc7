#pragma once

/// From news, context and calendar to the vector of 53.

#include "messages/features.hpp"
#include "messages/market_values.hpp"
#include "models/features/calendar_phase.hpp"
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

/// Sets the features that the market's values are.
void set_market(feature_vector& x, const market_values& market);

/// Sets all features of `feature_table` beside those of a symbol's own bars
/// (`bar_values.hpp`), which are there already; no value is ever infinite or NaN,
/// whatever finite prices there were.
void complete(feature_vector& x, const std::optional<news_signal>& news,
              const feature_surroundings& around);

} // namespace banksia
