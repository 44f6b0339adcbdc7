#define CAF_SUITE interruption
#include "runtime/storage/interruption.hpp"

#include "runtime/storage/sqlite.hpp"
#include "tests/scratch_folder.hpp"

#include "caf/test/unit_test.hpp"

#include <string>

using namespace banksia::storage;

namespace {

struct fixture {
  banksia::test::scratch_folder folder;
  database db{folder.file(), open_mode::read_write};

  /// A query that never ends by itself. @returns what ended it
  std::string endless() {
    try {
      db.scalar("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM "
                "n) SELECT count(*) FROM n");
    } catch (const storage_error& error) {
      return error.what();
    }
    return "it came to its end";
  }

  /// One that ends at once.
  std::int64_t small() { return db.scalar("SELECT 7"); }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(interruption_tests, fixture)

CAF_TEST(a statement ends when its time is over) {
  auto looks = 0;
  interruption limit{[&] { return ++looks == 5; }};
  CAF_CHECK(endless().find("interrupted") != std::string::npos);
  CAF_CHECK_EQUAL(looks, 5);
  // The connection is as good as before.
  CAF_CHECK_EQUAL(small(), 7);
}

CAF_TEST(the innermost limit counts and nothing is due without one) {
  CAF_CHECK(!interruption::is_due());
  interruption outer{[] { return false; }};
  {
    interruption inner{[] { return true; }};
    CAF_CHECK(interruption::is_due());
    CAF_CHECK(endless().find("interrupted") != std::string::npos);
  }
  CAF_CHECK(!interruption::is_due());
}

CAF_TEST_FIXTURE_SCOPE_END()
