#pragma once

/// SQLite behind types that cannot leak a statement or forget an error. The one
/// place that opens a database.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace banksia::storage {

/// What kind of failure a database reported; decides who can do what about it.
enum class failure {
  busy,       ///< another process holds the lock: try again
  full,       ///< no space: keep serving reads, accept nothing
  io,         ///< the device failed
  read_only,  ///< no permission to write
  cannot_open,
  corrupt,    ///< not a database, or a damaged one
  constraint, ///< the data contradicts the schema
  schema,     ///< a sound database of another build's schema
  misuse,     ///< everything else: our own mistake
};

std::string_view to_string(failure x) noexcept;

/// Thrown by every operation here. `what()` says what failed and where.
class storage_error : public std::runtime_error {
public:
  storage_error(failure kind, const std::string& text)
    : std::runtime_error(text), kind_(kind) {}

  failure kind() const noexcept { return kind_; }

private:
  failure kind_;
};

// -- faults on purpose ------------------------------------------------------------

enum class operation : std::uint8_t {
  step,   ///< of any statement
  commit, ///< of a transaction
};

std::string_view to_string(operation x) noexcept;

/// Asked before each operation, on its thread; gives the failure with which it
/// ends instead of being done.
using obstacle = std::function<std::optional<failure>(operation)>;

/// Puts an obstacle in the way of all databases of this process; an empty one
/// takes it away. Not while a database is used by another thread.
void set_obstacle(obstacle x);

// -- statements -------------------------------------------------------------------

/// A prepared statement. Not thread-safe; belongs to its database's thread.
class statement {
public:
  statement(sqlite3* db, std::string_view sql);
  statement(statement&& other) noexcept;
  statement& operator=(statement&& other) noexcept;
  ~statement();

  // -- binding (positions from 1) ---------------------------------------------

  statement& bind(int position, std::int64_t value);
  statement& bind(int position, double value);
  /// The text must outlive the next `step`.
  statement& bind(int position, std::string_view value);
  /// The bytes must outlive the next `step`.
  statement& bind_blob(int position, std::span<const std::byte> value);
  statement& bind_null(int position);

  /// Binds all values in order, from position 1.
  template <class... Ts>
  statement& bind_all(const Ts&... values) {
    int position = 0;
    (bind_one(++position, values), ...);
    return *this;
  }

  // -- running ------------------------------------------------------------------

  /// Advances; true while there is a row.
  bool step();

  /// Runs a statement without rows and makes it ready for the next values.
  void run();

  void reset();

  // -- reading the current row (columns from 0) ---------------------------------

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double number(int column) const;
  /// Valid until the next `step` or `reset`.
  std::string_view text(int column) const;
  std::span<const std::byte> blob(int column) const;

private:
  void bind_one(int position, std::int64_t value) { bind(position, value); }
  void bind_one(int position, double value) { bind(position, value); }
  void bind_one(int position, std::string_view value) { bind(position, value); }
  void bind_one(int position, std::span<const std::byte> value) {
    bind_blob(position, value);
  }
  void bind_one(int position, std::nullptr_t) { bind_null(position); }

  sqlite3* db_ = nullptr;
  sqlite3_stmt* handle_ = nullptr;
};

enum class open_mode {
  read_write, ///< creates the file when missing; WAL, synchronous=FULL
  read_only,  ///< of a file that exists
};

inline constexpr std::chrono::milliseconds default_patience{5000};

/// An open database. Not thread-safe: one thread at a time.
class database {
public:
  /// @param patience how long a statement waits for another process's lock
  /// @throws storage_error with what to do about it
  database(const std::filesystem::path& file, open_mode mode,
           std::chrono::milliseconds patience = default_patience);
  ~database();
  database(database&&) noexcept;
  database& operator=(database&&) noexcept;

  statement prepare(std::string_view sql) { return {handle_, sql}; }

  /// From now on a statement waits so long for another process's lock.
  void be_patient(std::chrono::milliseconds limit) noexcept;

  /// Runs statements without results.
  void execute(const std::string& sql);

  /// Rows changed by the last statement.
  std::int64_t changes() const noexcept;

  /// The first column of the first row of a query, or 0.
  std::int64_t scalar(std::string_view sql);

  const std::filesystem::path& file() const noexcept { return file_; }

private:
  sqlite3* handle_ = nullptr;
  std::filesystem::path file_;
};

/// Rolls back unless committed.
class transaction {
public:
  explicit transaction(database& db);
  ~transaction();
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;

  void commit();

private:
  database* db_;
  bool open_ = true;
};

/// A part of an open transaction that can fail alone: rolls back to where it
/// began unless released.
class savepoint {
public:
  explicit savepoint(database& db);
  ~savepoint();
  savepoint(const savepoint&) = delete;
  savepoint& operator=(const savepoint&) = delete;

  void release();

  /// Now rather than at the end, so that what follows stays.
  void roll_back();

private:
  database* db_;
  bool open_ = true;
};

/// A numbered step of the schema, with the way back.
struct migration {
  int number;
  std::string_view name;
  std::string_view up;
  std::string_view down;
};

/// The schema version of a database; 0 when it is new.
int schema_version(database& db);

/// Moves the schema to `target` (up or down), each step in one transaction.
/// @throws storage_error when the database is newer than the last migration
void migrate(database& db, std::span<const migration> steps, int target);

} // namespace banksia::storage
