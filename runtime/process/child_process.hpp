#pragma once

/// A program that runs as our child: in a process group of its own, on a
/// lifeline, watched by a pidfd. Its status is read exactly once, and it never
/// outlives its owner.

#include "runtime/process/process_exit.hpp"
#include "runtime/process/unique_fd.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace banksia::process {

/// Where a child finds the read end of its lifeline, and the variable that
/// tells it so. End of file there: its parent is gone, so it must end too.
inline constexpr int lifeline_fd = 3;
inline constexpr const char* lifeline_variable = "BANKSIA_LIFELINE_FD";

/// Where a child that is asked to writes `ready` or `ready PORT`.
inline constexpr int ready_fd = 4;
inline constexpr const char* ready_variable = "BANKSIA_READY_FD";

/// What a program may take of the machine. Set from outside once it is loaded, so
/// it cannot tell by its command; what it starts inherits them.
struct process_limits {
  int nice = 0; ///< 19 gives way to everybody; 0: as we are
  /// Memory of its own that it may ask for: heap, stacks, private mappings. More
  /// is refused, and as it sees fit it ends. Files that are only read do not
  /// count. 0: no bound.
  std::uint64_t memory_bytes = 0;
  bool core_dumps = true; ///< false: a crash leaves no file
};

/// What to start. Descriptors other than those named here
/// are closed, the environment is ours with additions.
struct process_spec {
  /// Program and arguments; a program without a slash is found through PATH.
  std::vector<std::string> command;
  /// Name and value; takes the place of a variable of ours.
  std::vector<std::pair<std::string, std::string>> environment;
  /// The file that it reads as stdin; empty: /dev/null.
  std::string input = {};
  /// Stdout and stderr come through pipes; else they are ours.
  bool capture = true;
  /// There is a pipe at `ready_fd`.
  bool ready_pipe = false;
  process_limits limits = {};
};

/// Not thread-safe: one owner, one thread at a time.
class child_process {
public:
  using clock = std::chrono::steady_clock;

  /// Starts it. @throws process_error when the program is missing or cannot
  /// be run, or descriptors or processes are used up; nothing runs then
  explicit child_process(const process_spec& spec);

  /// Kills the whole group unless it has ended, and reads the status.
  ~child_process();
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  pid_t pid() const noexcept { return pid_; }

  /// Readable once the process has ended.
  int pidfd() const noexcept { return pidfd_.get(); }

  /// Our ends, non-blocking; -1 where the spec asked for none.
  int output() const noexcept { return output_.get(); }
  int errors() const noexcept { return errors_.get(); }
  int ready() const noexcept { return ready_.get(); }

  /// To the process alone. @returns false when it has ended
  bool signal(int number) noexcept;

  /// To all of its group. @returns false when it has ended
  bool signal_group(int number) noexcept;

  /// How it ended; nothing while it runs. What is left of its group is killed
  /// first: as long as its status is unread its number names nobody else.
  std::optional<process_exit> ended() noexcept;

  /// Waits for the end. @returns nothing when the time was over first
  std::optional<process_exit>
  wait_for(std::chrono::milliseconds limit) noexcept;

  /// SIGTERM to the group, and SIGKILL when it has not ended in time.
  process_exit stop(std::chrono::milliseconds limit) noexcept;

  /// SIGKILL to the group.
  process_exit kill() noexcept;

private:
  [[noreturn]] void abandon(const std::string& program, int code);
  void restrict_to(const process_limits& limits) const noexcept;
  process_exit wait() noexcept;

  pid_t pid_ = -1;
  unique_fd pidfd_;
  unique_fd lifeline_; ///< the write end: never written to
  unique_fd output_;
  unique_fd errors_;
  unique_fd ready_;
  std::optional<process_exit> exit_;
};

/// Asks a group to end, also one that is halted.
void terminate(child_process& child) noexcept;

} // namespace banksia::process
