#pragma once

#include "apps/banksia/topology.hpp"
#include "config/settings.hpp"

#include <filesystem>

namespace banksia {

/// What a node that serves people is made from, and where it left off: its
/// market clock and feed go on where the store says they stood.
///
/// Opens (and migrates) the database, so that a problem with it shows before
/// anything is started.
/// @throws commands::command_error, storage::storage_error
node_setup live_setup(const config::settings& settings,
                      const std::filesystem::path& database);

} // namespace banksia
