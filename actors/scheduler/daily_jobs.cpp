#include "actors/scheduler/scheduler.hpp"
#include "actors/store/outbox.hpp"
#include "actors/tracing/work.hpp"

namespace banksia {

namespace {

/// Elapsed time for an analysis, which takes well under a second; one whose
/// order or answer was lost is tried again after it.
constexpr std::chrono::minutes analysis_limit{1};
/// For the care of the database, whose check ends itself before.
constexpr std::chrono::minutes maintenance_limit{10};
/// Until a job whose receiver or evaluator is away is tried again.
constexpr std::chrono::milliseconds away_pause{200};
/// So often is a job of a replay begun in vain.
constexpr std::uint32_t job_errors_max = 20;

using try_number = std::uint64_t;

elapsed_time elapsed(scheduler_self* self) {
  return self->clock().now().time_since_epoch();
}

void store_jobs(scheduler_self* self) {
  for (auto& job : self->state.jobs.take_unstored())
    self->request(self->state.wiring.writer.get(), commit_limit, job)
      .then(
        [self, job](const commit_receipt&) {
          auto& state = self->state;
          state.jobs.stored(job, true);
          look_after_jobs(self);
          if (state.clock.mode == clock_mode::replay && state.jobs.empty())
            advance_replay(self);
        },
        // Again at the next look.
        [self, job](caf::error&) { self->state.jobs.stored(job, false); });
}

/// A replay's job has to be done: it is begun again, or all is over.
void insist(scheduler_self* self, const job_record& job, try_number number,
            const caf::error& why) {
  auto& state = self->state;
  if (++state.job_errors < job_errors_max)
    state.jobs.put_back(job, number, elapsed(self) + away_pause);
  else
    state.wiring.job_lost("the " + job.kind + " of " + to_rfc3339(job.due_at)
                          + " cannot be done: " + self->system().render(why));
}

/// A job's receiver is asked; a dead one is no failure of the job.
template <class Receiver>
void hand_over(scheduler_self* self, const ref<Receiver>& receiver,
               std::chrono::minutes limit, const job_record& job,
               try_number number) {
  auto& desk = self->state.jobs;
  const auto& target = receiver.get();
  if (!target) {
    desk.put_back(job, number, elapsed(self) + away_pause);
    return;
  }
  desk.given(job, number, receiver.generation());
  self->request(target, limit, job)
    .then(
      [self, job, number](job_record& answer) {
        auto& state = self->state;
        answer.kind = job.kind;
        answer.due_at = job.due_at;
        state.job_errors = 0;
        state.jobs.answered(answer, number, state.status.market_time,
                            elapsed(self));
        look_after_jobs(self);
      },
      [self, job, number](caf::error& why) {
        auto& state = self->state;
        if (why == caf::sec::request_receiver_down)
          state.jobs.put_back(job, number, elapsed(self) + away_pause);
        else if (state.wiring.job_lost)
          insist(self, job, number, why);
        else
          state.jobs.failed(job, number, self->system().render(why),
                            state.status.market_time, elapsed(self));
        look_after_jobs(self);
      });
}

void hand_over(scheduler_self* self, const job_record& job,
               try_number number) {
  const auto& wiring = self->state.wiring;
  if (job.kind == training_job)
    hand_over(self, wiring.trainer, wiring.training_limit, job, number);
  else if (job.kind == maintenance_job)
    hand_over(self, wiring.maintenance, maintenance_limit, job, number);
  else
    hand_over(self, wiring.analyst, analysis_limit, job, number);
}

/// Whether all cycles are stored that a job as of then is about.
bool is_settled(scheduler_state& state, timestamp by) {
  if (state.clock.mode == clock_mode::replay)
    return state.feed_in_flight == 0 && state.in_flight.empty();
  auto until = static_cast<std::uint64_t>(to_micros(by));
  auto next = state.walk->peek();
  return !state.owing && state.owed.empty() && (!next || *next > by)
         && (state.in_flight.empty() || state.in_flight.begin()->first > until);
}

/// Begins with what is stored as owed. What was evaluated by then has to be on
/// disk first: who does the job reads it there.
void begin_jobs(scheduler_self* self, std::string_view kind) {
  auto& state = self->state;
  auto next = state.jobs.begin(kind, elapsed(self));
  if (!next)
    return;
  const auto& [job, number] = *next;
  auto nobody = kind == training_job      ? !state.wiring.trainer
                : kind == maintenance_job ? !state.wiring.maintenance
                                          : !state.wiring.analyst;
  if (nobody) {
    state.jobs.skip(job, number, "nobody here does it",
                    state.status.market_time);
    return;
  }
  if (!is_settled(state, job.due_at)) {
    state.jobs.put_back(job, number, elapsed_time{0});
    return;
  }
  // Nobody has asked for it: its trace begins here.
  own_trace mine{self, job.kind};
  self->request(state.wiring.evaluator.get(), commit_limit,
                wire::flush_atom_v)
    .then(
      [self, job = job, number = number](std::uint64_t) {
        hand_over(self, job, number);
      },
      [self, job = job, number = number](caf::error&) {
        self->state.jobs.put_back(job, number, elapsed(self) + away_pause);
      });
}

void lose_jobs(scheduler_self* self) {
  auto& state = self->state;
  auto now = state.status.market_time;
  if (state.wiring.trainer && state.wiring.trainer.get())
    state.jobs.lose(training_job, state.wiring.trainer.generation(), now);
  if (state.wiring.maintenance && state.wiring.maintenance.get())
    state.jobs.lose(maintenance_job, state.wiring.maintenance.generation(),
                    now);
  if (!state.wiring.analyst || !state.wiring.analyst.get())
    return;
  state.jobs.lose(morning_job, state.wiring.analyst.generation(), now);
  state.jobs.lose(evening_job, state.wiring.analyst.generation(), now);
}

} // namespace

void owe_jobs(scheduler_self* self, timestamp now) {
  auto& state = self->state;
  if (!state.job_times)
    return;
  std::erase_if(state.held_jobs, [&](const job_record& job) {
    auto due = job.due_at <= now;
    if (due)
      state.jobs.resume(job);
    return due;
  });
  for (auto& job : state.job_times->take(now))
    state.jobs.owe(std::move(job));
}

void look_after_jobs(scheduler_self* self) {
  auto& state = self->state;
  if (state.jobs.empty() || !state.walk)
    return;
  lose_jobs(self);
  state.jobs.skip_older(state.status.market_time);
  for (auto kind : job_kinds)
    begin_jobs(self, kind);
  store_jobs(self);
}

} // namespace banksia
