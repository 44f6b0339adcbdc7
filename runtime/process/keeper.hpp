#pragma once

/// The small parent of a process that must not stay down: no actors, no
/// threads, hardly any state, so that little can go wrong with it.

#include "runtime/process/child_process.hpp"
#include "runtime/process/restart_policy.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace banksia::process {

struct keeper_options {
  std::string name = "the process"; ///< in what is said
  /// After a stop was asked for; then the group is killed.
  std::chrono::milliseconds stop_limit{15000};
  restart_limits restarts;
  /// Told what happened and what is done about it, one line without its end.
  std::function<void(const std::string&)> say;
  int code_failed = 1;   ///< it did not end as it was asked to
  int code_gave_up = 70; ///< restarts came too fast
};

/// Starts the program, and again when it crashes, until it ends as it means
/// to, it is stopped or restarts come too fast. SIGTERM, SIGINT and SIGHUP are
/// passed to it, and once one came it is not started any more. Blocks these
/// signals in the calling thread, which must be the only one.
/// @returns this process's exit code
/// @throws process_error when the first start fails
int keep_running(const process_spec& program, const keeper_options& options);

} // namespace banksia::process
