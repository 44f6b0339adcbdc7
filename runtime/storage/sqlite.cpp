#include "runtime/storage/sqlite.hpp"

#include "runtime/storage/interruption.hpp"

#include <sqlite3.h>

#include <utility>

namespace banksia::storage {

namespace {

failure classify(int code) noexcept {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return failure::busy;
    case SQLITE_FULL:
      return failure::full;
    case SQLITE_IOERR:
      return failure::io;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return failure::read_only;
    case SQLITE_CANTOPEN:
      return failure::cannot_open;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return failure::corrupt;
    case SQLITE_CONSTRAINT:
      return failure::constraint;
    default:
      return failure::misuse;
  }
}

constexpr std::byte empty_blob[1]{};

/// `what`, SQLite's own message and the file, as one line.
std::string describe(sqlite3* db, int code, std::string_view what) {
  std::string text{what};
  text += ": ";
  text += db ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  if (db != nullptr)
    if (auto file = sqlite3_db_filename(db, "main"); file && *file) {
      text += ": ";
      text += file;
    }
  return text;
}

[[noreturn]] void raise(sqlite3* db, int code, std::string_view what) {
  throw storage_error(classify(code), describe(db, code, what));
}

/// Null: nothing is, and a use costs that test.
std::unique_ptr<const obstacle> in_the_way;

void meet_obstacle(operation what) {
  if (in_the_way)
    if (auto failed = (*in_the_way)(what))
      throw storage_error(*failed, "a failure on purpose: "
                                     + std::string{to_string(*failed)});
}

} // namespace

std::string_view to_string(operation x) noexcept {
  return x == operation::commit ? "commit" : "step";
}

void set_obstacle(obstacle x) {
  in_the_way = x ? std::make_unique<const obstacle>(std::move(x)) : nullptr;
}

std::string_view to_string(failure x) noexcept {
  switch (x) {
    case failure::busy:
      return "busy";
    case failure::full:
      return "full";
    case failure::io:
      return "io";
    case failure::read_only:
      return "read_only";
    case failure::cannot_open:
      return "cannot_open";
    case failure::corrupt:
      return "corrupt";
    case failure::constraint:
      return "constraint";
    case failure::schema:
      return "schema";
    case failure::misuse:
      break;
  }
  return "misuse";
}

// -- statement ------------------------------------------------------------------

statement::statement(sqlite3* db, std::string_view sql) : db_(db) {
  auto code = sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()),
                                 SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
  if (code != SQLITE_OK)
    raise(db, code, "cannot prepare a statement");
}

statement::statement(statement&& other) noexcept
  : db_(other.db_), handle_(std::exchange(other.handle_, nullptr)) {}

statement& statement::operator=(statement&& other) noexcept {
  std::swap(db_, other.db_);
  std::swap(handle_, other.handle_);
  return *this;
}

statement::~statement() {
  sqlite3_finalize(handle_);
}

statement& statement::bind(int position, std::int64_t value) {
  if (auto code = sqlite3_bind_int64(handle_, position, value))
    raise(db_, code, "cannot bind an integer");
  return *this;
}

statement& statement::bind(int position, double value) {
  if (auto code = sqlite3_bind_double(handle_, position, value))
    raise(db_, code, "cannot bind a number");
  return *this;
}

statement& statement::bind(int position, std::string_view value) {
  // A null pointer would bind NULL; an empty text is not that.
  auto data = value.data() != nullptr ? value.data() : "";
  if (auto code = sqlite3_bind_text(handle_, position, data,
                                    static_cast<int>(value.size()),
                                    SQLITE_STATIC))
    raise(db_, code, "cannot bind a text");
  return *this;
}

statement& statement::bind_blob(int position,
                                std::span<const std::byte> value) {
  // As above: an empty blob is not NULL.
  auto data = value.data() != nullptr ? value.data() : empty_blob;
  if (auto code = sqlite3_bind_blob(handle_, position, data,
                                    static_cast<int>(value.size()),
                                    SQLITE_STATIC))
    raise(db_, code, "cannot bind a blob");
  return *this;
}

statement& statement::bind_null(int position) {
  if (auto code = sqlite3_bind_null(handle_, position))
    raise(db_, code, "cannot bind NULL");
  return *this;
}

bool statement::step() {
  meet_obstacle(operation::step);
  auto code = sqlite3_step(handle_);
  if (code == SQLITE_ROW)
    return true;
  if (code == SQLITE_DONE)
    return false;
  // The message must be read before the reset.
  auto text = describe(db_, code, "cannot run a statement");
  sqlite3_reset(handle_);
  throw storage_error(classify(code), text);
}

void statement::run() {
  while (step()) {
    // Rows of a RETURNING clause or a pragma are not wanted.
  }
  sqlite3_reset(handle_);
}

void statement::reset() {
  sqlite3_reset(handle_);
}

bool statement::is_null(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

std::int64_t statement::integer(int column) const {
  return sqlite3_column_int64(handle_, column);
}

double statement::number(int column) const {
  return sqlite3_column_double(handle_, column);
}

std::string_view statement::text(int column) const {
  auto data = sqlite3_column_text(handle_, column);
  if (data == nullptr)
    return {};
  return {reinterpret_cast<const char*>(data),
          static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

std::span<const std::byte> statement::blob(int column) const {
  auto data = sqlite3_column_blob(handle_, column);
  if (data == nullptr)
    return {};
  return {static_cast<const std::byte*>(data),
          static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

// -- database -------------------------------------------------------------------

database::database(const std::filesystem::path& file, open_mode mode,
                   std::chrono::milliseconds patience)
  : file_(file) {
  auto flags = mode == open_mode::read_write
                 ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                 : SQLITE_OPEN_READONLY;
  auto code = sqlite3_open_v2(file.c_str(), &handle_,
                              flags | SQLITE_OPEN_NOMUTEX, nullptr);
  try {
    if (code != SQLITE_OK)
      throw storage_error(classify(code), "cannot open the database: "
                                            + file.string() + ": "
                                            + sqlite3_errstr(code));
    be_patient(patience);
    constexpr int steps_between_looks = 10'000;
    sqlite3_progress_handler(
      handle_, steps_between_looks,
      [](void*) -> int { return interruption::is_due() ? 1 : 0; }, nullptr);
    if (mode == open_mode::read_write) {
      // FULL: a commit that we acknowledge has reached the disk. A prediction
      // takes 0.9 KB: larger pages are split less often.
      execute("PRAGMA page_size=16384; PRAGMA journal_mode=WAL;"
              "PRAGMA synchronous=FULL;"
              "PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=1000;"
              "PRAGMA cache_size=-16384");
    } else {
      // A node has a dozen of these, and below them is the system's cache.
      execute("PRAGMA query_only=ON; PRAGMA cache_size=-2048");
    }
    execute("PRAGMA temp_store=MEMORY");
    scalar("SELECT count(*) FROM sqlite_master");
  } catch (...) {
    sqlite3_close_v2(handle_);
    throw;
  }
}

database::~database() {
  sqlite3_close_v2(handle_);
}

database::database(database&& other) noexcept
  : handle_(std::exchange(other.handle_, nullptr)),
    file_(std::move(other.file_)) {}

database& database::operator=(database&& other) noexcept {
  std::swap(handle_, other.handle_);
  std::swap(file_, other.file_);
  return *this;
}

void database::be_patient(std::chrono::milliseconds limit) noexcept {
  sqlite3_busy_timeout(handle_, static_cast<int>(limit.count()));
}

void database::execute(const std::string& sql) {
  if (auto code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr))
    raise(handle_, code, "cannot run a statement");
}

std::int64_t database::changes() const noexcept {
  return sqlite3_changes64(handle_);
}

std::int64_t database::scalar(std::string_view sql) {
  auto query = prepare(sql);
  return query.step() ? query.integer(0) : 0;
}

// -- transaction ----------------------------------------------------------------

transaction::transaction(database& db) : db_(&db) {
  db_->execute("BEGIN IMMEDIATE");
}

transaction::~transaction() {
  if (!open_)
    return;
  try {
    db_->execute("ROLLBACK");
  } catch (const storage_error&) {
    // SQLite has rolled back by itself already (full disk, I/O error).
  }
}

void transaction::commit() {
  meet_obstacle(operation::commit);
  db_->execute("COMMIT");
  open_ = false;
}

// -- savepoint ------------------------------------------------------------------

savepoint::savepoint(database& db) : db_(&db) {
  db_->execute("SAVEPOINT part");
}

savepoint::~savepoint() {
  if (!open_)
    return;
  try {
    db_->execute("ROLLBACK TO part; RELEASE part");
  } catch (const storage_error&) {
    // The whole transaction is gone already (full disk, I/O error).
  }
}

void savepoint::release() {
  db_->execute("RELEASE part");
  open_ = false;
}

void savepoint::roll_back() {
  db_->execute("ROLLBACK TO part; RELEASE part");
  open_ = false;
}

} // namespace banksia::storage
