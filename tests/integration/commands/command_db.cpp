#define CAF_SUITE command_db

#include "actors/store/schema.hpp"
#include "tests/integration/commands/program.hpp"
#include "tests/integration/commands/stored_run.hpp"

#include "caf/test/unit_test.hpp"

#include <fstream>

using namespace banksia;
using namespace banksia::test;

namespace {

struct fixture {
  program p;
  std::string db = p.file("a.db");
  int newest = store::newest_schema();

  stored_run make_older() {
    auto made = make_run(db, "test");
    auto opened = store::open_for_writing(db);
    storage::migrate(opened, store::migrations(), newest - 1);
    return made;
  }

  program_result migrate(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"db", "migrate", "--db", db};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return p.banksia(arguments);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(command_db, fixture)

CAF_TEST(what reads an older database says how to bring it up) {
  auto made = make_older();
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{
         {"report"}, {"explain", made.predictions.front()},
         {"predict", "CBA.AX"}}) {
    auto arguments = command;
    arguments.insert(arguments.end(), {"--db", db});
    auto x = p.banksia(arguments);
    CAF_MESSAGE(x.err);
    CAF_CHECK_EQUAL(x.exit_code, 1);
    CAF_CHECK_EQUAL(x.out, "");
    CAF_CHECK(is_one_line(x.err));
    CAF_CHECK(holds(x.err, "banksia: the database has schema "
                             + std::to_string(newest - 1)
                             + ", this build needs "
                             + std::to_string(newest)));
    CAF_CHECK(holds(x.err, db + ": run `banksia db migrate`\n"));
  }
  auto up = migrate();
  CAF_CHECK_EQUAL(up.exit_code, 0);
  CAF_CHECK_EQUAL(up.out, db + ": schema " + std::to_string(newest - 1)
                            + " to " + std::to_string(newest) + "\n");
  CAF_CHECK_EQUAL(up.err, "");
  CAF_CHECK_EQUAL(p.banksia({"report", "--db", db}).exit_code, 0);
  CAF_CHECK_EQUAL(
    p.banksia({"explain", made.predictions.front(), "--db", db}).exit_code, 0);
}

CAF_TEST(a database of the newest schema is left as it is) {
  make_run(db, "test");
  auto x = migrate();
  CAF_CHECK_EQUAL(x.exit_code, 0);
  CAF_CHECK(holds(x.out, "has schema " + std::to_string(newest) + " already"));
  auto json = migrate({"--json"}).json();
  CAF_CHECK_EQUAL(json.at("from").as_int64(), newest);
  CAF_CHECK_EQUAL(json.at("to").as_int64(), newest);
}

CAF_TEST(what cannot be migrated is named) {
  auto none = migrate();
  CAF_CHECK_EQUAL(none.exit_code, 1);
  CAF_CHECK(holds(none.err, "no database there: " + db));
  CAF_CHECK(!std::filesystem::exists(db));
  storage::database{db, storage::open_mode::read_write}.execute(
    "CREATE TABLE other(x)");
  auto other = migrate();
  CAF_CHECK_EQUAL(other.exit_code, 65);
  CAF_CHECK(holds(other.err, "not a Banksia database: " + db));
  // Nothing was made in it.
  auto opened = storage::database{db, storage::open_mode::read_only};
  CAF_CHECK_EQUAL(storage::schema_version(opened), 0);
  auto text = p.write("text.db", "This is no database, only some text.\n");
  auto x = p.banksia({"db", "migrate", "--db", text});
  CAF_CHECK_EQUAL(x.exit_code, 65);
  CAF_CHECK_EQUAL(p.banksia({"db"}).exit_code, 2);
  CAF_CHECK_EQUAL(p.banksia({"db", "migrat"}).exit_code, 2);
}

CAF_TEST(a database of a newer build is left alone) {
  make_run(db, "test");
  {
    auto opened = store::open_for_writing(db);
    opened.execute("INSERT INTO schema_version VALUES (99, 'tomorrow')");
  }
  for (const auto& x : {migrate(), p.banksia({"report", "--db", db})}) {
    CAF_CHECK_EQUAL(x.exit_code, 1);
    CAF_CHECK(holds(x.err, "99"));
    CAF_CHECK(x.err.ends_with(": use the newer build\n"));
  }
}

CAF_TEST(doctor says that a start will migrate) {
  make_older();
  auto x = p.banksia({"doctor", "--set", "database_path=" + db});
  CAF_CHECK(holds(x.out + x.err, "its schema " + std::to_string(newest - 1)
                                   + " becomes " + std::to_string(newest)));
}

CAF_TEST_FIXTURE_SCOPE_END()
