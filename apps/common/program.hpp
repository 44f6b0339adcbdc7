#pragma once

/// How a program of ours begins and ends: its command line, errors in one line,
/// exit codes.

#include "apps/common/command.hpp"

#include <span>

namespace banksia::commands {

/// Adds the commands to `app`, reads the command line and does what the user
/// chose. @returns the exit code
int run_program(CLI::App& app, std::span<const add_command> all, int argc,
                char** argv);

} // namespace banksia::commands
