#define CAF_SUITE migrations
#include "runtime/storage/sqlite.hpp"
#include "tests/unit/storage/expect_failure.hpp"
#include "tests/scratch_folder.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia::storage;
using namespace banksia::storage_test;
using namespace banksia::test;

namespace {

constexpr migration steps[] = {
  {1, "first", "CREATE TABLE a(x)", "DROP TABLE a"},
  {2, "second", "CREATE TABLE b(x); INSERT INTO b VALUES (1)", "DROP TABLE b"},
  {3, "third", "CREATE TABLE c(x)", "DROP TABLE c"},
};

struct fixture {
  scratch_folder folder;
  database db{folder.file(), open_mode::read_write};

  bool has_table(const std::string& name) {
    return db.scalar("SELECT count(*) FROM sqlite_master WHERE name = '" + name
                     + "'")
           == 1;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(migration_tests, fixture)

CAF_TEST(a new database has version zero) {
  CAF_CHECK_EQUAL(schema_version(db), 0);
}

CAF_TEST(steps run in order and only once) {
  migrate(db, steps, 2);
  CAF_CHECK_EQUAL(schema_version(db), 2);
  CAF_CHECK(has_table("a") && has_table("b") && !has_table("c"));
  migrate(db, steps, 2);
  migrate(db, steps, 3);
  CAF_CHECK_EQUAL(schema_version(db), 3);
  CAF_CHECK(has_table("c"));
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM b"), 1);
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM schema_version "
                            "WHERE name = 'second' AND version = 2"),
                  1);
}

CAF_TEST(steps are undone in reverse and can be done again) {
  migrate(db, steps, 3);
  migrate(db, steps, 1);
  CAF_CHECK_EQUAL(schema_version(db), 1);
  CAF_CHECK(has_table("a") && !has_table("b") && !has_table("c"));
  migrate(db, steps, 0);
  CAF_CHECK_EQUAL(schema_version(db), 0);
  CAF_CHECK(!has_table("a"));
  migrate(db, steps, 3);
  CAF_CHECK_EQUAL(schema_version(db), 3);
  CAF_CHECK(has_table("a") && has_table("b") && has_table("c"));
}

CAF_TEST(a newer database is refused and left alone) {
  migrate(db, steps, 3);
  auto older = std::span{steps}.first(2);
  for (auto target : {0, 2}) {
    auto failed = failure_of([&] { migrate(db, older, target); });
    CAF_CHECK(failed.kind == failure::schema);
    CAF_CHECK(failed.says("schema version 3"));
    CAF_CHECK(failed.says("knows up to 2"));
    CAF_CHECK(failed.says(folder.file().string()));
    CAF_CHECK(failed.says("use the newer build"));
  }
  CAF_CHECK_EQUAL(schema_version(db), 3);
  CAF_CHECK(has_table("c"));
}

CAF_TEST(a step that fails leaves the schema before it) {
  constexpr migration broken[] = {
    steps[0],
    {2, "broken", "CREATE TABLE b(x); CREATE TABLE a(x)", "DROP TABLE b"},
  };
  auto failed = failure_of([&] { migrate(db, broken, 2); });
  CAF_CHECK(failed.kind == failure::misuse);
  CAF_CHECK(failed.says("already exists"));
  CAF_CHECK_EQUAL(schema_version(db), 1);
  CAF_CHECK(has_table("a") && !has_table("b"));
  migrate(db, steps, 3);
  CAF_CHECK_EQUAL(schema_version(db), 3);
}

CAF_TEST(a step back that fails leaves the schema as it was) {
  constexpr migration broken[] = {
    {1, "first", "CREATE TABLE a(x)", "DROP TABLE a; DROP TABLE a"},
  };
  migrate(db, broken, 1);
  CAF_CHECK(failure_of([&] { migrate(db, broken, 0); }).kind
            == failure::misuse);
  CAF_CHECK_EQUAL(schema_version(db), 1);
  CAF_CHECK(has_table("a"));
}

CAF_TEST_FIXTURE_SCOPE_END()
