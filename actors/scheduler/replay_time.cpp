#include "actors/scheduler/scheduler.hpp"

namespace banksia {

namespace {

/// Elapsed time for the feed to deliver one slot's bars.
constexpr std::chrono::minutes feed_limit{5};
constexpr std::chrono::minutes flush_limit{10};

void finish(scheduler_self* self) {
  if (self->state.status.finished || self->state.finishing)
    return;
  self->state.finishing = true;
  self->request(self->state.wiring.evaluator.get(), flush_limit,
                wire::flush_atom_v)
    .then(
      [self](std::uint64_t) {
        self->state.status.finished = true;
        if (auto told = std::exchange(self->state.wiring.finished, nullptr))
          told(self->state.status);
      },
      // The evaluator was restarted meanwhile and knows what is owed: it is
      // asked again at the next look.
      [self](caf::error&) { self->state.finishing = false; });
}

/// Who predicts at a slot. On daily bars: who has one that day. Within a day:
/// everyone, as on a live clock, once anybody has traded in the session; whose
/// prices are stale abstains.
void choose_participants(scheduler_state& state, timestamp slot,
                         const feed_progress& progress,
                         scheduler_state::issued_cycle& into) {
  if (!progress.participants.empty())
    state.traded_until = slot;
  if (state.plan->interval == bar_interval::d1) {
    into.due.everyone = false;
    into.due.participants = progress.participants;
    if (progress.participants.empty())
      into.missed = "no_data";
    return;
  }
  auto running = state.plan->calendar.session_at(slot);
  into.due.everyone = true;
  if (!running || state.traded_until <= running->opens_at)
    into.missed = "no_data";
}

void delivered(scheduler_self* self, timestamp slot,
               const feed_progress& progress) {
  auto& state = self->state;
  --state.feed_in_flight;
  state.status.bars += progress.bars;
  state.status.market_time = slot;
  state.feed_exhausted = progress.exhausted;
  scheduler_state::issued_cycle next;
  next.due.slot = make_slot(*state.plan, slot, slot);
  choose_participants(state, slot, progress, next);
  // What is stored already only had to be delivered once more.
  if (slot > state.resume_after)
    issue(self, std::move(next));
  advance_replay(self);
}

/// Whether daily work comes before the slot: all cycles before it are stored
/// then, and the slot waits for its end, so that each cycle is made with the
/// same model every time.
bool waits_for_jobs(scheduler_self* self, timestamp slot) {
  auto& state = self->state;
  owe_jobs(self, slot);
  return !state.jobs.empty();
}

} // namespace

void advance_replay(scheduler_self* self) {
  auto& state = self->state;
  while (!state.walked_to_end && state.feed_in_flight < state.feed_window
         && state.in_flight.size() + state.feed_in_flight < state.window) {
    auto slot = state.walk->peek();
    if (!slot || *slot > state.clock.end || state.feed_exhausted) {
      state.walked_to_end = true;
      break;
    }
    if (waits_for_jobs(self, *slot))
      break;
    state.walk->pop();
    ++state.feed_in_flight;
    self->request(state.wiring.feed.get(), feed_limit, wire::advance_atom_v,
                  *slot)
      .then([self, at = *slot](const feed_progress& x) {
        delivered(self, at, x);
      },
      // Without its feed a replay cannot go on: the supervisor starts this
      // actor again, which resumes after the last stored cycle.
      [self](caf::error& err) { self->quit(std::move(err)); });
  }
  if (!state.jobs.empty() && state.feed_in_flight == 0
      && state.in_flight.empty())
    look_after_jobs(self);
  if (state.walked_to_end && state.feed_in_flight == 0 && state.in_flight.empty())
    finish(self);
}

} // namespace banksia
