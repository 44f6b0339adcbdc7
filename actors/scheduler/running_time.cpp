#include "actors/scheduler/scheduler.hpp"
#include "actors/store/outbox.hpp"

namespace banksia {

namespace {

/// Elapsed time for the feed to deliver one step.
constexpr std::chrono::seconds feed_limit{30};
constexpr std::chrono::milliseconds retry_pause{500};
/// A feed that is being started again is waited for so often: with its bars a
/// cycle says what it would have said.
constexpr std::uint32_t feed_tries_max = 25;
constexpr std::chrono::milliseconds feed_pause{200};
/// Until a change of a listing is looked for again.
constexpr std::chrono::milliseconds listing_pause{20};
/// How often a live clock looks at the wall.
constexpr std::chrono::seconds live_pause{1};

/// The next instant of market time; the wall's own on a live clock.
std::optional<timestamp> next_time(const scheduler_state& state) {
  if (state.clock.mode == clock_mode::live)
    return std::max(state.clock.wall(), state.status.market_time);
  return next_step(state.plan->calendar, state.status.market_time,
                   state.clock.step);
}

void go_on(scheduler_self* self) {
  self->state.stepping = false;
  auto pause = self->state.clock.mode == clock_mode::live
                 ? std::chrono::microseconds{live_pause}
                 : pause_for(self->state.clock);
  self->delayed_send(self, pause, wire::next_atom_v);
}

/// The slots that are due by `now`: those still owed, and those taken off the
/// walk.
std::vector<cycle_slot> due_slots(scheduler_state& state, timestamp now) {
  std::vector<cycle_slot> due;
  for (auto slot : std::exchange(state.owed, {}))
    due.push_back(make_slot(*state.plan, slot, now));
  for (auto slot = state.walk->peek(); slot && *slot <= now;
       slot = state.walk->peek()) {
    due.push_back(make_slot(*state.plan, *slot, now));
    state.walk->pop();
  }
  return due;
}

void issue_or_miss(scheduler_self* self, const cycle_slot& slot) {
  auto& state = self->state;
  scheduler_state::issued_cycle next;
  next.due.slot = slot;
  if (slot.issued_at - slot.slot > state.wiring.grace)
    next.missed = "not running when it was due";
  issue(self, std::move(next));
}

void sweep_when_due(scheduler_self* self, timestamp now) {
  auto& state = self->state;
  if (now < state.next_sweep)
    return;
  state.next_sweep = now + state.wiring.sweep_every;
  // The answer does not matter here; the evaluator reports on itself.
  self->request(state.wiring.evaluator.get(), commit_limit,
                wire::sweep_atom_v)
    .then([](std::uint64_t) {}, [](caf::error&) {});
}

/// One mark at a time: a store that is slower than the clock is given the time
/// it has then.
void remember_time(scheduler_self* self, timestamp now) {
  auto& state = self->state;
  // Behind what is owed by then: else a restart would not look for it.
  if (state.jobs.owes_unstored() || std::exchange(state.remembering, true))
    return;
  auto done = [self] { self->state.remembering = false; };
  self->request(state.wiring.writer.get(), commit_limit,
                clock_mark{1, state.plan->run, now})
    .then([done](const commit_receipt&) { done(); },
          [done](caf::error&) { done(); });
}

/// Stores what is now owed; only then it becomes work.
void owe_then_issue(scheduler_self* self, std::vector<cycle_slot> due,
                    timestamp now) {
  self->state.owing = true;
  self->request(self->state.wiring.writer.get(), commit_limit, due)
    .then(
      [self, due, now](const commit_receipt&) {
        self->state.owing = false;
        for (const auto& slot : due)
          issue_or_miss(self, slot);
        look_after_jobs(self);
        remember_time(self, now);
        go_on(self);
      },
      // Time stands still until the store takes it: nothing is forgotten.
      [self, due, now](caf::error&) {
        try_later(self, retry_pause, wire::advance_atom_v, due, now);
      });
}

void delivered(scheduler_self* self, timestamp now,
               const feed_progress& progress) {
  auto& state = self->state;
  state.feed_trouble.clear();
  state.feed_tries = 0;
  state.status.bars += progress.bars;
  state.status.market_time = now;
  sweep_when_due(self, now);
  owe_jobs(self, now);
  auto due = due_slots(state, now);
  if (due.empty()) {
    look_after_jobs(self);
    remember_time(self, now);
    go_on(self);
  } else {
    owe_then_issue(self, std::move(due), now);
  }
}

} // namespace

void resume_owing(scheduler_self* self, const std::vector<cycle_slot>& due,
                  timestamp now) {
  owe_then_issue(self, due, now);
}

void advance_clock(scheduler_self* self) {
  auto& state = self->state;
  if (state.stepping)
    return;
  auto now = next_time(state);
  if (!now) {
    state.feed_trouble = "the calendar ends";
    return;
  }
  // No cycle may be made without a change that counts before it.
  if (state.wiring.listed && !state.wiring.listed->begin_step(*now)) {
    self->delayed_send(self, listing_pause, wire::next_atom_v);
    return;
  }
  state.stepping = true;
  self->request(state.wiring.feed.get(), feed_limit, wire::advance_atom_v,
                *now)
    .then([self, at = *now](const feed_progress& x) {
      delivered(self, at, x);
    },
    [self, at = *now](caf::error& err) {
      if (err == caf::sec::request_receiver_down
          && self->state.feed_tries++ < feed_tries_max) {
        self->state.stepping = false;
        self->delayed_send(self, feed_pause, wire::next_atom_v);
        return;
      }
      // No bars is no reason to lose a cycle: symbols abstain when theirs are
      // stale.
      feed_progress nothing;
      delivered(self, at, nothing);
      self->state.feed_trouble = self->system().render(err);
    });
}

} // namespace banksia
