#pragma once

/// The canonical texts of a configuration: one `key = value` line for each
/// key, sorted by name, valid TOML, the same on every machine and locale.

#include "config/loader.hpp"
#include "config/settings.hpp"

#include <string>

namespace banksia::config {

/// Every key. `load_text` gives back equal settings.
std::string full_text(const settings& x);

/// Only the keys that can change a prediction or outcome
/// (`key_effect::decision`, and `decision_where_set` where they differ from the
/// default).
std::string decision_text(const settings& x);

/// SHA-256 over `decision_text`, 64 hex digits: two nodes with other ports,
/// paths or threads decide alike and share it.
std::string configuration_hash(const settings& x);

/// What `banksia check-config` prints: `key = value  # origin` lines in the
/// table's order, which is valid TOML too.
std::string effective_text(const configuration& x);

} // namespace banksia::config
