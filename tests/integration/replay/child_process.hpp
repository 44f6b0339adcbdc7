#pragma once

/// Runs a program as a shell would, but never for longer than a deadline.

#include <chrono>
#include <string>
#include <vector>

namespace banksia::test {

struct child_result {
  int code = -1;       ///< exit code; 128 + signal where one ended it
  bool in_time = true; ///< false: killed at the deadline
  std::string out;
  std::string err;
};

/// Runs `command` (found through PATH) with an environment that holds none of
/// the program's own settings. @throws std::runtime_error when it cannot start
child_result
run_child(const std::vector<std::string>& command,
          std::chrono::seconds deadline = std::chrono::seconds{120});

} // namespace banksia::test
