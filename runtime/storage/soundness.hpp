#pragma once

/// Whether a database file is sound, within bounds of time.

#include "runtime/storage/sqlite.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace banksia::storage {

struct soundness {
  std::uint32_t tables = 0;  ///< that there are
  std::uint32_t checked = 0; ///< from their first row to their last
  /// What is wrong, at most ten; empty: nothing was found.
  std::vector<std::string> problems;

  bool whole() const noexcept { return checked == tables; }
};

/// Checks table by table, as SQLite's `quick_check` does, on a connection of its
/// own that only reads: writers go on meanwhile. It ends early, with fewer tables
/// checked, as soon as it may not go on.
/// @param first the table to begin with, by its place in the order of names,
///        around the end; so that another one is checked on each day where
///        there is no time for all
/// @param go_on asked every few milliseconds
/// @throws storage_error where the file cannot be read at all
soundness check_soundness(const std::filesystem::path& file, std::size_t first,
                          const std::function<bool()>& go_on);

} // namespace banksia::storage
