#pragma once

/// Predictions from what the store holds, without any actor: made anew, and
/// compared bit for bit with the stored ones. Used by `banksia predict` and
/// `banksia explain`.

#include "actors/run_plan.hpp"
#include "actors/store/queries.hpp"
#include "actors/symbol/prediction_comparison.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

/// What a prediction is made from.
struct prediction_inputs {
  std::vector<bar> bars; ///< of the symbol, in the order they are applied
  std::vector<headline> headlines;
  std::vector<corporate_action> actions;
  std::vector<bar_revision> revisions;
  std::vector<bar> index_bars; ///< as `bars`; empty without an index
  std::vector<bar_revision> index_revisions;
  market_values market; ///< `read_market` tells; else none
};

/// Everything stored that a prediction of `symbol` as of `slot` may see. A
/// replay's feed delivers bars of its own interval only; a live run also knows
/// the daily bars and the headlines, of which the newest `headlines_max` are
/// read: by default more than the window of one slot holds.
prediction_inputs read_inputs(store::queries& ask, const run_plan& plan,
                              const std::string& symbol, timestamp slot,
                              std::int64_t headlines_max = 1000);

/// What the market as a whole says as of the slot: the same as the cycle's, from
/// the last sessions' bars that the store holds.
/// @param followed the symbols that have a place in the cycle
market_values read_market(store::queries& ask, const run_plan& plan,
                          timestamp slot,
                          const std::vector<std::string>& followed);

/// The bars of a context series that opened at `from` or later and are known by
/// `until`, whatever their length.
std::vector<bar> read_levels(store::queries& ask, context_series series,
                             timestamp from, timestamp until);

/// The symbols that a cycle as of the slot asks: those of the plan, in a live
/// run with what became of them.
std::vector<std::string> followed_at(store::queries& ask, const run_plan& plan,
                                     timestamp slot);

/// The market context as of the slot, from index bars known by then, as the
/// revisions known by then say them.
market_context context_from(const run_plan& plan,
                            const std::vector<bar>& index_bars,
                            const std::vector<bar_revision>& revisions,
                            timestamp slot);

/// A prediction by the rules, and what models would be asked.
struct made_prediction {
  prediction content;
  forecast_row row;
};

/// The prediction of the plan's run as of the slot.
made_prediction predict_from(shared_plan plan, const std::string& symbol,
                        const prediction_inputs& inputs, timestamp slot);

/// A stored prediction, made once more.
struct recomputation {
  prediction stored;
  prediction recomputed;
  field_comparison fields;
  std::string stored_build; ///< the build that made the stored one
  std::size_t bars = 0;     ///< read, of the symbol
  std::size_t headlines = 0;
  std::size_t index_bars = 0;
  /// Models whose forecasts could not be made again, with why; their stored
  /// numbers are taken for granted.
  std::vector<std::string> unchecked;
  /// False: the symbol's actor did not answer in time, or was not asked since
  /// the symbol was halted, so that its inputs had no part in it; only its
  /// market context is compared.
  bool had_inputs = true;

  bool identical() const noexcept { return fields.differences.empty(); }

  /// Only numbers differ, each within `build_tolerance`.
  bool within_tolerance() const noexcept;
};

/// Makes a stored forecast again where it once lay. @returns an empty text, or
/// why it cannot be made
using forecast_again
  = std::function<std::string(class_forecast& stored, const forecast_row& row)>;

/// Makes a stored prediction again.
/// @param models asked for its forecasts; null: they are taken for granted
/// @param plan of the run that made it, with the configuration of then
/// @throws storage::storage_error
recomputation recompute(store::queries& ask,
                        const store::stored_prediction& stored,
                        shared_plan plan, const forecast_again& models = {});

} // namespace banksia
