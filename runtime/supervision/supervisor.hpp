#pragma once

/// A one_for_one supervisor: starts its children in order, starts a crashed one
/// again, stops all in reverse order, and gives up when restarts come too fast.

#include "runtime/supervision/probe.hpp"
#include "runtime/supervision/ref.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace banksia {

/// How a child is started. `start` returns the new actor; it runs again at each
/// restart, so everything it needs must be captured by value.
struct child_spec {
  std::shared_ptr<actor_slot> slot; ///< its name
  std::function<caf::actor(caf::actor_system&, std::shared_ptr<probe>)> start;
};

/// What a supervisor has seen.
struct supervision_event {
  std::string child;
  std::uint64_t generation = 0;
  std::string event; ///< progress, child_terminated, restarted, escalated, shutdown
  std::string reason;
  std::uint32_t restarts_in_period = 0;
};

struct supervisor_options {
  std::string path = "root";
  std::uint32_t intensity = 5; ///< restarts allowed …
  std::chrono::seconds period{30}; ///< … in this time
  std::chrono::milliseconds stop_timeout{5000}; ///< then the child is killed
  /// Told of each event; called on the supervisor's thread.
  std::function<void(const supervision_event&)> report;
  /// Called when restarts came too fast, after all children were stopped.
  std::function<void(const std::string& reason)> give_up;
};

/// Starts the tree. Answers `wire::stop` (see `stop_tree`).
caf::actor start_supervisor(caf::actor_system& system,
                            std::shared_ptr<probe_board> board,
                            std::vector<child_spec> children,
                            supervisor_options options);

/// Stops all children in reverse order and waits for it.
/// @returns false when the time was over first
bool stop_tree(caf::actor_system& system, const caf::actor& supervisor,
               std::chrono::milliseconds limit);

} // namespace banksia
