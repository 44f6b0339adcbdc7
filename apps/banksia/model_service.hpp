#pragma once

/// Whether and how a node has models forecast.

#include "apps/banksia/topology.hpp"
#include "apps/common/programs.hpp"
#include "config/settings.hpp"
#include "runtime/tls/material.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace banksia {

struct model_service {
  std::optional<model_service_setup> setup; ///< nothing: rules alone predict
  std::optional<tls::credentials> network;  ///< what the node shows it
  /// Why there is none although the configuration wants one; empty: as it
  /// should be.
  std::string missing;
};

/// Makes the keys and certificates of node and process where they lack.
/// @throws commands::command_error when they cannot be made
model_service model_service_of(const config::settings& x,
                               const std::filesystem::path& data_dir,
                               const std::filesystem::path& program
                               = program_beside("banksia-ml"));

} // namespace banksia
