#pragma once

/// The program that trains, as whoever watches it sees it. A seam: a simulation
/// puts one in its place that takes no time of ours.

#include "runtime/process/child_process.hpp"

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace banksia {

/// One owner, one thread at a time. It ends with its object.
class training_program {
public:
  using time_point = std::chrono::steady_clock::time_point;

  enum class stream { output, errors };

  training_program() = default;
  training_program(const training_program&) = delete;
  training_program& operator=(const training_program&) = delete;
  virtual ~training_program() = default;

  virtual pid_t pid() const noexcept = 0;

  /// How it ended; nothing while it runs. What it wrote before its end can be
  /// read then.
  virtual std::optional<process::process_exit> ended(time_point now) = 0;

  /// Reads what it has written. @returns the number of bytes, 0 at the end of
  /// the stream; nothing: no more for now
  virtual std::optional<std::size_t> read(stream from, std::span<char> into) = 0;

  /// Asks it to end, also one that is halted.
  virtual void terminate() noexcept = 0;

  /// Ends it, with all that it has started.
  virtual void kill() noexcept = 0;

  /// Until it has written something or has ended, at most so long.
  virtual void wait(std::chrono::milliseconds limit) const = 0;
};

/// @throws process::process_error
using program_starter = std::function<std::unique_ptr<training_program>(
  const process::process_spec& spec, training_program::time_point now)>;

/// A child of ours. @throws process::process_error
std::unique_ptr<training_program>
start_child_program(const process::process_spec& spec);

} // namespace banksia
