#pragma once

/// Who may ask the services of a node, as the configuration has it.

#include "actors/services/services.hpp"
#include "config/settings.hpp"

#include <filesystem>

namespace banksia {

/// Sets access, limits, TLS and the audit of `to`. A certificate of our own
/// authority is made here, for `bind_address` and `allowed_hosts`.
/// @throws commands::command_error exit 78: files that cannot be used
void expose(service_setup& to, const config::settings& x,
            const std::filesystem::path& data_dir);

/// Lets the process have as many descriptors as the system allows it: each
/// connection needs one, and the usual soft limit is less than they may be.
void raise_descriptor_limit();

} // namespace banksia
