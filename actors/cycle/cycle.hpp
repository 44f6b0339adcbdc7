#pragma once

#include "actors/run_plan.hpp"
#include "messages/actors.hpp"
#include "models/decision/market_context_state.hpp"
#include "runtime/supervision/ref.hpp"
#include "runtime/supervision/shell.hpp"

#include <chrono>
#include <deque>
#include <map>
#include <vector>

namespace banksia {

/// Who a cycle talks to.
struct cycle_wiring {
  std::vector<ref<symbol_actor>> symbols; ///< by symbol index
  ref<store_writer_actor> writer;
  ref<evaluator_actor> evaluator;
  ref<scheduler_actor> scheduler;
  ref<event_bus_actor> bus; ///< may be empty: nothing is published
  /// Elapsed time a cycle waits for its symbols; zero: for ever (replay).
  std::chrono::milliseconds deadline{0};
};

/// `cycle`. Promises: one prediction or abstention for each symbol asked, the
/// cycle stored in one transaction and in the order of its slots; nothing is
/// told to anybody before the commit.
class cycle_state {
public:
  static inline const char* name = "cycle";

  void configure(shared_plan plan, cycle_wiring wiring);

  /// A bar of the index; counts from its `known_at` on.
  void add_index_bar(const bar& x);

  /// The market context as of a slot.
  market_context context_at(timestamp slot);

  /// Opens a cycle. @returns the request for its symbols
  predict_request open(const cycle_due& due);

  /// Takes an answer; late or doubled ones are dropped.
  void take(prediction_draft& draft);

  /// Whoever has not answered abstains.
  void expire(std::uint64_t sequence);

  /// A cycle that is not made.
  void miss(const cycle_slot& slot, const std::string& reason);

  /// The next record whose turn it is, or nothing. Records leave in the order
  /// in which their cycles were opened.
  const cycle_record* next_to_store();

  /// What is told after the commit of the oldest record sent.
  struct committed {
    obligation_batch owed;
    cycle_result result;
    cycle_record record;
  };
  committed finish(std::uint64_t sequence);

  const cycle_record* record_of(std::uint64_t sequence) const;

  std::size_t open_cycles() const noexcept { return open_.size(); }

  shared_plan plan;
  cycle_wiring wiring;

private:
  struct gathering {
    cycle_record record;
    std::vector<std::uint32_t> awaited; ///< symbol indexes asked
    std::vector<bool> answered;         ///< beside `awaited`
    std::vector<prediction> drafts;     ///< beside `awaited`
    std::size_t missing = 0;
    bool sent = false;
  };

  void complete(gathering& x);
  void owe_outcomes(cycle_record& record) const;

  std::map<std::uint64_t, gathering> open_; ///< by sequence
  std::deque<bar> index_bars_;              ///< not yet known, by `known_at`
  market_context_state context_;
};

using cycle_self = shell<cycle_state, cycle_actor>;

cycle_actor::behavior_type cycle(cycle_self* self,
                                 std::shared_ptr<probe> watched,
                                 shared_plan plan, cycle_wiring wiring);

} // namespace banksia
