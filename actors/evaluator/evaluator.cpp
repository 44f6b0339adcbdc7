#include "actors/evaluator/evaluator.hpp"

#include "actors/listings/code_history.hpp"
#include "actors/scheduler/slot_walk.hpp"
#include "actors/tracing/work.hpp"
#include "messages/json.hpp"
#include "runtime/json/text.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace banksia {

evaluator_state::~evaluator_state() {
  for (auto& promise : flushing)
    promise.deliver(caf::make_error(caf::sec::request_receiver_down));
}

namespace {

void answer_flushes(evaluator_self* self) {
  auto& state = self->state;
  if (state.unacknowledged.size() > 0 || !state.ready)
    return;
  for (auto& promise : std::exchange(state.flushing, {}))
    promise.deliver(state.outcomes);
}

void publish(evaluator_self* self, const outcome_batch& batch) {
  auto& bus = self->state.wiring.bus;
  if (!bus)
    return;
  for (const auto& x : batch.outcomes) {
    event told;
    told.time = x.evaluation_timestamp;
    told.kind = "outcome";
    told.subject = x.symbol;
    told.payload = json_text(to_json(x));
    bus.tell(self, std::move(told));
  }
}

/// Sends a batch until it is committed.
void store(evaluator_self* self, std::uint64_t number) {
  auto batch = self->state.unacknowledged.find(number);
  if (!batch)
    return;
  send_to_store(self, self->state.wiring.writer, number, *batch,
                [self](std::uint64_t x) {
                  auto& state = self->state;
                  auto done = state.unacknowledged.take(x);
                  state.outcomes += done.outcomes.size();
                  for (const auto& made : done.outcomes)
                    if (state.reading)
                      state.forget_later.push_back(made);
                    else
                      state.book->forget(made);
                  publish(self, done);
                  answer_flushes(self);
                });
}

/// Outcomes of many cycles are made at once: a trace of its own, linked to each.
void link_to_cycles(const run_plan& plan, const std::vector<outcome>& made) {
  if (telemetry::current_trace() == nullptr)
    return;
  std::set<timestamp> slots;
  for (const auto& x : made)
    if (slots.insert(x.prediction.slot()).second)
      link_to_cycle(make_slot(plan, x.prediction.slot(), {}).id);
}

void store_made(evaluator_self* self) {
  auto made = self->state.book->take();
  if (made.empty())
    return;
  own_trace trace{self, "outcomes"};
  link_to_cycles(*self->state.plan, made);
  outcome_batch batch;
  batch.outcomes = std::move(made);
  auto number = self->state.next_batch++;
  self->state.unacknowledged.put(number, std::move(batch));
  store(self, number);
}

/// What counts before the bars at hand is known by now: time waits for it.
void know_listings(evaluator_state& state) {
  if (!state.listed.changed())
    return;
  state.plan = state.listed.plan();
  state.book->know(state.listed.listed());
}

void take_bars(evaluator_self* self, const bar_batch& batch) {
  know_listings(self->state);
  for (const auto& x : batch.bars)
    self->state.book->add(x);
  self->state.book->advance(batch.watermark);
  store_made(self);
}

void read_owed(evaluator_self* self);

void end_reading(evaluator_self* self) {
  auto& state = self->state;
  state.reading = false;
  for (const auto& made : std::exchange(state.forget_later, {}))
    state.book->forget(made);
  if (std::exchange(state.read_again, false))
    read_owed(self);
}

void become_ready(evaluator_self* self) {
  self->state.ready = true;
  self->say_ready();
  for (auto& x : std::exchange(self->state.held, {}))
    if (auto bars = std::get_if<bar_batch>(&x))
      take_bars(self, *bars);
    else
      self->state.book->lag(std::get<series_lag_batch>(x).lags);
  store_made(self);
  answer_flushes(self);
  end_reading(self);
}

bar_history data_history(const evaluator_state& state) {
  return {state.wiring.reader, {state.plan->data_interval}, true};
}

/// Reads actions and bars of each symbol, one after the other: also of those
/// that owe nothing yet, whose predictions may be on their way.
void read_bars(evaluator_self* self, std::vector<std::string> symbols,
               timestamp since) {
  if (symbols.empty()) {
    become_ready(self);
    return;
  }
  auto symbol = std::move(symbols.back());
  symbols.pop_back();
  auto take = [self, symbols, since](const std::vector<bar>& bars) {
    // From the last one on that the oldest slot may have been predicted from.
    auto first = std::find_if(bars.begin(), bars.end(), [since](const bar& x) {
      return x.known_at > since;
    });
    if (first != bars.begin())
      --first;
    for (; first != bars.end(); ++first)
      self->state.book->add(*first);
    read_bars(self, symbols, since);
  };
  read_actions(
    self, self->state.wiring.reader, symbol,
    [self, symbol, take](const std::vector<corporate_action>& actions) {
      const auto& state = self->state;
      for (const auto& x : actions)
        state.book->add(x);
      read_history(self, data_history(state), symbol, take);
    });
}

/// The codes under which what a symbol owes is traded.
std::vector<code_span> codes_of(const evaluator_state& state,
                                const std::string& symbol) {
  if (const auto& listed = state.listed.listed())
    return listed->codes_after(symbol);
  return {{symbol}};
}

/// By which bars are read: a code before its successors, whose bars count for
/// it too. The last is read first.
std::vector<std::string> reading_order(const evaluator_state& state) {
  auto symbols = state.plan->symbols;
  if (const auto& listed = state.listed.listed();
      listed && !listed->is_plain())
    std::stable_sort(symbols.begin(), symbols.end(),
                     [&](const auto& a, const auto& b) {
                       return listed->codes_before(a).size()
                              > listed->codes_before(b).size();
                     });
  return symbols;
}

using late_obligations = std::map<std::string, std::vector<obligation>>;

/// What is learnt of late (whoever should have told it has died) needs bars
/// that are forgotten: they are read again, one symbol after the other.
void read_late(evaluator_self* self, late_obligations late) {
  if (late.empty()) {
    end_reading(self);
    return;
  }
  auto first = late.extract(late.begin());
  read_code_history(
    self, data_history(self->state), codes_of(self->state, first.key()),
    [self, late, these = std::move(first.mapped())](
      const std::vector<bar>& bars) {
      for (const auto& x : these)
        self->state.book->owe(x, bars);
      store_made(self);
      read_late(self, late);
    },
    // The next sweep finds them again.
    [self](caf::error&) { end_reading(self); });
}

void take_owed(evaluator_self* self, const obligation_batch& owed) {
  auto& state = self->state;
  know_listings(state);
  auto since = owed.committed_slot;
  late_obligations late;
  for (const auto& x : owed.obligations) {
    if (state.ready && state.book->lacks_bars(x))
      late[x.symbol].push_back(x);
    else
      state.book->owe(x);
    since = std::min(since, x.slot);
  }
  if (!state.ready && state.reads_bars) {
    read_bars(self, reading_order(state), since);
  } else if (!state.ready) {
    become_ready(self);
  } else {
    store_made(self);
    read_late(self, std::move(late));
  }
}

/// Learns from the store what is owed.
void read_owed(evaluator_self* self) {
  if (std::exchange(self->state.reading, true)) {
    self->state.read_again = true;
    return;
  }
  self->state.wiring.reader.ask(
    self, history_limit,
    [self](const obligation_batch& owed) { take_owed(self, owed); },
    [self](caf::error& err) {
      // A sweep is repeated anyway; the first read is not.
      if (!self->state.ready)
        self->quit(std::move(err));
      else
        end_reading(self);
    },
    wire::owed_atom_v, self->state.plan->run);
}

component_health health_of(const evaluator_state& state) {
  component_health result;
  result.component = "outcome_evaluator";
  if (state.unacknowledged.size() > 100) {
    result.state = health_state::degraded;
    result.reason = "outcomes wait for the database";
  }
  return result;
}

} // namespace

evaluator_actor::behavior_type evaluator(evaluator_self* self,
                                         std::shared_ptr<probe> watched,
                                         shared_plan plan,
                                         evaluator_wiring wiring) {
  auto generation = watched ? watched->generation.load() : 1;
  prepare(self, std::move(watched));
  self->state.plan = plan;
  self->state.wiring = std::move(wiring);
  self->state.reads_bars
    = self->state.wiring.bars_from_store || generation > 1;
  self->state.listed = roster_reader{self->state.wiring.listed};
  self->state.book = std::make_unique<outcome_book>(std::move(plan));
  self->hold_ready();
  read_owed(self);
  return {
    [self](bar_batch& batch) {
      if (self->state.ready)
        take_bars(self, batch);
      else
        self->state.held.emplace_back(std::move(batch));
    },
    [self](series_lag_batch& batch) {
      if (self->state.ready)
        self->state.book->lag(batch.lags);
      else
        self->state.held.emplace_back(std::move(batch));
    },
    [self](const corporate_action_batch& batch) {
      for (const auto& x : batch.actions)
        self->state.book->add(x);
    },
    [self](const obligation_batch& batch) {
      for (const auto& x : batch.obligations)
        self->state.book->owe(x);
      // Bars that are still being read are not older than this.
      if (self->state.ready)
        self->state.book->settle(batch.committed_slot);
      store_made(self);
    },
    [self](wire::rebuild_atom, std::uint64_t number) { store(self, number); },
    [self](wire::sweep_atom) -> std::uint64_t {
      read_owed(self);
      return self->state.book->open();
    },
    [self](wire::flush_atom) {
      auto promise
        = self->make_response_promise<caf::typed_response_promise<std::uint64_t>>();
      self->state.flushing.push_back(promise);
      answer_flushes(self);
      return promise;
    },
    [self](wire::health_atom) { return health_of(self->state); },
  };
}

} // namespace banksia
