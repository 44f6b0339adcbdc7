#pragma once

#include "actors/feeds/folder_source.hpp"
#include "actors/feeds/live_feed.hpp"
#include "actors/feeds/context_feed.hpp"
#include "actors/feeds/news_feed.hpp"
#include "actors/feeds/price_source.hpp"
#include "actors/feeds/simulator_feed.hpp"
#include "actors/listings/roster.hpp"
#include "actors/ml/gate.hpp"
#include "actors/ml/training_desk.hpp"
#include "actors/run_plan.hpp"
#include "actors/scheduler/scheduler.hpp"
#include "actors/store/writer.hpp"
#include "runtime/supervision/directory.hpp"
#include "runtime/supervision/supervisor.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <variant>
#include <vector>

namespace banksia {

/// The outside world, as a node's feeds see it.
struct outside_world {
  /// In the order of asking.
  std::vector<std::variant<source_setup, folder_setup>> sources;
  std::vector<news_setup> news;
  std::vector<context_setup> context; ///< series of other markets
  /// Who is asked about them alone, where none of the sources is asked.
  std::optional<source_setup> context_source = std::nullopt;
  live_history history;
  std::shared_ptr<feed_board> board; ///< may be null
};

/// The process that forecasts, and how it is spoken to.
struct model_service_setup {
  std::vector<std::string> command; ///< the program and its arguments
  std::filesystem::path models;     ///< the registry's folder
  /// Elapsed: how long an asker waits for forecasts at most.
  std::chrono::milliseconds deadline{500};
  /// Elapsed: LibTorch takes seconds to load on a cold disk.
  std::chrono::milliseconds ready_limit{60'000};
  /// Set: cycles wait for forecasts however long, up to this; of a replay.
  std::optional<gate_patience> patience = std::nullopt;
  /// Told what its process has counted; may be empty.
  std::function<void(const process_counts&)> counted = {};
};

/// All that the tree of a node is made from.
struct node_setup {
  shared_plan plan; ///< its symbols are the configured ones
  /// What is followed, where that may change while the node runs; null: the
  /// plan's symbols for ever.
  std::shared_ptr<roster> listed = nullptr;
  clock_options clock;
  std::filesystem::path database;
  store::provenance provenance;

  /// Set: a simulated market. Else `outside`, else bars from the store.
  std::optional<simulation_start> simulation;
  std::optional<outside_world> outside;
  /// Store feed: look for bars that were imported since (a live node).
  bool follow_imports = false;
  /// Publish events (a node that serves people).
  bool publish = true;
  /// Rates headlines without a score; null: the lexicon does.
  std::shared_ptr<const sentiment::classifier> sentiment_model = nullptr;
  /// History of symbols and the evaluator's bars are read from the store at
  /// start; false where the feed delivers all of it again.
  bool rebuild_from_store = false;
  /// Nothing: rules alone predict. Else the node's system has the network
  /// layer loaded (`tls::load_network`).
  std::optional<model_service_setup> model_service = std::nullopt;
  /// Nothing: no model is trained.
  std::optional<trainer_setup> training = std::nullopt;
  timestamp rebuilt_until; ///< bars known by then are read, not delivered
  timestamp settled;       ///< no cycle asks about a time before it

  std::size_t readers = 2;
  std::chrono::milliseconds cycle_deadline{5000};
  std::chrono::minutes grace{90};
  std::chrono::minutes sweep_every{60};
  bool trains = false;   ///< `ml/trainer` runs: the daily training is its
  bool analyses = false; ///< `analyst` does
  bool maintains = false; ///< `store/maintenance` cares for the database daily
  std::chrono::minutes training_limit{150}; ///< elapsed time
  job_retries retries;
  std::function<void(const schedule_status&)> finished;
  /// Told when the store cannot keep something. A live node degrades and tries
  /// again; a replay, for which somebody waits, had better end.
  store_failure_handler store_failed;
  /// Likewise of a daily job that cannot be done.
  std::function<void(const std::string& why)> job_lost;

  /// Where blocking actors run; a simulation puts them on the pool.
  placement blocking = placement::detached;

  // -- supervision ------------------------------------------------------------------

  /// Of all supervisors; the root's own options are its starter's.
  std::shared_ptr<probe_board> board;
  std::function<void(const supervision_event&)> report;
  backoff_rule backoff = backoff_rule::usual();
  std::uint32_t intensity = 5;     ///< restarts allowed …
  std::chrono::milliseconds period{30'000}; ///< … in this time
  std::uint64_t seed = 0; ///< of the backoffs' jitter
};

/// The root's options, so that all supervisors of a tree follow one rule.
supervisor_options root_options(const node_setup& setup);

/// The children of the root, in the order in which they start; they stop in
/// reverse. @pre `setup.board`
std::vector<child_spec> topology(const node_setup& setup, directory& names);

/// The last part of a source's path.
std::string name_of(const std::variant<source_setup, folder_setup>& source);

} // namespace banksia
