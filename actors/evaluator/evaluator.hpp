#pragma once

#include "actors/evaluator/outcome_book.hpp"
#include "actors/listings/roster.hpp"
#include "actors/store/history.hpp"
#include "actors/store/outbox.hpp"
#include "messages/actors.hpp"
#include "runtime/supervision/ref.hpp"
#include "runtime/supervision/shell.hpp"

#include <memory>
#include <variant>
#include <vector>

namespace banksia {

struct evaluator_wiring {
  ref<store_writer_actor> writer;
  ref<store_reader_actor> reader;
  ref<event_bus_actor> bus; ///< may be empty: nothing is published
  /// True: bars since the oldest open obligation are read from the store at
  /// the first start too. False: the feed delivers them again (replay).
  bool bars_from_store = false;
  /// What becomes of listings; null: nothing ever does (a replay).
  std::shared_ptr<const roster> listed = nullptr;
};

/// `evaluator`. Promises: each owed outcome is made once its horizon is final,
/// stored before it is told, and kept here until its commit. After a restart it
/// reads what is owed from the store.
struct evaluator_state {
  static inline const char* name = "evaluator";

  shared_plan plan;
  evaluator_wiring wiring;
  std::unique_ptr<outcome_book> book;
  roster_reader listed;
  outbox<outcome_batch> unacknowledged;
  std::uint64_t next_batch = 1;
  std::uint64_t outcomes = 0; ///< committed since the start
  bool ready = false;
  bool reads_bars = false; ///< at this start, from the store
  bool reading = false; ///< what is owed, from the store
  /// A sweep was asked for while a read was under way: another one follows, and
  /// only one, however often it was asked for.
  bool read_again = false;
  /// Committed while a read was under way, which may still show them as owed.
  std::vector<outcome> forget_later;
  /// What came before the book was ready, in order.
  std::vector<std::variant<bar_batch, series_lag_batch>> held;
  std::vector<caf::typed_response_promise<std::uint64_t>> flushing;

  evaluator_state() = default;
  evaluator_state(const evaluator_state&) = delete;
  evaluator_state& operator=(const evaluator_state&) = delete;
  /// Whoever waits for a flush is told that nobody will answer.
  ~evaluator_state();
};

using evaluator_self = shell<evaluator_state, evaluator_actor>;

evaluator_actor::behavior_type evaluator(evaluator_self* self,
                                         std::shared_ptr<probe> watched,
                                         shared_plan plan,
                                         evaluator_wiring wiring);

} // namespace banksia
