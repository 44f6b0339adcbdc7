#pragma once

/// A child of a supervisor that is an operating-system process: its exit is the
/// actor's death, the actor's shutdown its SIGTERM and then SIGKILL.

#include "runtime/process/process_watch.hpp"
#include "runtime/supervision/probe.hpp"
#include "runtime/supervision/shell.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace banksia {

/// How a process says that it is ready.
enum class readiness {
  at_start,  ///< it does not: it is ready when it runs
  by_output, ///< a line `ready` or `ready PORT` on its stdout
  by_pipe,   ///< the same line on the descriptor BANKSIA_READY_FD names
};

struct process_child_options {
  process::process_spec program;
  process::line_limits lines; ///< what is more is cut or dropped, and counted
  readiness ready = readiness::at_start;
  /// Whether its start takes until it is ready. Else its supervisor goes on at
  /// once and fails with none of its starts, and `on_ready` tells the rest: of
  /// a process that others do without.
  bool start_waits = true;
  /// Not ready by then: it is killed, and the actor ends with an error.
  std::chrono::milliseconds ready_limit{30000};
  /// Between SIGTERM and SIGKILL; below the supervisor's own limit.
  std::chrono::milliseconds stop_limit{3000};
  /// Called on the actor's thread, once a start; 0: no port was told.
  std::function<void(std::uint16_t port)> on_ready;
  /// Its start blocks for some milliseconds, its destruction until the killed
  /// process is gone.
  placement where = placement::detached;
};

/// The start function of a child that is such a process. What the process
/// writes goes to the log under the child's path: stdout as info, stderr as
/// warnings. The actor ends
///   - normally when the process exits with 0,
///   - with `sec::runtime_error` and "process", "exit 3" or the like when it
///     ends otherwise by itself, cannot be started or does not get ready,
///   - with the reason it was sent when it was asked to stop, once the process
///     has ended.
/// A killed actor kills the process's whole group.
std::function<caf::actor(caf::actor_system&, std::shared_ptr<probe>)>
process_child(process_child_options options);

} // namespace banksia
