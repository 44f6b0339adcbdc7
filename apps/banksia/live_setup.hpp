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
/// @param data_dir what relative paths of the configuration lie under
node_setup live_setup(const config::settings& settings,
                      const std::filesystem::path& database,
                      const std::filesystem::path& data_dir);

/// What a process without the core is made from: plan, listings and what its
/// services show. Reads the database where there is one already, and opens it
/// for reading only.
/// @throws commands::command_error
node_setup role_setup(const config::settings& settings,
                      const std::filesystem::path& database);

/// Puts in place the faults that BANKSIA_FAULTS asks for, if any: in the way of
/// actors, databases and the wall clock. Before anything is started.
/// @throws commands::command_error
void add_faults(node_setup& setup, probe_board& probes);

} // namespace banksia
