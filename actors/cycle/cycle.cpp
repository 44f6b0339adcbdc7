#include "actors/cycle/cycle.hpp"

#include "actors/store/outbox.hpp"
#include "messages/json.hpp"

namespace banksia {

namespace {

void publish(cycle_self* self, const cycle_record& record) {
  auto& bus = self->state.wiring.bus;
  if (!bus)
    return;
  for (const auto& p : record.predictions) {
    event x;
    x.time = p.slot;
    x.kind = "prediction";
    x.subject = p.symbol;
    x.payload = boost::json::serialize(to_json(p));
    bus.tell(self, std::move(x));
  }
  event x;
  x.time = record.slot.slot;
  x.kind = "cycle";
  x.subject = to_string(record.slot.id);
  x.payload = boost::json::serialize(to_json(record.slot, record.status));
  bus.tell(self, std::move(x));
}

void tell_committed(cycle_self* self, std::uint64_t sequence) {
  auto done = self->state.finish(sequence);
  const auto& to = self->state.wiring;
  to.evaluator.tell(self, std::move(done.owed));
  publish(self, done.record);
  to.scheduler.tell(self, std::move(done.result));
}

/// Sends one record until it is committed.
void store(cycle_self* self, std::uint64_t sequence) {
  if (auto record = self->state.record_of(sequence))
    send_to_store(self, self->state.wiring.writer, sequence, *record,
                  [self](std::uint64_t x) { tell_committed(self, x); });
}

void store_complete(cycle_self* self) {
  while (auto record = self->state.next_to_store())
    store(self, record->slot.sequence);
}

/// One message object for all symbols: 2,000 receivers share it.
void ask_symbols(cycle_self* self, const cycle_due& due,
                 predict_request request) {
  auto message = caf::make_message(std::move(request));
  auto ask = [&](std::uint32_t index) {
    if (index >= self->state.wiring.symbols.size())
      return;
    if (const auto& target = self->state.wiring.symbols[index].get())
      caf::actor_cast<caf::strong_actor_ptr>(target)->enqueue(
        self->ctrl(), caf::make_message_id(), message, self->context());
  };
  if (due.everyone) {
    for (std::uint32_t i = 0; i < self->state.wiring.symbols.size(); ++i)
      ask(i);
  } else {
    for (auto index : due.participants)
      ask(index);
  }
}

} // namespace

cycle_actor::behavior_type cycle(cycle_self* self,
                                 std::shared_ptr<probe> watched,
                                 shared_plan plan, cycle_wiring wiring) {
  prepare(self, std::move(watched));
  self->state.configure(std::move(plan), std::move(wiring));
  return {
    [self](const bar_batch& batch) {
      for (const auto& x : batch.bars)
        self->state.add_index_bar(x);
    },
    [self](const cycle_due& due) {
      ask_symbols(self, due, self->state.open(due));
      auto deadline = self->state.wiring.deadline;
      if (deadline.count() > 0)
        self->delayed_send(self, deadline, wire::deadline_atom_v,
                           due.slot.sequence);
      store_complete(self);
    },
    [self](prediction_draft& draft) {
      self->state.take(draft);
      store_complete(self);
    },
    [self](wire::deadline_atom, std::uint64_t sequence) {
      self->state.expire(sequence);
      store_complete(self);
    },
    [self](wire::rebuild_atom, std::uint64_t sequence) {
      store(self, sequence);
    },
    [self](const cycle_slot& slot, const std::string& reason) {
      self->state.miss(slot, reason);
      store_complete(self);
    },
    [](wire::health_atom) {
      component_health result;
      result.component = "prediction_engine";
      return result;
    },
  };
}

} // namespace banksia
