#pragma once

#include "apps/banksia/topology.hpp"
#include "cluster/core_link.hpp"
#include "runtime/tls/material.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace banksia {

/// Why a node came to its end.
enum class node_end {
  finished, ///< a replay is through
  stopped,  ///< somebody asked for it
  gave_up,  ///< supervision did: exit 70
  store_failed, ///< a replay's store cannot keep anything more
  models_failed, ///< a replay cannot have the forecasts or trainings it needs
};

/// The actor system of one process with its tree. Not copyable; start once.
class node {
public:
  /// @param network with what the node shows to its processes; nothing: it
  ///        speaks to none
  /// @throws tls::tls_error when that cannot work
  explicit node(std::size_t worker_threads,
                const std::optional<tls::credentials>& network = std::nullopt);
  ~node();

  /// Starts the tree.
  /// @param report told of each supervision event
  void start(node_setup setup,
             std::function<void(const supervision_event&)> report = {});

  /// Starts the link to the core instead, where another process has the tree.
  void start(core_link_setup setup,
             std::function<void(const supervision_event&)> report);

  /// Waits for the end or for `request_stop`.
  node_end wait();

  /// Safe from any thread, also from a signal-handling one.
  void request_stop();

  /// Stops the tree in reverse order. @returns false when it took too long
  bool stop(std::chrono::milliseconds limit);

  /// What reports call it. Before `start`.
  void set_name(std::string x) { name_ = std::move(x); }
  const std::string& name() const noexcept { return name_; }

  caf::actor_system& system() noexcept { return *system_; }
  directory& names() noexcept { return names_; }
  probe_board& probes() noexcept { return *board_; }
  std::shared_ptr<probe_board> shared_probes() noexcept { return board_; }
  /// Why it gave up, or what its models lack.
  const std::string& give_up_reason() const noexcept { return give_up_reason_; }

  /// A part beside the tree has given up: that ends the node too.
  void give_up(const std::string& reason) { end(node_end::gave_up, reason); }

  /// A replay goes no further without its models; the first reason is kept.
  void end_by_models(const std::string& why) {
    end(node_end::models_failed, why);
  }

  /// To be the setup's `store_failed` where that is the end: the first failure
  /// is kept.
  void end_by(const storage::storage_error& error);

  /// @pre the node ended by `store_failed`
  const storage::storage_error& store_failure() const {
    return *store_failure_;
  }

private:
  void end(node_end how, std::string reason = {});

  std::string name_ = "local";
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  directory names_;
  std::shared_ptr<probe_board> board_ = std::make_shared<probe_board>();
  caf::actor root_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<node_end> ended_;
  std::string give_up_reason_;
  std::optional<storage::storage_error> store_failure_;
};

} // namespace banksia
