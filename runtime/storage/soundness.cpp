#include "runtime/storage/soundness.hpp"

#include <sqlite3.h>

#include <memory>
#include <optional>

namespace banksia::storage {

namespace {

constexpr int problems_max = 10;
/// Steps of SQLite's machine between two questions: some milliseconds.
constexpr int steps_between = 20'000;

using connection = std::unique_ptr<sqlite3, decltype(&sqlite3_close_v2)>;
using words = std::optional<std::vector<std::string>>;
using query = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

[[noreturn]] void fail(int code, const std::filesystem::path& file,
                       sqlite3* db) {
  std::string why = db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  auto kind = failure::misuse;
  switch (code & 0xff) {
    case SQLITE_BUSY: kind = failure::busy; break;
    case SQLITE_IOERR: kind = failure::io; break;
    case SQLITE_CANTOPEN: kind = failure::cannot_open; break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: kind = failure::corrupt; break;
    default: break;
  }
  throw storage_error(kind, "cannot check the database: " + file.string() + ": "
                              + why);
}

connection open(const std::filesystem::path& file) {
  sqlite3* handle = nullptr;
  auto code = sqlite3_open_v2(file.c_str(), &handle,
                              SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
                              nullptr);
  connection db{handle, &sqlite3_close_v2};
  if (code != SQLITE_OK)
    fail(code, file, handle);
  sqlite3_busy_timeout(handle, 1000);
  return db;
}

/// @returns nothing when it was interrupted
words texts(sqlite3* db, const std::string& sql,
            const std::filesystem::path& file) {
  sqlite3_stmt* handle = nullptr;
  auto code = sqlite3_prepare_v2(db, sql.c_str(), -1, &handle, nullptr);
  query rows{handle, &sqlite3_finalize};
  std::vector<std::string> result;
  while (code == SQLITE_OK || code == SQLITE_ROW) {
    code = sqlite3_step(handle);
    if (code == SQLITE_ROW)
      result.emplace_back(
        reinterpret_cast<const char*>(sqlite3_column_text(handle, 0)));
  }
  if (code == SQLITE_INTERRUPT)
    return std::nullopt;
  if (code != SQLITE_DONE)
    fail(code, file, db);
  return result;
}

std::string quoted(const std::string& name) {
  std::string result = "'";
  for (auto x : name)
    result += x == '\'' ? std::string{"''"} : std::string{x};
  return result + "'";
}

/// What `quick_check` says of a table, "ok" where all is well; nothing when it
/// was interrupted.
words words_on(sqlite3* db, const std::string& table,
               const std::filesystem::path& file) {
  try {
    return texts(db, "PRAGMA quick_check(" + quoted(table) + ")", file);
  } catch (const storage_error& error) {
    if (error.kind() != failure::corrupt)
      throw;
    // Too broken to be walked through.
    return std::vector<std::string>{sqlite3_errmsg(db)};
  }
}

/// Whether a table has more rows than that; nothing when it was interrupted.
std::optional<bool> is_larger(sqlite3* db, const std::string& table,
                              std::int64_t rows,
                              const std::filesystem::path& file) {
  // A walk over its rows; to count them by an index may take long in one step.
  auto name = quoted(table);
  try {
    auto said = texts(db, "SELECT coalesce(sum(1), 0) > " + std::to_string(rows)
                            + " FROM (SELECT 1 FROM " + name
                            + " NOT INDEXED LIMIT " + std::to_string(rows)
                            + " + 1)", file);
    if (said)
      return said->front() == "1";
  } catch (const storage_error& error) {
    if (error.kind() != failure::corrupt)
      throw;
    return false; // the check will say what is wrong
  }
  return std::nullopt;
}

int stop_unless(void* go_on) {
  return (*static_cast<const std::function<bool()>*>(go_on))() ? 0 : 1;
}

} // namespace

soundness check_soundness(const std::filesystem::path& file, std::size_t first,
                          const std::function<bool()>& go_on,
                          std::int64_t rows_max) {
  auto db = open(file);
  auto names = texts(db.get(),
                     "SELECT name FROM sqlite_master WHERE type = 'table' AND "
                     "name NOT LIKE 'sqlite_%' ORDER BY name",
                     file);
  sqlite3_progress_handler(db.get(), steps_between, stop_unless,
                           const_cast<std::function<bool()>*>(&go_on));
  soundness result;
  result.tables = static_cast<std::uint32_t>(names->size());
  for (std::size_t i = 0; i < names->size(); ++i) {
    if (!go_on())
      break;
    const auto& name = (*names)[(first + i) % names->size()];
    auto larger = is_larger(db.get(), name, rows_max, file);
    if (!larger)
      break;
    if (*larger) {
      ++result.too_large;
      continue;
    }
    auto said = words_on(db.get(), name, file);
    if (!said)
      break;
    ++result.checked;
    for (const auto& x : *said)
      if (x != "ok" && result.problems.size() < problems_max)
        result.problems.push_back(name + ": " + x);
  }
  return result;
}

} // namespace banksia::storage
