#pragma once

/// One life of a node: an actor system with the whole tree on one thread, from
/// its start until somebody ends it.

#include "actors/listings/roster.hpp"
#include "runtime/supervision/directory.hpp"
#include "runtime/supervision/probe.hpp"
#include "runtime/supervision/supervisor.hpp"
#include "tests/chaos/simulation/fate.hpp"
#include "tests/chaos/simulation/training.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace banksia::chaos {

/// What must not happen.
class broken : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Why a life came to its end.
enum class ending {
  reached, ///< market time has come to the end
  crashed, ///< the whole process was hit
  stopped, ///< in good order, to be started again
  gave_up, ///< supervision did, rightly
};

/// What outlives a process.
struct world {
  explicit world(std::uint64_t seed) : numbers(seed) {}

  std::filesystem::path models() const {
    return file.parent_path() / "models";
  }

  std::filesystem::path file;
  dice numbers;
  trace seen;
  shadow kept;
  training_book trained;
  std::chrono::nanoseconds elapsed{1};   ///< since the first start
  /// Where the run begins: nothing is owed before the start of the process that
  /// first stored anything.
  timestamp begun{};
  std::chrono::milliseconds clock_off{0}; ///< by which the wall clock is wrong
};

class life {
public:
  life(const scenario& of, world& in);
  ~life();
  life(const life&) = delete;
  life& operator=(const life&) = delete;

  /// @throws broken
  ending run();

  /// Every name answers and is healthy. @throws broken
  void check_whole();

  /// Ends the tree in good order. @throws broken when it does not end
  void stop();

  caf::actor_system& system() noexcept { return *system_; }

private:
  void make_system();
  node_setup setup();
  trainer_setup training();
  void before_registry_step(std::string_view name);
  void start_tree();
  void start_blows();

  // -- running ----------------------------------------------------------------------

  std::chrono::nanoseconds now() const;
  timestamp wall() const;
  /// Runs one actor for one message. @returns false when none can run
  bool run_one();
  std::size_t choose(const std::vector<std::size_t>& able);
  /// Runs an actor or lets time pass. @throws broken when nothing is left to do
  void go_on();
  void guard_progress();

  // -- bad luck ---------------------------------------------------------------------

  /// Arranges for a blow. @returns the pause until the one after it
  std::chrono::milliseconds next_blow();
  void blow();
  void kill_some();
  void freeze();
  void cut_database();
  void move_clock();
  /// Somebody wishes a change of a listing, sensible or not.
  void change_listing();
  std::string victim();

  void report(const supervision_event& x);

  const scenario& of_;
  world& world_;
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  caf::scheduler::test_coordinator* coordinator_ = nullptr;
  directory names_;
  std::shared_ptr<probe_board> board_ = std::make_shared<probe_board>();
  std::shared_ptr<fate> fate_;
  std::shared_ptr<roster> listed_;
  caf::actor root_;
  caf::actor blows_;
  std::vector<std::string> paths_; ///< of all actors but the root
  std::set<std::string> supervisors_;
  std::map<std::uint64_t, std::chrono::nanoseconds> frozen_; ///< until then
  std::chrono::nanoseconds outage_until_{0};
  std::map<std::string, std::vector<std::chrono::nanoseconds>> deaths_of_;
  std::map<std::string, std::vector<std::chrono::nanoseconds>> deaths_under_;
  std::optional<ending> ended_;
  std::string broken_; ///< an invariant, seen on an actor's thread
  bool calm_ = false;
  std::chrono::nanoseconds calm_at_{0};
  bool root_ended_ = false;
  std::uint64_t events_ = 0;
  std::optional<std::uint64_t> blow_after_; ///< so many events
  std::chrono::nanoseconds began_{0};
  timestamp progress_{};                    ///< market time when last seen …
  std::chrono::nanoseconds progress_at_{0}; ///< … to have moved, and when
  std::uint64_t progress_events_ = 0;
  std::vector<std::size_t> able_;
};

} // namespace banksia::chaos
