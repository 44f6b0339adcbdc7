#pragma once

/// The sources of the outside world that the configuration asks for.

#include "apps/banksia/topology.hpp"
#include "config/settings.hpp"

#include <filesystem>
#include <functional>
#include <memory>

namespace banksia {

/// @param data_dir relative paths lie under it
/// @param wall the wall clock, which sources speak of
/// @throws commands::command_error exit 78: an unknown source, no key
outside_world outside_of(const config::settings& x,
                         const std::filesystem::path& data_dir,
                         std::function<timestamp()> wall,
                         std::shared_ptr<feed_board> board);

} // namespace banksia
