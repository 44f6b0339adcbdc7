#define CAF_SUITE sqlite_errors
#include "runtime/storage/sqlite.hpp"
#include "tests/unit/storage/expect_failure.hpp"
#include "tests/scratch_folder.hpp"

#include "caf/test/unit_test.hpp"

#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace banksia::storage;
using namespace banksia::storage_test;
using namespace banksia::test;

namespace fs = std::filesystem;

namespace {

void make_database(const fs::path& file) {
  database db{file, open_mode::read_write};
  db.execute("CREATE TABLE t(x INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)");
}

/// Runs `check` as a user without privileges: root may write everything.
/// @returns whether it held
template <class Check>
bool as_nobody(Check check) {
  auto child = fork();
  if (child == 0) {
    bool held = false;
    try {
      auto dropped = geteuid() != 0 || (setgid(65534) == 0
                                        && setuid(65534) == 0);
      held = dropped && check();
    } catch (...) {
      held = false;
    }
    _exit(held ? 0 : 1);
  }
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child
         && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(sqlite_error_tests, scratch_folder)

CAF_TEST(a missing folder is named) {
  auto missing = path() / "none" / "a.db";
  auto failed = failure_of([&] { database{missing, open_mode::read_write}; });
  CAF_CHECK(failed.kind == failure::cannot_open);
  CAF_CHECK(failed.says("cannot open the database"));
  CAF_CHECK(failed.says(missing.string()));
}

CAF_TEST(reading a missing file does not make it) {
  auto failed = failure_of([&] { database{file(), open_mode::read_only}; });
  CAF_CHECK(failed.kind == failure::cannot_open);
  CAF_CHECK(failed.says(file().string()));
  CAF_CHECK(!fs::exists(file()));
}

CAF_TEST(a folder is not a database) {
  auto failed = failure_of([&] { database{path(), open_mode::read_write}; });
  CAF_CHECK(failed.kind == failure::cannot_open);
}

CAF_TEST(a text file is not a database and stays as it is) {
  const std::string text(2000, 'x');
  std::ofstream{file()} << text;
  for (auto mode : {open_mode::read_write, open_mode::read_only}) {
    auto failed = failure_of([&] { database{file(), mode}; });
    CAF_CHECK(failed.kind == failure::corrupt);
    CAF_CHECK(failed.says(file().string()));
  }
  std::ifstream in{file()};
  std::string read{std::istreambuf_iterator<char>{in}, {}};
  CAF_CHECK(read == text);
}

CAF_TEST(a damaged page is reported as damage) {
  {
    database db{file(), open_mode::read_write};
    db.execute("CREATE TABLE t(x TEXT)");
    auto insert = db.prepare("INSERT INTO t VALUES (?)");
    for (int i = 0; i < 100; ++i)
      insert.bind_all(std::string(500, 'y')).run();
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  std::fstream raw{file(), std::ios::in | std::ios::out | std::ios::binary};
  raw.seekp(4096);
  raw << std::string(4096 * 4, '\xee');
  raw.close();
  auto failed = failure_of([&] {
    database db{file(), open_mode::read_only};
    db.scalar("SELECT sum(length(x)) FROM t");
  });
  CAF_CHECK(failed.kind == failure::corrupt);
}

CAF_TEST(a file that may not be written is read only) {
  make_database(file());
  fs::permissions(path(), fs::perms{0755});
  fs::permissions(file(), fs::perms{0444});
  auto held = as_nobody([&] {
    auto failed = failure_of([&] {
      database db{file(), open_mode::read_write};
      db.execute("INSERT INTO t VALUES (2)");
    });
    return failed.kind == failure::read_only && !failed.text.empty();
  });
  CAF_CHECK(held);
}

CAF_TEST(a folder that may not be written cannot take a new database) {
  fs::permissions(path(), fs::perms{0555});
  auto held = as_nobody([&] {
    auto failed = failure_of([&] { database{file(), open_mode::read_write}; });
    return failed.kind == failure::cannot_open && failed.says(file().string());
  });
  CAF_CHECK(held);
  fs::permissions(path(), fs::perms{0755});
}

CAF_TEST(a file that may not be read cannot be opened) {
  make_database(file());
  fs::permissions(path(), fs::perms{0755});
  fs::permissions(file(), fs::perms{0000});
  auto held = as_nobody([&] {
    auto failed = failure_of([&] { database{file(), open_mode::read_only}; });
    return failed.kind == failure::cannot_open;
  });
  CAF_CHECK(held);
}

CAF_TEST(a broken constraint says which) {
  make_database(file());
  database db{file(), open_mode::read_write};
  auto failed = failure_of([&] { db.execute("INSERT INTO t VALUES (1)"); });
  CAF_CHECK(failed.kind == failure::constraint);
  CAF_CHECK(failed.says("t.x"));
  CAF_CHECK(failed.says(file().string()));
}

CAF_TEST(a failed prepared statement says what and where) {
  make_database(file());
  database db{file(), open_mode::read_write};
  auto insert = db.prepare("INSERT INTO t VALUES (?)");
  auto failed = failure_of([&] { insert.bind_all(std::int64_t{1}).run(); });
  CAF_CHECK(failed.kind == failure::constraint);
  CAF_CHECK(failed.says("t.x"));
  CAF_CHECK(failed.says(file().string()));
}

CAF_TEST(wrong SQL and wrong positions are misuse) {
  make_database(file());
  database db{file(), open_mode::read_write};
  auto failed = failure_of([&] { db.prepare("SELECT y FROM nowhere"); });
  CAF_CHECK(failed.kind == failure::misuse);
  CAF_CHECK(failed.says("nowhere"));
  CAF_CHECK(failure_of([&] { db.execute("NOT SQL"); }).kind
            == failure::misuse);
  auto query = db.prepare("SELECT x FROM t WHERE x = ?");
  CAF_CHECK(failure_of([&] { query.bind(2, std::int64_t{1}); }).kind
            == failure::misuse);
  CAF_CHECK(failure_of([&] { query.bind(2, 1.0); }).kind == failure::misuse);
  CAF_CHECK(failure_of([&] { query.bind(2, std::string_view{"a"}); }).kind
            == failure::misuse);
  CAF_CHECK(failure_of([&] { query.bind_blob(2, {}); }).kind
            == failure::misuse);
  CAF_CHECK(failure_of([&] { query.bind_null(2); }).kind == failure::misuse);
}

CAF_TEST(two writers at once make one busy) {
  make_database(file());
  database first{file(), open_mode::read_write};
  database second{file(), open_mode::read_write};
  second.execute("PRAGMA busy_timeout=0");
  transaction held{first};
  auto failed = failure_of([&] { transaction{second}; });
  CAF_CHECK(failed.kind == failure::busy);
  held.commit();
  transaction now{second};
  now.commit();
}

CAF_TEST(a full disk fails the write and keeps what was there) {
  make_database(file());
  database db{file(), open_mode::read_write};
  db.execute("CREATE TABLE big(x TEXT)");
  auto pages = db.scalar("PRAGMA page_count");
  db.execute("PRAGMA max_page_count=" + std::to_string(pages + 4));
  auto insert = db.prepare("INSERT INTO big VALUES (?)");
  const std::string text(3000, 'z');
  auto failed = failure_of([&] {
    transaction guard{db};
    for (int i = 0; i < 100; ++i)
      insert.bind_all(text).run();
    guard.commit();
  });
  CAF_CHECK(failed.kind == failure::full);
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM big"), 0);
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM t"), 1);
  // There is room again: the same statement works.
  db.execute("PRAGMA max_page_count=100000");
  transaction guard{db};
  insert.bind_all(text).run();
  guard.commit();
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM big"), 1);
}

CAF_TEST(every failure has a name of its own) {
  CAF_CHECK(to_string(failure::busy) == "busy");
  CAF_CHECK(to_string(failure::full) == "full");
  CAF_CHECK(to_string(failure::io) == "io");
  CAF_CHECK(to_string(failure::read_only) == "read_only");
  CAF_CHECK(to_string(failure::cannot_open) == "cannot_open");
  CAF_CHECK(to_string(failure::corrupt) == "corrupt");
  CAF_CHECK(to_string(failure::constraint) == "constraint");
  CAF_CHECK(to_string(failure::schema) == "schema");
  CAF_CHECK(to_string(failure::misuse) == "misuse");
}

CAF_TEST_FIXTURE_SCOPE_END()
