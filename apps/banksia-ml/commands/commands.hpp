#pragma once

/// The commands of `banksia-ml`, one file each.

#include "apps/common/command.hpp"

namespace banksia::commands {

void add_environment(CLI::App& app, action& chosen);

} // namespace banksia::commands
