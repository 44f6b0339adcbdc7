#define CAF_SUITE soundness
#include "runtime/storage/soundness.hpp"
#include "tests/scratch_folder.hpp"

#include "caf/test/unit_test.hpp"

#include <fstream>

using namespace banksia::storage;
namespace test = banksia::test;

namespace {

bool always() {
  return true;
}

struct soundness_fixture {
  test::scratch_folder folder;
  std::filesystem::path file = folder.file("some.db");

  soundness_fixture() {
    database db{file, open_mode::read_write};
    for (auto name : {"a", "b's", "c"})
      db.execute("CREATE TABLE \"" + std::string{name}
                 + "\"(x INTEGER PRIMARY KEY, y TEXT)");
    db.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
               "WHERE i < 5000) INSERT INTO c SELECT i, hex(randomblob(100)) "
               "FROM n");
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  /// Overwrites the page in the middle of the file, which is one of `c`'s.
  void damage() const {
    auto middle = std::filesystem::file_size(file) / 2 / 16384 * 16384;
    std::fstream out{file, std::ios::in | std::ios::out | std::ios::binary};
    out.seekp(static_cast<std::streamoff>(middle));
    out << std::string(16384, '\x7f');
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(soundness_tests, soundness_fixture)

CAF_TEST(a sound file is checked as a whole) {
  auto x = check_soundness(file, 7, always);
  CAF_CHECK_EQUAL(x.tables, 3u);
  CAF_CHECK(x.whole());
  CAF_CHECK(x.problems.empty());
}

CAF_TEST(a table that is too large is left out and said to be) {
  auto x = check_soundness(file, 0, always, 4999);
  CAF_CHECK_EQUAL(x.too_large, 1u);
  CAF_CHECK_EQUAL(x.checked, 2u);
  CAF_CHECK(!x.whole());
  CAF_CHECK(x.problems.empty());
  x = check_soundness(file, 0, always, 5000);
  CAF_CHECK_EQUAL(x.too_large, 0u);
  CAF_CHECK(x.whole());
  // A walk that meets damage leaves it to the check to say so.
  damage();
  CAF_CHECK(!check_soundness(file, 0, always, 4999).problems.empty());
}

CAF_TEST(damage is found and said at most ten times) {
  damage();
  auto x = check_soundness(file, 0, always);
  CAF_CHECK(!x.problems.empty());
  CAF_CHECK(x.problems.size() <= 10u);
  CAF_CHECK(x.problems.front().starts_with("c: "));
}

CAF_TEST(it ends when it may not go on and begins elsewhere the next time) {
  damage();
  CAF_CHECK_EQUAL(check_soundness(file, 0, [] { return false; }).checked, 0u);
  // One question before each table, and more only in a long one.
  auto one_table = [] {
    return [asked = 0]() mutable { return ++asked < 2; };
  };
  auto first = check_soundness(file, 0, one_table());
  CAF_CHECK_EQUAL(first.checked, 1u);
  CAF_CHECK(!first.whole());
  CAF_CHECK(first.problems.empty());
  auto third = check_soundness(file, 2, always);
  CAF_CHECK(!third.problems.empty());
}

CAF_TEST(a long table is left in the middle) {
  int asked = 0;
  auto x = check_soundness(file, 2, [&] { return ++asked < 3; });
  CAF_CHECK(asked >= 3);
  CAF_CHECK(!x.whole());
}

CAF_TEST(writers go on meanwhile) {
  database writer{file, open_mode::read_write};
  writer.be_patient(std::chrono::milliseconds{0});
  int written = 0;
  auto x = check_soundness(file, 0, [&] {
    writer.execute("INSERT INTO a(y) VALUES ('meanwhile')");
    ++written;
    return true;
  });
  CAF_CHECK(x.whole());
  CAF_CHECK(x.problems.empty());
  CAF_CHECK(written >= 3);
  CAF_CHECK_EQUAL(writer.scalar("SELECT count(*) FROM a"), written);
}

CAF_TEST(a file that is none is an error) {
  auto kind_of = [](const std::filesystem::path& x) {
    try {
      check_soundness(x, 0, always);
    } catch (const storage_error& error) {
      CAF_CHECK(std::string_view{error.what()}.find(x.string())
                != std::string_view::npos);
      return error.kind();
    }
    return failure::misuse;
  };
  CAF_CHECK(kind_of(folder.file("none.db")) == failure::cannot_open);
  std::ofstream{folder.file("text.db")} << std::string(5000, 'x');
  CAF_CHECK(kind_of(folder.file("text.db")) == failure::corrupt);
}

CAF_TEST_FIXTURE_SCOPE_END()
