#pragma once

/// The schema of the embedded store, as numbered migrations that go both ways.

#include "runtime/storage/sqlite.hpp"

#include <filesystem>
#include <span>

namespace banksia::store {

/// All migrations, oldest first.
std::span<const storage::migration> migrations();

/// Opens the database for writing, creating folder and schema where missing.
/// @param patience as of `storage::database`
/// @throws storage::storage_error
storage::database open_for_writing(
  const std::filesystem::path& file,
  std::chrono::milliseconds patience = storage::default_patience);

/// The schema that this build reads and writes.
int newest_schema() noexcept;

/// Opens an existing database for reading, whatever build's schema it has.
/// @throws storage::storage_error when it has none of ours
storage::database open_of_any_schema(const std::filesystem::path& file);

/// Opens an existing database for reading; refuses one without our schema, and
/// one of another build's (`failure::schema`), saying what to do.
/// @throws storage::storage_error
storage::database open_for_reading(const std::filesystem::path& file);

/// The file behind `sqlite:PATH` or a bare path.
/// @throws std::invalid_argument for another scheme
std::filesystem::path database_file(std::string_view url);

} // namespace banksia::store
