#pragma once

/// One symbol's way through the slots.

#include "actors/learning/dataset.hpp"
#include "actors/symbol/predictor.hpp"

#include <array>
#include <vector>

namespace banksia::learning {

/// A slot of a symbol with its outcome.
struct symbol_row {
  feature_vector features;
  bar_window window;
  forecast_sample sample;
  trade_action rule = trade_action::none;
};

/// What a walk needs beside the symbol's own data.
struct symbol_walk {
  const dataset_source& from;
  const dataset_options& options;
  std::span<const timestamp> slots;          ///< ascending
  std::span<const market_context> contexts;  ///< one a slot
  std::size_t rows_max; ///< of a symbol; the newest are kept
};

/// The rows of a symbol, in time order; adds to `counts`.
std::vector<symbol_row> rows_of(const symbol_walk& walk, std::uint32_t symbol,
                                const prediction_inputs& inputs,
                                dataset_counts& counts);

} // namespace banksia::learning
