#pragma once

/// Whether and how a node trains models.

#include "apps/banksia/topology.hpp"
#include "config/settings.hpp"

#include <filesystem>

namespace banksia {

/// Adds a trainer, unless the configuration wants no models. The program
/// `banksia-ml` is looked for beside the one that runs; where it lacks, each
/// training fails and says so.
/// @param models the folder of the registry
/// @pre `to.plan` and `to.database`
void add_training(node_setup& to, const config::settings& x,
                  const std::filesystem::path& models);

} // namespace banksia
