#pragma once

/// What models are trained and judged on: every slot of a run with what could
/// be known then, and what came of it.
///
/// Training sees what serving sees: each row is made by the `predictor` that
/// answers a cycle, and each outcome by the `outcome_book` of the evaluator.

#include "actors/run_plan.hpp"
#include "actors/store/queries.hpp"
#include "actors/symbol/recompute.hpp"
#include "models/forecast/inputs.hpp"
#include "models/market/listings.hpp"
#include "models/scoring/named_forecast.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace banksia::learning {

struct dataset_options {
  timestamp from{};  ///< the first slot may be this
  timestamp as_of{}; ///< nothing that became known later is used
  /// Half the flat band in standard deviations of the horizon.
  double flat_band = 0.43;
  /// At most so many rows, an equal part of them each symbol's newest. With
  /// what training needs beside it a row takes about 4.5 kB at the most
  /// (docs/forecasts.md), so 200,000 of them need some 0.9 GB.
  std::size_t rows_max = 200'000;
};

/// What became of the slots that were looked at.
struct dataset_counts {
  std::uint64_t slots = 0;     ///< a symbol's each, from its first bar on
  std::uint64_t abstained = 0; ///< nothing was to be predicted then
  std::uint64_t open = 0;      ///< no outcome by `as_of`, or a void one
  std::uint64_t gaps = 0;      ///< the outcome came more than a session later
  std::uint64_t unbanded = 0;  ///< no flat band: no volatility, or no trading

  std::uint64_t older = 0;     ///< too many rows: these were the oldest

  friend bool operator==(const dataset_counts&,
                         const dataset_counts&) = default;
};

/// Rows by slot, then by symbol; everything has one entry a row.
struct dataset {
  std::vector<std::string> symbols; ///< by the index that rows have
  forecast::training_set rows;
  std::vector<forecast_sample> samples;
  std::vector<trade_action> rules; ///< what the rules decided
  dataset_counts counts;

  std::size_t size() const noexcept { return rules.size(); }
};

/// Slots of the plan's run in [from, as_of].
std::vector<timestamp> slots_between(const run_plan& plan, timestamp from,
                                     timestamp as_of);

/// The market context of each slot (ascending), as a cycle has it.
std::vector<market_context> contexts_at(const run_plan& plan,
                                        const prediction_inputs& inputs,
                                        std::span<const timestamp> slots);

/// Called after each symbol with what is done, 0 … 1; what it throws ends it.
using dataset_progress = std::function<void(double)>;

/// What a dataset is made from.
struct dataset_source {
  shared_plan plan; ///< its symbols are the ones to learn from
  listings listed;  ///< of the symbols; a plain one: nothing ever changed
  /// Everything known of a symbol by a time.
  std::function<prediction_inputs(const std::string&, timestamp)> read;
  /// The bars of the plan's context series; only those known by `as_of`.
  std::map<context_series, std::vector<bar>> levels = {};
};

/// A run's data in the store. A live run has the symbols that were ever
/// followed, others those of the plan. `ask` must outlive the source.
dataset_source source_from(store::queries& ask, run_plan plan,
                           timestamp as_of);

/// @throws storage::storage_error, and what `progress` throws
dataset make_dataset(const dataset_source& from, const dataset_options& options,
                     const dataset_progress& progress = {});

/// Rows of these indices, in their order.
forecast::training_set rows_at(const dataset& of,
                               std::span<const std::uint32_t> indices);

} // namespace banksia::learning
