#pragma once

/// What must be set before others than this machine may ask the services.

#include "config/checks.hpp"

namespace banksia::config {

/// Whether the services listen for this machine alone.
bool is_loopback_bound(const settings& x);

/// Whether reading needs no token: only this machine can ask.
bool is_reading_free(const settings& x);

/// Adds each conflict in how the services are exposed.
void check_exposure(const settings& x, std::vector<conflict>& found);

} // namespace banksia::config
