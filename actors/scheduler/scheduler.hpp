#pragma once

#include "actors/scheduler/market_time.hpp"
#include "actors/scheduler/slot_walk.hpp"
#include "messages/actors.hpp"
#include "runtime/supervision/ref.hpp"
#include "runtime/supervision/shell.hpp"

#include <functional>
#include <optional>

namespace banksia {

/// What the store knew when the scheduler started.
struct schedule_memory {
  std::optional<timestamp> last_ended_slot;
  std::vector<cycle_slot> owed; ///< stored as scheduled, never ended
  schedule_status totals;       ///< counts so far
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
};

/// `scheduler`. The only source of market time. Promises: every slot of the
/// calendar ends as a cycle or is recorded as missed, whatever happens to this
/// process; a slot is stored as owed before it is work (in a replay the run's
/// parameters are that record).
class scheduler_state {
public:
  static inline const char* name = "scheduler";

  /// Cycles that may be computed ahead of their commit.
  static constexpr std::uint64_t window = 64;
  /// Requests to the feed under way.
  static constexpr std::uint64_t feed_window = 16;

  shared_plan plan;
  clock_options clock;
  scheduler_wiring wiring;
  std::optional<slot_walk> walk;
  schedule_status status;
  std::uint64_t next_sequence = 1;
  std::uint64_t in_flight = 0;      ///< cycles issued and not committed
  std::uint64_t feed_in_flight = 0;
  bool feed_exhausted = false;
  bool walked_to_end = false;
  bool stepping = false; ///< a step waits for its feed or its pause
  timestamp next_sweep{};
  timestamp resume_after{}; ///< replay: slots up to here are stored already
  std::string feed_trouble;
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

/// Hands a cycle to `cycle`.
void issue(scheduler_self* self, const cycle_slot& slot, bool everyone,
           std::vector<std::uint32_t> participants);

} // namespace banksia
