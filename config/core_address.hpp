#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace banksia::config {

/// Where a core listens.
struct core_address {
  std::string host; ///< without brackets
  std::uint16_t port = 0;
};

/// Reads "host:7400", "10.0.0.1:7400" or "[::1]:7400"; nothing for other texts.
std::optional<core_address> parse_core_address(std::string_view text);

} // namespace banksia::config
