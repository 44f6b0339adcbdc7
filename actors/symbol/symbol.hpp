#pragma once

#include "actors/store/history.hpp"
#include "actors/symbol/predictor.hpp"
#include "messages/actors.hpp"
#include "models/market/listings.hpp"
#include "runtime/supervision/ref.hpp"
#include "runtime/supervision/shell.hpp"

#include <map>
#include <memory>
#include <vector>

namespace banksia {

/// Where a symbol finds its past.
struct symbol_history {
  bar_history bars;
  bool headlines = false; ///< true where there are news
  timestamp settled; ///< no request asks about a time before it
  /// The codes it has traded under, itself the last; empty: no other.
  std::vector<code_span> codes = {};
};

/// `symbol/<ticker>`. Owns the feature state of one symbol. It is rebuilt from
/// the store after a restart, when a request asks about a time before the last
/// one, and when a split, dividend or revision concerns bars that are part of
/// it; requests and bars wait meanwhile.
struct symbol_state {
  static inline const char* name = "symbol";

  shared_plan plan;
  symbol_history history;
  std::unique_ptr<predictor> model;
  std::uint32_t index = 0; ///< position in the run's symbol list
  bool ready = true;
  /// Requests that came while the state was being rebuilt, with who asks.
  std::vector<std::pair<caf::strong_actor_ptr, predict_request>> waiting;
  std::vector<bar> arrived; ///< likewise bars
  /// The newest bar of each interval that was read: what the feed delivers up
  /// to it is known already.
  std::map<bar_interval, timestamp> read_until;

  const std::string& ticker() const { return plan->symbols[index]; }

  /// All its codes, the oldest first.
  std::vector<code_span> codes() const;

  /// Forgets everything.
  /// @param settled no request asks about a time before it
  void begin_again(timestamp settled);

  /// Takes in a bar from the feed.
  void take(bar x);

  /// Takes in all that was read, then what has arrived meanwhile.
  void take_history(std::vector<bar> bars);

  prediction_draft answer(const predict_request& request);
};

using symbol_self = shell<symbol_state, symbol_actor>;

symbol_actor::behavior_type symbol(symbol_self* self,
                                   std::shared_ptr<probe> watched,
                                   shared_plan plan, std::uint32_t index,
                                   symbol_history history);

} // namespace banksia
