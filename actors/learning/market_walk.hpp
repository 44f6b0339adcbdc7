#pragma once

/// What the market as a whole said at each slot, from the bars of one symbol
/// after the other, so that no two need to be held at a time.

#include "actors/run_plan.hpp"
#include "actors/symbol/recompute.hpp"
#include "messages/market_values.hpp"
#include "models/market/listings.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace banksia::learning {

class market_walk {
public:
  /// @param plan and @param listed and @param slots (ascending) outlive this
  market_walk(const run_plan& plan, const listings& listed,
              std::span<const timestamp> slots);

  /// Takes in the index.
  void add_index(const prediction_inputs& inputs);

  /// Takes in what is known of a symbol.
  void add(const std::string& symbol, const prediction_inputs& inputs);

  /// Takes in the bars of a context series.
  void add(context_series series, const std::vector<bar>& bars);

  /// The values of each slot, as its cycle has them.
  std::vector<market_values> values() const;

private:
  std::vector<double> changes_of(const std::string& symbol,
                                 std::span<const bar> bars,
                                 session_closes closes) const;

  const run_plan& plan_;
  const listings& listed_;
  std::span<const timestamp> slots_;
  std::vector<double> index_; ///< one a slot; NaN: none
  std::map<std::string, std::vector<double>> symbols_; ///< in order of name
  std::map<context_series, level_series> levels_;
};

} // namespace banksia::learning
