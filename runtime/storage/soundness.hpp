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
  std::uint32_t too_large = 0; ///< left out
  /// What is wrong, at most ten; empty: nothing was found.
  std::vector<std::string> problems;

  bool whole() const noexcept { return checked == tables; }
};

/// Rows of a table that is checked: some seconds. SQLite 3.40 asks nobody whether
/// it may go on within `quick_check`, so a larger one cannot be ended in time.
inline constexpr std::int64_t checked_rows_max = 500'000;

/// Checks table by table, as SQLite's `quick_check` does, on a connection of its
/// own that only reads: writers go on meanwhile. Tables with more than `rows_max`
/// rows are left out. It ends early, with fewer tables
/// checked, as soon as it may not go on.
/// @param first the table to begin with, by its place in the order of names,
///        around the end; so that another one is checked on each day where
///        there is no time for all
/// @param go_on asked between two tables and, as long as SQLite asks, within one
/// @throws storage_error where the file cannot be read at all
soundness check_soundness(const std::filesystem::path& file, std::size_t first,
                          const std::function<bool()>& go_on,
                          std::int64_t rows_max = checked_rows_max);

} // namespace banksia::storage
