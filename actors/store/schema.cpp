#include "actors/store/schema.hpp"

#include <stdexcept>
#include <string>

namespace banksia::store {

int newest_schema() noexcept {
  return migrations().back().number;
}

storage::database open_for_writing(const std::filesystem::path& file,
                                   std::chrono::milliseconds patience) {
  if (auto folder = file.parent_path(); !folder.empty()) {
    std::error_code code;
    std::filesystem::create_directories(folder, code);
    if (code)
      throw storage::storage_error(storage::failure::cannot_open,
                                   "cannot create the folder of the database: "
                                     + folder.string() + ": "
                                     + code.message());
  }
  storage::database db{file, storage::open_mode::read_write, patience};
  if (storage::schema_version(db) != newest_schema()) {
    // An index on millions of rows is sorted on disk, not in memory.
    db.execute("PRAGMA temp_store=FILE");
    storage::migrate(db, migrations(), newest_schema());
    db.execute("PRAGMA temp_store=MEMORY");
  }
  return db;
}

storage::database open_of_any_schema(const std::filesystem::path& file) {
  storage::database db{file, storage::open_mode::read_only};
  if (storage::schema_version(db) == 0)
    throw storage::storage_error(storage::failure::corrupt,
                                 "not a Banksia database: " + file.string());
  return db;
}

storage::database open_for_reading(const std::filesystem::path& file) {
  auto db = open_of_any_schema(file);
  auto found = storage::schema_version(db);
  if (found == newest_schema())
    return db;
  throw storage::storage_error(
    storage::failure::schema,
    "the database has schema " + std::to_string(found) + ", this build needs "
      + std::to_string(newest_schema()) + ": " + file.string()
      + (found < newest_schema() ? ": run `banksia db migrate`"
                                 : ": use the newer build"));
}

std::filesystem::path database_file(std::string_view url) {
  if (url.starts_with("sqlite:"))
    url.remove_prefix(7);
  else if (auto colon = url.find("://"); colon != std::string_view::npos)
    throw std::invalid_argument("this build stores in SQLite only: "
                                + std::string{url}
                                + ": use sqlite:PATH or a bare path");
  return std::filesystem::path{url};
}

} // namespace banksia::store
