#pragma once

/// The reference of all keys, made from the table that drives the loader.

#include <string>

namespace banksia::config {

/// Markdown: every key with default, allowed values, unit and meaning, then
/// what each profile changes.
std::string config_reference_markdown();

} // namespace banksia::config
