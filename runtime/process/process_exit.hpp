#pragma once

/// How a process ended, and the one kind of error of this folder.

#include <stdexcept>
#include <string>

namespace banksia::process {

/// Something the operating system refused: what: where: what to do.
class process_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// An exit code or a signal; neither when somebody else read the status.
struct process_exit {
  int code = -1;  ///< 0 … 255; -1: it did not exit by itself
  int signal = 0; ///< what killed it; 0: no signal did

  bool succeeded() const noexcept { return code == 0; }

  bool operator==(const process_exit&) const = default;
};

/// "exit 3", "signal 11 (SIGSEGV)", "end unknown".
std::string to_string(const process_exit& x);

} // namespace banksia::process
