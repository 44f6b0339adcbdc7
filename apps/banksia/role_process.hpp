#pragma once

/// A node split into processes: what the core offers to the others, and how they
/// find it.

#include "actors/services/roles.hpp"
#include "apps/banksia/node.hpp"
#include "apps/common/data_folder.hpp"
#include "cluster/core_door.hpp"
#include "config/settings.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace banksia {

/// `node` where the process has the core, else its roles: of its lock and
/// announcement in `run/`, and behind the names of its logs.
std::string process_name(role_set roles);

/// "" of a node and of its core, else say "-data".
std::string log_suffix(role_set roles);

/// No other process has one of these roles while they live; which name it has
/// does not say so, where two have several each.
/// @throws commands::command_error exit 69 when another one has it
std::vector<part_lock> held_roles(const data_folder& folder, role_set roles);

/// What the process shows to others; made where it lacks.
/// @throws commands::command_error
tls::credentials node_credentials(const std::filesystem::path& data_dir);

/// What core and role processes have to agree on.
core_hello hello_of(const config::settings& x, role_set roles);

/// The way in, of a core. @param in outlives it
/// @param feeds null: no sources of the outside world
core_door_setup door_of(node& in, const config::settings& x,
                        std::shared_ptr<feed_board> feeds);

/// The way to it, of the others.
core_link_setup link_of(const node_setup& tree, const config::settings& x,
                        const std::filesystem::path& data_dir, role_set roles,
                        std::shared_ptr<core_view> view,
                        std::shared_ptr<feed_board> feeds);

} // namespace banksia
