#define CAF_SUITE sqlite
#include "runtime/storage/sqlite.hpp"
#include "tests/unit/storage/expect_failure.hpp"
#include "tests/scratch_folder.hpp"

#include "caf/test/unit_test.hpp"

#include <array>
#include <bit>
#include <limits>

using namespace banksia::storage;
using namespace banksia::storage_test;
using namespace banksia::test;

namespace {

struct fixture {
  scratch_folder folder;
  database db{folder.file(), open_mode::read_write};

  std::string text_of(const std::string& sql) {
    auto query = db.prepare(sql);
    query.step();
    return std::string{query.text(0)};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(sqlite_tests, fixture)

CAF_TEST(a new database keeps a log and waits for the disk) {
  CAF_CHECK_EQUAL(text_of("PRAGMA journal_mode"), "wal");
  // 2 is FULL: what is acknowledged survives a power cut.
  CAF_CHECK_EQUAL(db.scalar("PRAGMA synchronous"), 2);
  CAF_CHECK_EQUAL(db.scalar("PRAGMA foreign_keys"), 1);
  CAF_CHECK_EQUAL(db.scalar("PRAGMA busy_timeout"), 5000);
  CAF_CHECK(db.file() == folder.file());
}

CAF_TEST(a reader sees commits and can write nothing) {
  db.execute("CREATE TABLE t(x INTEGER); INSERT INTO t VALUES (7)");
  database reader{folder.file(), open_mode::read_only};
  CAF_CHECK_EQUAL(reader.scalar("SELECT x FROM t"), 7);
  auto failed = failure_of([&] { reader.execute("INSERT INTO t VALUES (8)"); });
  CAF_CHECK(failed.kind == failure::read_only);
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM t"), 1);
}

CAF_TEST(a reader keeps its snapshot while the writer commits) {
  db.execute("CREATE TABLE t(x INTEGER); INSERT INTO t VALUES (1), (2)");
  database reader{folder.file(), open_mode::read_only};
  auto rows = reader.prepare("SELECT x FROM t ORDER BY x");
  CAF_CHECK(rows.step());
  db.execute("INSERT INTO t VALUES (3)");
  CAF_CHECK(rows.step());
  CAF_CHECK(!rows.step());
  rows.reset();
  CAF_CHECK_EQUAL(reader.scalar("SELECT count(*) FROM t"), 3);
}

CAF_TEST(values of each kind come back) {
  db.execute("CREATE TABLE t(i INTEGER, r REAL, s TEXT, b BLOB, n TEXT)");
  auto insert = db.prepare("INSERT INTO t VALUES (?, ?, ?, ?, ?)");
  const std::array<std::byte, 3> blob{std::byte{0}, std::byte{255},
                                      std::byte{1}};
  auto least = std::numeric_limits<std::int64_t>::min();
  insert.bind_all(least, -0.1, std::string_view{"a\0b", 3},
                  std::span<const std::byte>{blob}, nullptr);
  insert.run();
  CAF_CHECK_EQUAL(db.changes(), 1);
  auto row = db.prepare("SELECT * FROM t");
  CAF_REQUIRE(row.step());
  CAF_CHECK(row.integer(0) == least);
  CAF_CHECK(row.number(1) == -0.1);
  CAF_CHECK(row.text(2) == std::string_view("a\0b", 3));
  CAF_CHECK(row.blob(3).size() == 3 && row.blob(3)[1] == std::byte{255});
  CAF_CHECK(row.is_null(4));
  CAF_CHECK(row.text(4).empty());
  CAF_CHECK(!row.is_null(0));
  CAF_CHECK(!row.step());
}

CAF_TEST(numbers come back bit for bit) {
  db.execute("CREATE TABLE t(r)");
  auto insert = db.prepare("INSERT INTO t VALUES (?)");
  const double numbers[] = {-0.0, 5e-324, -2.2250738585072009e-308, 1.0 / 3,
                            std::numeric_limits<double>::infinity(),
                            std::numeric_limits<double>::max()};
  for (auto x : numbers)
    insert.bind_all(x).run();
  auto rows = db.prepare("SELECT r FROM t ORDER BY rowid");
  for (auto x : numbers) {
    CAF_REQUIRE(rows.step());
    CAF_CHECK(std::bit_cast<std::uint64_t>(rows.number(0))
              == std::bit_cast<std::uint64_t>(x));
  }
  // SQLite itself stores NaN as NULL; who needs it keeps it in a blob.
  insert.bind_all(std::numeric_limits<double>::quiet_NaN()).run();
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM t WHERE r IS NULL"), 1);
}

CAF_TEST(an empty text is not NULL) {
  db.execute("CREATE TABLE t(s TEXT NOT NULL)");
  auto insert = db.prepare("INSERT INTO t VALUES (?)");
  insert.bind_all(std::string_view{}).run();
  insert.bind_all(std::string{}).run();
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM t WHERE s = ''"), 2);
}

CAF_TEST(an empty blob is not NULL) {
  db.execute("CREATE TABLE t(b BLOB NOT NULL)");
  auto insert = db.prepare("INSERT INTO t VALUES (?)");
  insert.bind_all(std::span<const std::byte>{}).run();
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM t WHERE length(b) = 0"), 1);
}

CAF_TEST(a statement is used again with other values) {
  db.execute("CREATE TABLE t(x INTEGER PRIMARY KEY, y TEXT)");
  auto insert = db.prepare("INSERT INTO t VALUES (?, ?)");
  for (std::int64_t i = 0; i < 100; ++i) {
    auto text = std::to_string(i);
    insert.bind_all(i, text).run();
  }
  auto query = db.prepare("SELECT y FROM t WHERE x = ?");
  for (std::int64_t i = 0; i < 100; ++i) {
    query.bind_all(i);
    CAF_REQUIRE(query.step());
    CAF_CHECK(query.text(0) == std::to_string(i));
    query.reset();
  }
}

CAF_TEST(a statement that failed works again with good values) {
  db.execute("CREATE TABLE t(x INTEGER PRIMARY KEY)");
  auto insert = db.prepare("INSERT INTO t VALUES (?)");
  insert.bind_all(std::int64_t{1}).run();
  auto failed = failure_of([&] { insert.bind_all(std::int64_t{1}).run(); });
  CAF_CHECK(failed.kind == failure::constraint);
  insert.bind_all(std::int64_t{2}).run();
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM t"), 2);
}

CAF_TEST(a query that found nothing can be asked again) {
  db.execute("CREATE TABLE t(x INTEGER)");
  auto query = db.prepare("SELECT x FROM t WHERE x = ?");
  query.bind_all(std::int64_t{1});
  CAF_CHECK(!query.step());
  db.execute("INSERT INTO t VALUES (1)");
  query.reset();
  query.bind_all(std::int64_t{1});
  CAF_CHECK(query.step());
}

CAF_TEST(statements and databases move) {
  db.execute("CREATE TABLE t(x INTEGER); INSERT INTO t VALUES (5)");
  auto query = db.prepare("SELECT x FROM t");
  auto moved = std::move(query);
  CAF_CHECK(moved.step());
  auto other = db.prepare("SELECT 9");
  other = std::move(moved);
  CAF_CHECK_EQUAL(other.integer(0), 5);
  other.reset();
  database taken{std::move(db)};
  CAF_CHECK_EQUAL(taken.scalar("SELECT x FROM t"), 5);
  db = std::move(taken);
  CAF_CHECK_EQUAL(db.scalar("SELECT x FROM t"), 5);
  CAF_CHECK(db.file() == folder.file());
}

CAF_TEST(a scalar of no rows is zero) {
  db.execute("CREATE TABLE t(x INTEGER)");
  CAF_CHECK_EQUAL(db.scalar("SELECT x FROM t"), 0);
}

CAF_TEST(a transaction is all or nothing) {
  db.execute("CREATE TABLE t(x INTEGER)");
  {
    transaction dropped{db};
    db.execute("INSERT INTO t VALUES (1)");
  }
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM t"), 0);
  database reader{folder.file(), open_mode::read_only};
  {
    transaction kept{db};
    db.execute("INSERT INTO t VALUES (1)");
    CAF_CHECK_EQUAL(reader.scalar("SELECT count(*) FROM t"), 0);
    kept.commit();
    CAF_CHECK_EQUAL(reader.scalar("SELECT count(*) FROM t"), 1);
  }
  CAF_CHECK_EQUAL(reader.scalar("SELECT count(*) FROM t"), 1);
}

CAF_TEST(an exception rolls a transaction back) {
  db.execute("CREATE TABLE t(x INTEGER PRIMARY KEY)");
  auto failed = failure_of([&] {
    transaction guard{db};
    db.execute("INSERT INTO t VALUES (1)");
    db.execute("INSERT INTO t VALUES (1)");
    guard.commit();
  });
  CAF_CHECK(failed.kind == failure::constraint);
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM t"), 0);
  transaction again{db};
  db.execute("INSERT INTO t VALUES (1)");
  again.commit();
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM t"), 1);
}

CAF_TEST(a part that is rolled back leaves what follows) {
  db.execute("CREATE TABLE t(x INTEGER)");
  transaction all{db};
  {
    savepoint part{db};
    db.execute("INSERT INTO t VALUES (1)");
    part.roll_back();
    db.execute("INSERT INTO t VALUES (2)");
  }
  all.commit();
  CAF_CHECK_EQUAL(db.scalar("SELECT sum(x) FROM t"), 2);
}

CAF_TEST(patience is given at the opening and later) {
  database other{folder.file("other.db"), open_mode::read_write,
                 std::chrono::milliseconds{7}};
  CAF_CHECK_EQUAL(other.scalar("PRAGMA busy_timeout"), 7);
  other.be_patient(std::chrono::milliseconds{0});
  CAF_CHECK_EQUAL(other.scalar("PRAGMA busy_timeout"), 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
