#pragma once

/// `banksia run --supervised`: this process becomes the small parent of a node.

#include <chrono>
#include <string>
#include <vector>

namespace banksia {

/// The command line without what made this process a parent.
/// @pre the first one is the program
std::vector<std::string>
unsupervised(std::vector<std::string> command_line);

/// Runs this process's own command line as a child, and again after a crash.
/// Ends with the child's exit code.
/// @param drain_limit what the node allows itself to drain
/// @throws process::process_error when it cannot be started at all
int run_supervised(std::chrono::milliseconds drain_limit);

} // namespace banksia
