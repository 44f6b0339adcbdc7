#pragma once

/// Files for their owner's eyes alone.

#include <filesystem>
#include <optional>
#include <string>

namespace banksia::tls {

/// Makes the folder, and takes everybody else's rights to it away (0700).
/// @throws tls_error
void make_private_folder(const std::filesystem::path& folder);

/// Takes everybody else's rights to a file away (0600).
/// @throws tls_error
void make_private(const std::filesystem::path& file);

/// Writes beside with mode 0600, makes that durable and renames it.
/// @throws tls_error
void write_private(const std::filesystem::path& file, const std::string& text);

/// Nothing where there is none. @throws tls_error
std::optional<std::string> read_private(const std::filesystem::path& file);

} // namespace banksia::tls
