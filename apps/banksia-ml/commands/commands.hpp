#pragma once

/// The commands of `banksia-ml`, one file each.

#include "apps/common/command.hpp"

namespace banksia::commands {

void add_environment(CLI::App& app, action& chosen);
void add_train(CLI::App& app, action& chosen);
void add_evaluate(CLI::App& app, action& chosen);
void add_recompute(CLI::App& app, action& chosen);
void add_serve(CLI::App& app, action& chosen);

} // namespace banksia::commands
