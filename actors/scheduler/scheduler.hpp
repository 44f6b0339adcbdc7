#pragma once

#include "actors/listings/roster.hpp"
#include "actors/scheduler/job_desk.hpp"
#include "actors/scheduler/job_walk.hpp"
#include "actors/scheduler/market_time.hpp"
#include "actors/scheduler/slot_walk.hpp"
#include "messages/actors.hpp"
#include "runtime/supervision/ref.hpp"
#include "runtime/supervision/shell.hpp"

#include <functional>
#include <map>
#include <optional>

namespace banksia {

/// What the store knew when the scheduler started.
struct schedule_memory {
  std::optional<timestamp> last_ended_slot;
  std::optional<timestamp> market_time; ///< where the clock stood
  /// When the newest outcome was evaluated: may be after `market_time`.
  std::optional<timestamp> evaluated_until;
  std::vector<cycle_slot> owed; ///< stored as scheduled, never ended
  schedule_status totals;       ///< counts so far
  std::vector<job_record> owed_jobs; ///< stored as owed, oldest first
  std::map<std::string, timestamp> newest_jobs; ///< when due, by kind
};

struct scheduler_wiring {
  ref<price_feed_actor> feed;
  ref<cycle_actor> cycle;
  ref<evaluator_actor> evaluator;
  ref<store_writer_actor> writer;
  /// A slot this old is recorded as missed instead of being caught up.
  std::chrono::minutes grace{90};
  std::chrono::minutes sweep_every{60};
  /// Reads the store again at each (re)start.
  std::function<schedule_memory()> remember;
  /// Told once when a replay has reached its end and all is on disk.
  std::function<void(const schedule_status&)> finished;
  /// Time waits while a change of it is on its way to disk; may be null.
  std::shared_ptr<roster> listed = nullptr;
  // Who does the daily jobs; without a name nobody does, and they are skipped.
  ref<trainer_actor> trainer = {};
  ref<analyst_actor> analyst = {};
  ref<analyst_actor> maintenance = {}; ///< `store/maintenance`, spoken to alike
  std::chrono::minutes training_limit{150}; ///< elapsed time for one training
  job_retries retries = {};
  /// Told, in a replay, of a job that cannot be had: without it the cycles behind
  /// it would not be what they are. Empty: such a job fails.
  std::function<void(const std::string& why)> job_lost = {};
};

/// `scheduler`. The only source of market time. Promises: every slot of the
/// calendar ends as a cycle or is recorded as missed, whatever happens to this
/// process; a slot is stored as owed before it is work (in a replay the run's
/// parameters are that record). Likewise each daily job ends as done, failed or
/// skipped, and is stored as owed before somebody is asked to do it.
class scheduler_state {
public:
  static inline const char* name = "scheduler";

  /// Cycles that may be computed ahead of their commit.
  static constexpr std::uint64_t window = 64;
  /// Requests to the feed under way.
  static constexpr std::uint64_t feed_window = 16;

  /// A cycle that was handed on and has not been reported back.
  struct issued_cycle {
    cycle_due due;
    std::string missed; ///< why it is not made; empty: it is
  };

  shared_plan plan;
  clock_options clock;
  scheduler_wiring wiring;
  std::optional<slot_walk> walk;
  /// Owed from before this start, older than what the walk gives.
  std::vector<timestamp> owed;
  schedule_status status;
  std::map<std::uint64_t, issued_cycle> in_flight; ///< by sequence
  std::uint64_t issued_to = 0; ///< generation of `cycle` that has them
  std::uint64_t feed_in_flight = 0;
  std::uint32_t feed_tries = 0; ///< for this step, on a feed that was dead
  bool finishing = false;       ///< the last flush is under way
  bool feed_exhausted = false;
  bool walked_to_end = false;
  bool stepping = false; ///< a step waits for its feed or its pause
  bool owing = false;    ///< slots are on their way to the store as owed
  timestamp next_sweep{};
  bool remembering = false; ///< a clock mark is on its way to the store
  timestamp resume_after{}; ///< replay: slots up to here are stored already
  timestamp traded_until{}; ///< replay: the newest slot of a session in which
                            ///< a bar had come by then
  std::string feed_trouble;
  std::optional<job_walk> job_times;
  job_desk jobs;
  std::vector<job_record> held_jobs; ///< replay: owed, their time is to come
  std::uint32_t job_errors = 0; ///< in a row, where that may be the end
};

using scheduler_self = shell<scheduler_state, scheduler_actor>;

scheduler_actor::behavior_type scheduler(scheduler_self* self,
                                         std::shared_ptr<probe> watched,
                                         shared_plan plan, clock_options clock,
                                         scheduler_wiring wiring);

// The two ways in which time passes; in files of their own.

/// Lets a replay run on as far as its windows allow.
void advance_replay(scheduler_self* self);

/// Takes one step of a live or accelerated clock.
void advance_clock(scheduler_self* self);

/// Tries again to store what is owed, then issues it.
void resume_owing(scheduler_self* self, const std::vector<cycle_slot>& due,
                  timestamp now);

/// Hands a cycle to `cycle`; with all that is in flight when that actor was
/// started again, in order.
void issue(scheduler_self* self, scheduler_state::issued_cycle x);

/// Hands on what a restart of `cycle` has lost, if there was one.
void reissue_if_lost(scheduler_self* self);

/// Takes up the daily jobs that are due by `now`.
void owe_jobs(scheduler_self* self, timestamp now);

/// Stores and hands out what can be; whenever something may have changed.
void look_after_jobs(scheduler_self* self);

/// How often, in elapsed time, a replay looks whether something was lost.
inline constexpr std::chrono::milliseconds look_pause{200};

} // namespace banksia
