#pragma once

/// The registry as JSON text.

#include "models/forecast/registry_state.hpp"

#include <string>
#include <string_view>

namespace banksia::forecast {

/// The same registry gives the same text.
std::string to_text(const registry_state& x);

/// Reads what `to_text` wrote, strictly: a text of a later format, a missing
/// member, a history that cannot be are refused.
/// @throws registry_error
registry_state registry_from_text(std::string_view text);

} // namespace banksia::forecast
