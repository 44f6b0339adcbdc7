#pragma once

/// The profiles that come with the program. Their files lie in
/// `config/profiles/` and are compiled in, so nothing needs to be installed.

#include <optional>
#include <string_view>
#include <vector>

namespace banksia::config {

/// The profile that serves where none is chosen.
inline constexpr std::string_view default_profile = "production";

/// All names: development, staging, production, demo.
const std::vector<std::string_view>& profile_names();

/// The TOML text of a profile; nothing for an unknown name.
std::optional<std::string_view> profile_text(std::string_view name);

} // namespace banksia::config
