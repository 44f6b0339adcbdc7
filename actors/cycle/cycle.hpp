#pragma once

#include "actors/cycle/market_desk.hpp"
#include "actors/listings/roster.hpp"
#include "actors/run_plan.hpp"
#include "actors/store/history.hpp"
#include "messages/actors.hpp"
#include "models/decision/market_context_state.hpp"
#include "models/market/bar_revisions.hpp"
#include "runtime/supervision/ref.hpp"
#include "runtime/supervision/shell.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <optional>
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
  bar_history index; ///< where the index's past is found
  /// Who is asked as of a slot; null: all symbols of the plan.
  std::shared_ptr<const roster> listed = nullptr;
  /// The name of a symbol that came since the start.
  std::function<ref<symbol_actor>(const std::string&)> name_of = {};
  /// Who is asked for forecasts; empty: nobody.
  ref<forecast_gate_actor> gate = {};
  /// The gate answers well before; then the cycle goes on without it.
  std::chrono::milliseconds gate_limit{5000};
  /// Or it asks again, and goes on with an answer alone: of a replay.
  bool gate_insists = false;
};

/// `cycle`. Promises: one prediction or abstention for each symbol that is
/// followed as of the slot (a halted one abstains without being asked), the
/// cycle stored in one transaction and in the order of its slots; nothing is
/// told to anybody before the commit of it and of all cycles before it. A
/// symbol that was started again is asked again.
class cycle_state {
public:
  static inline const char* name = "cycle";

  /// @param told whether the feeds tell everything from the beginning
  void configure(shared_plan plan, cycle_wiring wiring, bool told = true);

  /// A bar of the index; counts from its `known_at` on.
  void add_index_bar(const bar& x);

  /// A later word on a bar of the index; likewise.
  void add_index_revision(const bar_revision& x);

  /// Whether the context of `slot` can be made: no later one was, no bar came
  /// that an earlier one should have been made from, and nothing known by then
  /// changes bars that it is made from already.
  bool context_fits(timestamp slot) const;

  /// Forgets the index: its past is read again.
  void forget_index();

  /// The market context as of a slot, which `context_fits`.
  market_context context_at(timestamp slot);

  // -- the market as a whole ------------------------------------------------------

  /// Takes in a bar of the index, of a symbol or of a context series; each
  /// counts from its `known_at` on.
  void add_bars(const bar_batch& batch);
  void add_revision(const bar_revision& x);
  void add_action(const corporate_action& x) { market_.add(x); }

  /// The desk, for who reads the past into it.
  market_desk& market() noexcept { return market_; }

  /// The symbols whose past is to be read before a cycle is opened.
  std::vector<std::string> unread_at(timestamp slot);

  /// The latest slot whose context was made.
  timestamp asked_until() const noexcept { return asked_until_; }

  /// Opens a cycle. @returns the request for its symbols; nothing when the cycle
  /// is open already
  std::optional<predict_request> open(const cycle_due& due);

  /// Takes an answer; late or doubled ones are dropped.
  void take(prediction_draft& draft);

  /// Whoever has not answered abstains.
  void expire(std::uint64_t sequence);

  /// So much elapsed time has passed: cycles whose deadline is over expire.
  void wait(std::chrono::milliseconds passed);

  /// Takes up the symbols that came since the last call.
  void follow();

  /// The symbols that a cycle waits for.
  std::vector<std::uint32_t> awaited_by(std::uint64_t sequence) const;

  /// The requests that a symbol has not answered, oldest first.
  std::vector<predict_request> unanswered(std::uint32_t symbol_index) const;

  /// A cycle that is not made.
  void miss(const cycle_slot& slot, const std::string& reason);

  /// What models are to be asked about a cycle that has all its answers; each
  /// cycle once. Its number is the cycle's sequence.
  std::optional<forecast_request> next_to_forecast();

  /// What the models say: the cycle is decided and complete. Late or doubled
  /// answers are dropped; one without models leaves the decision to the rules.
  void take(const forecast_answer& answer);

  /// The gate has not answered: it is asked again by `next_to_forecast`.
  void forecast_again(std::uint64_t number);

  /// The next record whose turn it is, or nothing. Records leave in the order
  /// in which their cycles were opened.
  const cycle_record* next_to_store();

  /// The writer has lost records: all that are not committed are sent again.
  void send_again();

  /// The record is on disk.
  /// @param before that cycle had been stored before, maybe with other answers
  void commit(std::uint64_t sequence, bool before = false);

  /// What is told after a commit.
  struct committed {
    obligation_batch owed;
    cycle_result result;
    cycle_record record;
    /// What is stored may say something else: it is not told from memory.
    bool stored_before = false;
  };

  /// The next committed cycle to be told, in the order of slots; nothing while
  /// one before it is not committed.
  std::optional<committed> next_to_tell();

  std::size_t open_cycles() const noexcept { return open_.size(); }

  bool is_open(std::uint64_t sequence) const {
    return open_.contains(sequence);
  }

  shared_plan plan;
  cycle_wiring wiring;
  bool ready = true;     ///< what had to be read is known
  bool retrying = false; ///< nothing is sent until the pause is over
  bool watching = false; ///< a look after the open cycles is under way
  std::vector<std::function<void()>> held; ///< what came before it was ready
  std::vector<std::uint64_t> asked; ///< generation of each symbol last asked

  /// When a cycle whose trace is sampled was begun, by sequence.
  struct begun {
    std::int64_t wall_ns = 0;
    std::int64_t elapsed_ns = 0;
  };
  std::map<std::uint64_t, begun> traced;

private:
  /// Where a cycle stands with the models.
  enum class forecasting : std::uint8_t { due, asked, over };

  struct gathering {
    cycle_record record;
    market_values market;
    std::vector<std::uint32_t> awaited; ///< symbol indexes asked
    std::vector<bool> answered;         ///< beside `awaited`
    std::vector<prediction> drafts;     ///< beside `awaited`
    std::vector<bar_window> windows;    ///< likewise, where models are asked
    std::size_t missing = 0;
    forecasting models = forecasting::over;
    bool sent = false;
    bool committed = false;
    bool stored_before = false;
    std::chrono::milliseconds waited{0};
  };

  /// Who has a place in the cycle; those that are halted have abstained.
  void invite(const cycle_due& due, gathering& x) const;
  prediction abstention(const cycle_record& record, std::uint32_t index,
                        abstain_reason why) const;
  /// All answers are there: models are next, or it is complete.
  void close(gathering& x);
  void complete(gathering& x);
  void stop_waiting(std::uint64_t sequence, const gathering& x);
  void owe_outcomes(cycle_record& record) const;

  /// The symbols followed as of a slot; nothing where that never changes.
  std::optional<std::vector<std::string>> followed_at(timestamp slot) const;

  roster_reader listed_;
  market_desk market_;
  std::map<std::uint64_t, gathering> open_; ///< by sequence
  std::deque<bar> index_bars_;              ///< not yet known, by `known_at`
  std::vector<bar_revision> index_revisions_; ///< not yet known
  bar_revisions revised_;                     ///< known
  timestamp newest_index_bar_{};              ///< start of the newest one used
  bool index_overtaken_ = false; ///< a bar came behind what was asked for
  market_context_state context_;
  timestamp asked_until_{};
};

using cycle_self = shell<cycle_state, cycle_actor>;

cycle_actor::behavior_type cycle(cycle_self* self,
                                 std::shared_ptr<probe> watched,
                                 shared_plan plan, cycle_wiring wiring);

} // namespace banksia
