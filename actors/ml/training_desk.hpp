#pragma once

/// What the trainer does that blocks: starting programs, reading the store, changing
/// the registry. No actor: `ml/trainer` decides when, this does it.

#include "actors/ml/judge.hpp"
#include "actors/ml/registration.hpp"
#include "actors/ml/training_process.hpp"
#include "messages/learning.hpp"
#include "models/forecast/retention.hpp"
#include "models/market/calendar.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

/// How a replay trains: what comes of it follows from its inputs alone, however
/// often it is begun anew.
struct replayed_training {
  /// How often a training is begun whose process does not end by itself.
  std::uint32_t tries_max = 3;
  /// Told when it did not each time; the training ends never.
  std::function<void(const std::string& why)> lost;
};

/// What a trainer is made from.
struct trainer_setup {
  std::string run = "live";
  std::filesystem::path database;
  std::filesystem::path models; ///< the registry's folder
  /// The program with its fixed arguments; those of a training follow.
  std::vector<std::string> command;
  std::uint64_t memory_bytes = 0; ///< of the training's own; 0: no bound
  training_limits limits;
  /// How often a training that runs is looked at, and everything else.
  std::chrono::milliseconds look_every{250};
  std::chrono::milliseconds idle_every{5000};
  /// Market time without a success after which it is degraded; none: never.
  std::optional<std::chrono::minutes> stale_after;
  exchange_calendar calendar;
  judge_options judging;
  std::uint32_t drift_days = 5; ///< sessions whose features are looked at
  forecast::retention_rules retention;
  /// Set: of a replay. A training begins with the registry as it was before its
  /// time, so that one that is done again does the same.
  std::optional<replayed_training> replayed = std::nullopt;
  /// Empty: programs are children of ours. A simulation has its own,
  program_starter start_program = {};
  /// and its own ends in the middle of a change of the registry.
  before_step before_registry_step = {};
};

/// What the store says of trainings at a start.
struct stored_trainings {
  std::vector<training_record> open; ///< owed or running, oldest first
  std::optional<training_record> last;         ///< that has ended
  std::optional<timestamp> last_success;       ///< when it ended
};

/// What was done to the registry.
struct registry_effect {
  std::vector<model_record> changed; ///< to be told to the store
  std::string trouble;               ///< why something was left undone
};

/// The live judgement, and what came of it.
struct judged_now {
  boost::json::object content; ///< empty: it could not be made
  std::string trouble;         ///< why not
  std::string demoted;         ///< the champion that was
  std::string reason;          ///< why
  std::string suspected;       ///< a model too good to be true, and the figures
};

/// One thread.
class training_desk {
public:
  explicit training_desk(trainer_setup setup);

  const trainer_setup& setup() const noexcept { return setup_; }

  /// @throws storage::storage_error
  stored_trainings read_trainings() const;

  /// The training of that cause and time that has succeeded.
  /// @throws storage::storage_error
  std::optional<training_record> succeeded(const std::string& cause,
                                           timestamp at) const;

  /// A training that is owed from now on, under an id of its own: one that has
  /// ended stays as it ended.
  /// @throws storage::storage_error
  training_record make_training(const std::string& cause, timestamp at) const;

  /// Starts the program in a folder of its own.
  /// @throws process::process_error, registry_failure, std::filesystem errors
  std::unique_ptr<training_process>
  begin(const training_record& x, training_process::time_point now,
        training_process::line_sink on_error);

  /// Takes what a training has made into the registry, and says in the record how
  /// it ended. Never throws: a model that is refused is a failed training.
  void settle(training_record& x, const training_end& end, timestamp at);

  /// Archives and deletes what is out of date.
  std::string retain(timestamp at);

  /// Changes of the registry that the store lacks.
  registry_effect mirror() const;

  std::uint64_t registry_stamp() const noexcept { return models_.stamp(); }

  /// Judges champion and shadows by what came of their forecasts, and demotes a
  /// champion that has broken its bounds.
  judged_now judge(timestamp at);

private:
  void judge_into(judged_now& result, timestamp at);
  std::filesystem::path folder_of(const training_record& x) const;
  void clear_folder(const training_record& x) const noexcept;

  /// Why nothing can be measured against the champion; empty: it can. One that
  /// cannot be read, or reads bars as another build had them, serves nobody, so
  /// it keeps no other from serving.
  std::string unfit_champion() const;

  trainer_setup setup_;
  registry_folder models_;
  std::string compared_with_; ///< the champion when the training began
  std::string not_compared_; ///< why the training was not told of it; or empty
};

} // namespace banksia
