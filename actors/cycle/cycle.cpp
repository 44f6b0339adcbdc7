#include "actors/cycle/cycle.hpp"

#include "actors/cycle/read_market.hpp"
#include "actors/store/outbox.hpp"
#include "actors/tracing/work.hpp"
#include "messages/json.hpp"
#include "runtime/json/text.hpp"

namespace banksia {

namespace {

void publish(cycle_self* self, const prediction& p) {
  event x;
  x.time = p.slot;
  x.kind = "prediction";
  x.subject = p.symbol;
  x.payload = json_text(to_json(p));
  self->state.wiring.bus.tell(self, std::move(x));
}

/// @param stored_before what is stored may say something else than this record
void publish(cycle_self* self, const cycle_record& record,
             bool stored_before) {
  auto& bus = self->state.wiring.bus;
  if (!bus)
    return;
  if (!stored_before)
    for (const auto& p : record.predictions)
      publish(self, p);
  event x;
  x.time = record.slot.slot;
  x.kind = "cycle";
  x.subject = to_string(record.slot.id);
  x.payload = json_text(to_json(record.slot, record.status));
  bus.tell(self, std::move(x));
}

/// Lets the evaluator read from the store what is owed.
void sweep(cycle_self* self) {
  if (const auto& to = self->state.wiring.evaluator.get())
    self->request(to, commit_limit, wire::sweep_atom_v)
      // It sweeps by itself from time to time.
      .then([](std::uint64_t) {}, [](caf::error&) {});
}

// -- traces ----------------------------------------------------------------------

void begin_trace(cycle_self* self, const cycle_slot& slot) {
  const auto& watched = self->own_probe();
  if (!watched || !watched->spans)
    return;
  const auto& spans = *watched->spans;
  if (context_of(slot.id, spans).sampled)
    self->state.traced.emplace(
      slot.sequence, cycle_state::begun{spans.wall(), spans.elapsed()});
}

/// The first span of a cycle's trace, which ends when all is told.
void end_trace(cycle_self* self, const cycle_record& record) {
  auto begun = self->state.traced.extract(record.slot.sequence);
  if (begun.empty())
    return;
  auto& spans = *self->own_probe()->spans;
  telemetry::span x;
  x.context = context_of(record.slot.id, spans);
  x.name = "cycle";
  x.start_ns = begun.mapped().wall_ns;
  x.end_ns = x.start_ns + (spans.elapsed() - begun.mapped().elapsed_ns);
  x.attributes = {{"banksia.cycle_id", to_string(record.slot.id)},
                  {"banksia.run", record.slot.run},
                  {"banksia.slot", to_rfc3339(record.slot.slot)},
                  {"banksia.predictions",
                   static_cast<std::int64_t>(record.predictions.size())},
                  {"banksia.reason", record.reason}};
  spans.record(std::move(x));
}

void tell_committed(cycle_self* self) {
  const auto& to = self->state.wiring;
  while (auto done = self->state.next_to_tell()) {
    cycle_scope within{self, done->record.slot.id};
    end_trace(self, done->record);
    if (done->stored_before)
      sweep(self);
    else
      to.evaluator.tell(self, std::move(done->owed));
    publish(self, done->record, done->stored_before);
    to.scheduler.tell(self, std::move(done->result));
  }
}

/// Sends what is complete, in order. After a failure nothing is sent for a
/// pause, then all that is not committed, so that the order is kept.
void store_complete(cycle_self* self) {
  if (self->state.retrying)
    return;
  while (auto record = self->state.next_to_store()) {
    auto sequence = record->slot.sequence;
    cycle_scope within{self, record->slot.id};
    self->request(self->state.wiring.writer.get(), commit_limit, *record)
      .then(
        [self, sequence](const commit_receipt& x) {
          self->state.commit(sequence, x.rows == 0 && x.duplicates > 0);
          tell_committed(self);
        },
        [self, sequence](caf::error&) {
          if (std::exchange(self->state.retrying, true))
            return;
          self->delayed_send(self, commit_retry_pause, wire::rebuild_atom_v,
                             sequence);
        });
  }
}

/// Asks the models about the cycles that have all their answers, then stores
/// what is complete.
void go_on(cycle_self* self) {
  auto& state = self->state;
  // Who insists looks after the gate again soon: see `look_after`.
  while (!state.wiring.gate_insists || state.wiring.gate.get()) {
    auto request = state.next_to_forecast();
    if (!request)
      break;
    auto unanswered = [self, number = request->number](caf::error&) {
      if (self->state.wiring.gate_insists) {
        self->state.forecast_again(number);
        return;
      }
      forecast_answer nothing;
      nothing.number = number;
      self->state.take(nothing);
      go_on(self);
    };
    const auto& gate = state.wiring.gate.get();
    if (!gate) {
      caf::error away;
      unanswered(away);
      continue;
    }
    self->request(gate, state.wiring.gate_limit, std::move(*request))
      .then(
        [self](const forecast_answer& answer) {
          self->state.take(answer);
          go_on(self);
        },
        unanswered);
  }
  store_complete(self);
}

void send_to(cycle_self* self, const symbol_actor& target,
             const caf::message& request) {
  caf::actor_cast<caf::strong_actor_ptr>(target)->enqueue(
    self->ctrl(), caf::make_message_id(), request, self->context());
}

/// Asks a symbol; one that was started since also what it has forgotten.
void ask(cycle_self* self, std::uint32_t index, const caf::message& request) {
  auto& state = self->state;
  if (index >= state.wiring.symbols.size())
    return;
  const auto& name = state.wiring.symbols[index];
  const auto& target = name.get();
  if (!target)
    return;
  if (std::exchange(state.asked[index], name.generation())
      == name.generation()) {
    if (!request.empty())
      send_to(self, target, request);
    return;
  }
  for (auto& x : state.unanswered(index))
    send_to(self, target, caf::make_message(std::move(x)));
}

/// One message object for all symbols: 2,000 receivers share it.
void ask_symbols(cycle_self* self, const cycle_due& due,
                 predict_request request) {
  auto message = caf::make_message(std::move(request));
  for (auto index : self->state.awaited_by(due.slot.sequence))
    ask(self, index, message);
}

/// How often, in elapsed time, open cycles are looked after.
constexpr std::chrono::milliseconds look_pause{200};

std::chrono::milliseconds pause_of(const cycle_state& state) {
  auto deadline = state.wiring.deadline;
  return deadline.count() > 0 ? std::min(look_pause, deadline) : look_pause;
}

void watch(cycle_self* self) {
  if (self->state.open_cycles() == 0
      || std::exchange(self->state.watching, true))
    return;
  self->delayed_send(self, pause_of(self->state), wire::deadline_atom_v,
                     std::uint64_t{0});
}

void look_after(cycle_self* self) {
  auto& state = self->state;
  state.watching = false;
  state.wait(pause_of(state));
  for (std::uint32_t i = 0; i < state.wiring.symbols.size(); ++i)
    ask(self, i, caf::message{});
  go_on(self);
  watch(self);
}

void begin_cycle(cycle_self* self, const cycle_due& due);

/// Does it now, or when the index's past is known.
void when_ready(cycle_self* self, std::function<void()> what) {
  if (self->state.ready)
    what();
  else
    self->state.held.push_back(std::move(what));
}

void end_reading(cycle_self* self) {
  self->state.ready = true;
  self->say_ready();
  for (auto& what : std::exchange(self->state.held, {}))
    when_ready(self, std::move(what));
}

void read_index_revisions(cycle_self* self) {
  const auto& state = self->state;
  read_revisions(
    self, state.wiring.index, state.plan->index_symbol,
    [self](const std::vector<bar_revision>& revisions) {
      for (const auto& x : revisions)
        self->state.add_index_revision(x);
    },
    [self] { end_reading(self); });
}

void read_index(cycle_self* self) {
  auto& state = self->state;
  state.ready = false;
  state.forget_index();
  read_history(self, state.wiring.index, state.plan->index_symbol,
               [self](std::vector<bar> bars) {
                 std::stable_sort(bars.begin(), bars.end(), applied_before);
                 for (const auto& x : bars)
                   self->state.add_index_bar(x);
                 read_index_revisions(self);
               });
}

/// Reads what the cycle needs and was not told. @returns false when nothing is
/// missing
bool read_missing(cycle_self* self, const cycle_due& due) {
  auto& state = self->state;
  auto slot = due.slot.slot;
  if (!state.wiring.index.reader || state.is_open(due.slot.sequence))
    return false;
  // A scheduler that was started again asks for what it had asked before; a bar
  // that the context was made from may be revised.
  if (!state.context_fits(slot) && !state.plan->index_symbol.empty()) {
    read_index(self);
    return true;
  }
  auto unread = state.unread_at(slot);
  auto levels = state.plan->context.empty() || state.market().levels_read;
  if (unread.empty() && levels)
    return false;
  state.ready = false;
  read_market(self, slot, std::move(unread), [self] { end_reading(self); });
  return true;
}

void begin_cycle(cycle_self* self, const cycle_due& due) {
  auto& state = self->state;
  if (read_missing(self, due)) {
    state.held.push_back([self, due] { begin_cycle(self, due); });
    return;
  }
  begin_trace(self, due.slot);
  if (auto request = state.open(due))
    ask_symbols(self, due, std::move(*request));
  go_on(self);
  watch(self);
}

} // namespace

cycle_actor::behavior_type cycle(cycle_self* self,
                                 std::shared_ptr<probe> watched,
                                 shared_plan plan, cycle_wiring wiring) {
  auto generation = watched ? watched->generation.load() : 1;
  prepare(self, std::move(watched));
  auto reads = wiring.index.wanted(generation);
  self->state.configure(std::move(plan), std::move(wiring), !reads);
  if (reads && !self->state.plan->index_symbol.empty()) {
    self->hold_ready();
    read_index(self);
  }
  return {
    [self](const bar_batch& batch) {
      if (self->state.ready)
        self->state.add_bars(batch);
      else
        when_ready(self, [self, batch] { self->state.add_bars(batch); });
    },
    [self](const bar_revision_batch& batch) {
      when_ready(self, [self, batch] {
        for (const auto& x : batch.revisions)
          self->state.add_revision(x);
      });
    },
    [self](const corporate_action_batch& batch) {
      when_ready(self, [self, batch] {
        for (const auto& x : batch.actions)
          self->state.add_action(x);
      });
    },
    [self](const cycle_due& due) {
      when_ready(self, [self, due] { begin_cycle(self, due); });
    },
    [self](prediction_draft& draft) {
      self->state.take(draft);
      go_on(self);
    },
    [self](wire::deadline_atom, std::uint64_t) { look_after(self); },
    [self](wire::rebuild_atom, std::uint64_t) {
      self->state.retrying = false;
      self->state.send_again();
      store_complete(self);
    },
    [self](const cycle_slot& slot, const std::string& reason) {
      when_ready(self, [self, slot, reason] {
        self->state.miss(slot, reason);
        store_complete(self);
      });
    },
    [](wire::health_atom) {
      component_health result;
      result.component = "prediction_engine";
      return result;
    },
  };
}

} // namespace banksia
