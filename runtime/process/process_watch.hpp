#pragma once

/// A child process with a thread that reads what it writes, sees its end and
/// carries out its stop, so that nobody else has to wait.

#include "runtime/process/child_process.hpp"
#include "runtime/process/line_splitter.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

namespace banksia::process {

enum class stream { output, errors, ready };

/// What the owner is told, on the watching thread. Any may be empty.
struct process_events {
  std::function<void(stream, const output_line&)> on_line;
  /// Once, last.
  std::function<void(const process_exit&)> on_exit;
};

/// Safe to be called from any thread, except for the destructor, which must
/// not run on the watching thread.
class process_watch {
public:
  /// Starts program and thread. @throws process_error like `child_process`
  process_watch(const process_spec& spec, line_limits limits,
                process_events events);

  /// Kills the group unless it has ended; nothing is told any more.
  ~process_watch();
  process_watch(const process_watch&) = delete;
  process_watch& operator=(const process_watch&) = delete;

  pid_t pid() const noexcept { return pid_; }

  /// SIGTERM to the group, SIGKILL after the limit. Returns at once. Asked
  /// again it can only come sooner.
  void request_stop(std::chrono::milliseconds limit) noexcept;

private:
  struct source {
    stream which;
    int fd;
    line_splitter lines;
  };

  void run();
  void obey();
  void read_from(source& from);
  int wait_ms() const;

  child_process child_;
  const pid_t pid_;
  process_events events_;
  std::vector<source> sources_;
  unique_fd wake_;
  std::atomic<bool> closing_{false};
  std::atomic<std::int64_t> stop_limit_ms_{-1}; ///< -1: none is asked for
  std::optional<child_process::clock::time_point> kill_at_;
  std::jthread thread_;
};

} // namespace banksia::process
