#pragma once

/// What must hold between keys.

#include "config/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace banksia::config {

/// Values that are allowed each but not together.
struct conflict {
  std::vector<std::string_view> keys; ///< those involved
  std::string what;
  std::string hint;
};

/// Every conflict in `x`; empty when it may be used.
std::vector<conflict> find_conflicts(const settings& x);

} // namespace banksia::config
