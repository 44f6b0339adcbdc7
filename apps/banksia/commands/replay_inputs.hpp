#pragma once

/// What a replay is made of beside its bars: headlines and series of other
/// markets.

#include "actors/run_plan.hpp"
#include "apps/common/command.hpp"
#include "apps/common/context_files.hpp"
#include "runtime/storage/sqlite.hpp"

#include <string>
#include <vector>

namespace banksia::commands {

struct replay_inputs {
  std::vector<std::string> news;    ///< files or folders
  std::string zone;                 ///< of dates that tell none
  std::vector<std::string> context; ///< NAME=PATH each

  void add_to(CLI::App& command);
};

/// Imports the files and says in the plan that they are there.
/// @param plan with the symbols that headlines are about
/// @throws command_error, intake::bad_input, storage::storage_error
void take_inputs(run_plan& plan, const replay_inputs& inputs,
                 const config_options& options,
                 const config::settings& settings, storage::database& db);

} // namespace banksia::commands
