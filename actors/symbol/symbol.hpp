#pragma once

#include "actors/symbol/predictor.hpp"
#include "messages/actors.hpp"
#include "runtime/supervision/ref.hpp"
#include "runtime/supervision/shell.hpp"

#include <memory>
#include <vector>

namespace banksia {

/// `symbol/<ticker>`. Owns the feature state of one symbol; after a restart it
/// is rebuilt from the store before the first answer: requests wait meanwhile.
struct symbol_state {
  static inline const char* name = "symbol";

  std::unique_ptr<predictor> model;
  std::uint32_t index = 0; ///< position in the run's symbol list
  bool ready = true;
  /// Requests that came while the state was being rebuilt, with who asks.
  std::vector<std::pair<caf::strong_actor_ptr, predict_request>> waiting;

  prediction_draft answer(const predict_request& request);
};

using symbol_self = shell<symbol_state, symbol_actor>;

/// Where a symbol finds its history after a restart. Without a reader it
/// begins empty (a replay delivers all history itself).
struct symbol_history {
  ref<store_reader_actor> reader;
  std::vector<bar_interval> intervals; ///< to read, coarsest first
  timestamp until; ///< everything known by then; later bars come from the feed
  timestamp settled; ///< no request asks about a time before it
};

symbol_actor::behavior_type symbol(symbol_self* self,
                                   std::shared_ptr<probe> watched,
                                   shared_plan plan, std::uint32_t index,
                                   symbol_history history);

} // namespace banksia
