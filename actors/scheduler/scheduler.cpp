#include "actors/scheduler/scheduler.hpp"

namespace banksia {

namespace {

void hand_on(scheduler_self* self, const cycle_actor& target,
             const scheduler_state::issued_cycle& x) {
  if (x.missed.empty())
    self->send(target, x.due);
  else
    self->send(target, x.due.slot, x.missed);
}

} // namespace

void issue(scheduler_self* self, scheduler_state::issued_cycle x) {
  auto& state = self->state;
  auto sequence = x.due.slot.sequence;
  auto& kept = state.in_flight[sequence] = std::move(x);
  const auto& target = state.wiring.cycle.get();
  if (!target)
    return;
  if (state.wiring.cycle.generation() == state.issued_to)
    hand_on(self, target, kept);
  else
    reissue_if_lost(self);
}

void reissue_if_lost(scheduler_self* self) {
  auto& state = self->state;
  const auto& target = state.wiring.cycle.get();
  auto generation = state.wiring.cycle.generation();
  if (!target || generation == state.issued_to)
    return;
  state.issued_to = generation;
  for (const auto& [sequence, x] : state.in_flight)
    hand_on(self, target, x);
}

namespace {

/// The jobs of before this start. A mark of the clock is stored behind all that
/// was owed by then, so none lies between it and the newest that is stored.
void begin_jobs(scheduler_state& state, schedule_memory& memory) {
  state.jobs = job_desk{state.wiring.retries};
  auto begun = memory.market_time.value_or(state.clock.start);
  if (state.clock.mode == clock_mode::replay)
    begun = state.clock.start;
  state.job_times.emplace(state.plan, begun,
                          static_cast<bool>(state.wiring.maintenance));
  for (const auto& [kind, due] : memory.newest_jobs)
    state.job_times->reach(kind, due);
  state.held_jobs.clear();
  // A replay does them where it did before: cycles that come before them may
  // not be stored yet.
  if (state.clock.mode == clock_mode::replay) {
    state.held_jobs = std::move(memory.owed_jobs);
    return;
  }
  for (auto& job : memory.owed_jobs)
    state.jobs.resume(std::move(job));
}

void begin(scheduler_self* self) {
  auto& state = self->state;
  auto memory = state.wiring.remember();
  state.status = memory.totals;
  state.status.run = state.plan->run;
  state.status.clock = std::string{to_string(state.clock.mode)};
  state.status.market_time
    = std::max(state.clock.start,
               memory.market_time.value_or(state.clock.start));
  state.next_sweep = state.status.market_time + state.wiring.sweep_every;
  begin_jobs(state, memory);
  if (state.clock.mode == clock_mode::replay) {
    state.status.market_time = state.clock.start;
    state.resume_after = memory.last_ended_slot.value_or(timestamp{});
    // The instant before the first day: its first slot must be found too.
    state.walk.emplace(state.plan, state.clock.start - micros{1});
    self->delayed_send(self, look_pause, wire::next_atom_v);
    advance_replay(self);
    return;
  }
  if (state.clock.mode == clock_mode::live)
    state.status.market_time = state.clock.wall();
  // A run without a past owes nothing before its start: where its clock last
  // stood, or the node's start, which on a live clock are before this one's.
  auto begun = memory.market_time.value_or(state.clock.start);
  auto after = memory.last_ended_slot.value_or(begun);
  // What a life before this one has made or evaluated stands, also where it was
  // killed before it could mark its time: a change counts from behind that.
  if (state.wiring.listed && memory.last_ended_slot)
    state.wiring.listed->reach(
      std::max({after, state.status.market_time,
                memory.evaluated_until.value_or(after)}));
  // Those that have ended since are not made again: what is stored of them
  // stands, and a second answer may be another one.
  for (const auto& owed : memory.owed)
    if (owed.slot <= after)
      state.owed.push_back(owed.slot);
  state.walk.emplace(state.plan, after);
  advance_clock(self);
}

void count(schedule_status& status, const cycle_result& result) {
  status.predictions += result.predictions;
  status.abstentions += result.abstentions;
  switch (result.status) {
    case cycle_status::missed:
      ++status.missed;
      break;
    case cycle_status::late:
      ++status.late;
      [[fallthrough]];
    default:
      ++status.completed;
  }
}

component_health health_of(const scheduler_state& state) {
  component_health result;
  result.component = "scheduler";
  if (!state.feed_trouble.empty()) {
    result.state = health_state::degraded;
    result.reason = "no answer from the feed: " + state.feed_trouble;
  }
  return result;
}

} // namespace

scheduler_actor::behavior_type scheduler(scheduler_self* self,
                                         std::shared_ptr<probe> watched,
                                         shared_plan plan, clock_options clock,
                                         scheduler_wiring wiring) {
  prepare(self, std::move(watched));
  auto& state = self->state;
  state.plan = std::move(plan);
  state.clock = std::move(clock);
  state.wiring = std::move(wiring);
  self->send(self, wire::start_atom_v);
  return {
    [self](wire::start_atom) { begin(self); },
    [self](wire::next_atom) {
      reissue_if_lost(self);
      look_after_jobs(self);
      if (self->state.clock.mode != clock_mode::replay) {
        advance_clock(self);
        return;
      }
      advance_replay(self);
      if (!self->state.status.finished)
        self->delayed_send(self, look_pause, wire::next_atom_v);
    },
    [self](wire::advance_atom, const std::vector<cycle_slot>& due,
           timestamp now) { resume_owing(self, due, now); },
    [self](const cycle_result& result) {
      auto& x = self->state;
      // Not in flight: told twice, or issued by an earlier generation of this
      // actor, whose totals were read from the store.
      if (x.in_flight.erase(result.slot.sequence) == 0)
        return;
      count(x.status, result);
      look_after_jobs(self);
      if (x.clock.mode == clock_mode::replay)
        advance_replay(self);
    },
    [self](wire::status_atom) {
      auto& x = self->state;
      x.status.market_open
        = x.plan->calendar.session_at(x.status.market_time) != nullptr;
      if (x.walk)
        x.status.next_slot = x.walk->peek().value_or(timestamp{});
      return x.status;
    },
    [self](wire::health_atom) { return health_of(self->state); },
  };
}

} // namespace banksia
