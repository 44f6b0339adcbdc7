#pragma once

/// The whole tree in one process, on a database of its own in a folder that
/// goes away. Waiting is for something that happens, with a deadline.

#include "actors/store/queries.hpp"
#include "actors/store/schema.hpp"
#include "apps/banksia/topology.hpp"
#include "messages/actors.hpp"

#include "tests/scratch_folder.hpp"

#include <caf/all.hpp>

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

namespace banksia::tree_test {

/// Longer than anything takes on a loaded machine, shorter than the watchdog of
/// CAF's unit tests, which says nothing; only reached by a failure.
inline constexpr std::chrono::seconds patience{25};

using test::scratch_folder;

inline const std::vector<std::string> tickers{"CBA.AX", "WBC.AX", "MQG.AX"};

inline run_plan small_plan() {
  run_plan plan;
  plan.symbols = tickers;
  plan.index_symbol = "^AXJO";
  plan.horizons_minutes = {60, 240, 1440};
  return plan;
}

inline simulation::simulator_settings small_market() {
  simulation::simulator_settings settings;
  settings.seed = 7;
  settings.symbols = tickers;
  settings.index_symbol = "^AXJO";
  return settings;
}

/// What happened, counted; anybody may wait for more of it.
class happenings {
public:
  void note(const std::string& what) {
    std::lock_guard guard{mutex_};
    ++counts_[what];
    changed_.notify_all();
  }

  std::uint64_t count(const std::string& what) {
    std::lock_guard guard{mutex_};
    return counts_[what];
  }

  /// Waits for so much of it, or for the first `instead`.
  /// @throws std::runtime_error when neither happens in time
  void expect(const std::string& what, std::uint64_t at_least,
              const std::string& instead = "nothing") {
    std::unique_lock guard{mutex_};
    if (!changed_.wait_for(guard, patience, [&] {
          return counts_[what] >= at_least || counts_[instead] > 0;
        }))
      throw std::runtime_error("waited in vain for " + what + ": "
                               + std::to_string(counts_[what]) + " of "
                               + std::to_string(at_least) + "; seen: " + told());
  }

private:
  std::string told() const {
    std::string result;
    for (const auto& [what, count] : counts_)
      result += what + " " + std::to_string(count) + ", ";
    return result;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::uint64_t> counts_;
};

/// A started tree. Cycles and restarts are counted as "cycle" and
/// "restarted PATH".
class running_tree {
public:
  explicit running_tree(node_setup setup) {
    config_.add_message_types<caf::id_block::banksia>();
    config_.set("scheduler.policy", caf::atom("sharing"));
    config_.set("scheduler.max-threads", std::size_t{2});
    system_ = std::make_unique<caf::actor_system>(config_);
    setup.finished = [this](const schedule_status&) { seen.note("finished"); };
    setup.board = board_;
    setup.intensity = 1000; // we do the killing
    setup.report = reporter();
    auto options = root_options(setup);
    options.give_up = [this](const std::string&) { seen.note("gave up"); };
    database = setup.database;
    root_ = start_supervisor(*system_, board_, topology(setup, names),
                             std::move(options));
    seen.expect("progress scheduler", 1);
    paths = workers();
    subscribe();
  }

  ~running_tree() {
    if (root_)
      stop_tree(*system_, root_, patience);
  }

  bool stop() {
    auto stopped = stop_tree(*system_, root_, patience);
    root_ = nullptr;
    return stopped;
  }

  /// Kills the actor that stands behind the name and waits for the next one.
  void kill(const std::string& path) {
    auto restarts = seen.count("restarted " + path);
    auto victim = names.slot(path)->current();
    caf::anon_send_exit(victim, caf::exit_reason::kill);
    seen.expect("restarted " + path, restarts + 1);
    if (path == "event_bus")
      subscribe();
  }

  caf::actor_system& system() { return *system_; }

  std::shared_ptr<probe_board> board() { return board_; }

  /// Counts what supervisors tell.
  std::function<void(const supervision_event&)> reporter() {
    return [this](const supervision_event& x) {
      seen.note(x.event + " " + x.child);
    };
  }

  /// The paths of all actors by now that are no supervisors.
  std::vector<std::string> workers() const {
    std::vector<std::string> result;
    board_->each([&](const probe& x) {
      if (!supervisors.contains(x.path))
        result.push_back(x.path);
    });
    return result;
  }

  directory names;
  std::filesystem::path database;
  happenings seen;
  std::vector<std::string> paths; ///< of all workers
  const std::set<std::string> supervisors{"root", "store", "symbols", "feeds",
                                          "api"};

private:
  void subscribe() {
    auto sink = system_->spawn([this](event_sink_actor::pointer)
                                 -> event_sink_actor::behavior_type {
      return {[this](const event& x) { seen.note(x.kind); }};
    });
    caf::anon_send(names.name<event_bus_actor>("event_bus").get(),
                   wire::subscribe_atom_v, std::string{}, sink);
  }

  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  std::shared_ptr<probe_board> board_ = std::make_shared<probe_board>();
  caf::actor root_;
};

/// The digest of all predictions made until then, and of the outcomes due
/// until then. Removes what came later.
inline std::string digest_until(const std::filesystem::path& file,
                                const std::string& run, timestamp until) {
  auto db = store::open_for_writing(file);
  db.prepare("DELETE FROM obligations").run();
  db.prepare("DELETE FROM outcomes WHERE due_at > ?")
    .bind_all(to_micros(until))
    .run();
  db.prepare("DELETE FROM outcomes WHERE prediction_id IN (SELECT "
             "prediction_id FROM predictions WHERE timestamp > ?)")
    .bind_all(to_micros(until))
    .run();
  db.prepare("DELETE FROM predictions WHERE timestamp > ?")
    .bind_all(to_micros(until))
    .run();
  return store::queries{db}.digest(run);
}

} // namespace banksia::tree_test
