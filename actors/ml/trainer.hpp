#pragma once

#include "actors/ml/training_desk.hpp"
#include "actors/ml/training_spans.hpp"
#include "messages/actors.hpp"
#include "runtime/supervision/child_spec.hpp"
#include "runtime/supervision/ref.hpp"
#include "runtime/supervision/shell.hpp"

#include <caf/typed_response_promise.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace banksia {

struct trainer_wiring {
  ref<store_writer_actor> writer;
  ref<event_bus_actor> bus;         ///< may be empty: nothing is published
  ref<scheduler_actor> scheduler;   ///< tells the market time of an end
  ref<forecast_gate_actor> gate;    ///< may be empty: nobody forecasts
  /// Of a demotion, to the supervision log; may be empty.
  std::function<void(const supervision_event&)> report;
};

/// `ml/trainer`. Promises: a training is on disk as owed before it is work, and
/// ends as done, failed or cancelled with a reason, whatever its process does;
/// the registry is whole at every instant; one at a time. After a restart of this
/// actor or its node a training that was running is closed as failed, and one that
/// was owed is done. Blocks on files, so it runs detached.
struct trainer_state {
  static inline const char* name = "trainer";

  /// Trainings that wait for the one under way; more are refused.
  static constexpr std::size_t waiting_max = 16;

  using job_promise = caf::typed_response_promise<job_record>;
  using record_promise = caf::typed_response_promise<training_record>;
  using time_point = training_process::time_point;

  /// A training with those who wait for it.
  struct work {
    training_record record;
    std::optional<job_record> job;      ///< the daily one
    std::vector<job_promise> askers;    ///< told when it has ended
    std::vector<record_promise> orders; ///< told when it is stored as owed
    bool stored = false;
    bool cancelled = false; ///< before its process began
    std::uint32_t tries = 0; ///< begun so often
    telemetry::trace_context asked_in = {}; ///< the span of its first asker
  };

  /// Something for the store, kept until its commit.
  struct owed_write {
    std::variant<training_record, model_record> record;
    std::function<void()> then; ///< may be empty
  };

  std::unique_ptr<training_desk> desk;
  trainer_wiring wiring;
  std::deque<work> waiting;
  std::optional<work> current;
  std::unique_ptr<training_process> process; ///< of the current one
  training_spans spans;     ///< of the current one
  bool settling = false;    ///< its process has ended, its record has not
  bool recovered = false;   ///< what the one before left is closed
  std::optional<training_record> last; ///< that has ended
  std::optional<timestamp> last_success;
  std::optional<timestamp> first_seen; ///< market time, without any success
  std::string suspected; ///< at the last judgement
  std::deque<owed_write> writes;
  bool writing = false;
  time_point stored_at{};  ///< progress went to the store last
  std::uint64_t stamp = 0; ///< of the registry as the store has it
  std::string mirror_trouble; ///< logged already
  time_point next_look{};     ///< when the timer that was set last is due

  trainer_state() = default;
  trainer_state(const trainer_state&) = delete;
  trainer_state& operator=(const trainer_state&) = delete;
  /// Whoever waits is told that nobody will answer.
  ~trainer_state();
};

using trainer_self = shell<trainer_state, trainer_actor>;

trainer_actor::behavior_type trainer(trainer_self* self,
                                     std::shared_ptr<probe> watched,
                                     trainer_setup setup,
                                     trainer_wiring wiring);

} // namespace banksia
