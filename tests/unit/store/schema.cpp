#define CAF_SUITE store_schema
#include "actors/store/schema.hpp"
#include "tests/unit/storage/expect_failure.hpp"
#include "tests/unit/store/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <fstream>

using namespace banksia;
using namespace banksia::store;
using namespace banksia::storage_test;
using namespace banksia::test;

CAF_TEST_FIXTURE_SCOPE(store_schema_tests, scratch_folder)

CAF_TEST(opening makes the folder and the schema) {
  auto where = path() / "a" / "b" / "store.db";
  auto db = open_for_writing(where);
  CAF_CHECK(std::filesystem::exists(where));
  CAF_CHECK_EQUAL(storage::schema_version(db), migrations().back().number);
  // The contract's tables and views.
  for (auto name :
       {"bars", "headlines", "quarantine", "cycles", "predictions", "outcomes",
        "obligations", "configurations", "supervision_events",
        "corporate_actions", "listing_changes", "bar_revisions", "forecasts",
        "jobs", "trainings", "models", "outcome_hours", "data_hours",
        "service_samples", "service_hours", "prediction_counts",
        "outcome_counts", "cycle_counts", "due_counts",
        "schema_version", "v_predictions", "v_outcomes"}) {
    CAF_MESSAGE(name);
    auto query = db.prepare("SELECT 1 FROM sqlite_master WHERE name = ?");
    query.bind_all(std::string_view{name});
    CAF_CHECK(query.step());
  }
}

CAF_TEST(opening again keeps everything) {
  {
    auto db = open_for_writing(file());
    store::ledger{db}.register_run("live", "live", "p");
  }
  auto db = open_for_writing(file());
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM runs"), 1);
}

CAF_TEST(the schema goes down and up again) {
  auto db = open_for_writing(file());
  storage::migrate(db, migrations(), 0);
  CAF_CHECK_EQUAL(storage::schema_version(db), 0);
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM sqlite_master "
                            "WHERE name NOT LIKE 'sqlite_%' "
                            "AND name <> 'schema_version'"),
                  0);
  storage::migrate(db, migrations(), migrations().back().number);
  store::ledger again{db};
  again.write(store_test::make_cycle(0, {"CBA.AX"}));
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM predictions"), 1);
}

CAF_TEST(reports that were stored twice are stored once from version 2 on) {
  auto db = open_for_writing(file());
  storage::migrate(db, migrations(), 1);
  auto insert = [&](const std::string& reason) {
    db.execute("INSERT INTO supervision_events(time, supervisor, child, "
               "generation, event, reason, strategy, restarts_in_period) "
               "VALUES (1, 'root', 'cycle', 1, 'restarted', '"
               + reason + "', 'one_for_one', 1)");
  };
  for (auto reason : {"a", "a", "b", "a"})
    insert(reason);
  storage::migrate(db, migrations(), 2);
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM supervision_events"), 2);
  storage::migrate(db, migrations(), migrations().back().number);
  supervision_report again;
  again.time = from_micros(1);
  again.supervisor = "root";
  again.child = "cycle";
  again.generation = 1;
  again.event = "restarted";
  again.reason = "b";
  auto receipt = store::ledger{db}.write(again);
  CAF_CHECK_EQUAL(receipt.rows, 0u);
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM supervision_events"), 2);
}

CAF_TEST(migration numbers count up from one) {
  int expected = 1;
  for (const auto& step : migrations()) {
    CAF_CHECK_EQUAL(step.number, expected++);
    CAF_CHECK(!step.name.empty() && !step.up.empty() && !step.down.empty());
  }
}

CAF_TEST(a newer database is refused) {
  {
    auto db = open_for_writing(file());
    db.execute("INSERT INTO schema_version VALUES (99, 'tomorrow')");
  }
  auto failed = failure_of([&] { open_for_writing(file()); });
  CAF_CHECK(failed.kind == storage::failure::schema);
  CAF_CHECK(failed.says("99"));
  failed = failure_of([&] { open_for_reading(file()); });
  CAF_CHECK(failed.kind == storage::failure::schema);
  CAF_CHECK(failed.says("the database has schema 99"));
  CAF_CHECK(failed.says("use the newer build"));
}

CAF_TEST(an older database is not read before it is migrated) {
  auto newest = newest_schema();
  {
    auto db = open_for_writing(file());
    store::ledger{db}.register_run("live", "live", "p");
    storage::migrate(db, migrations(), newest - 1);
  }
  auto failed = failure_of([&] { open_for_reading(file()); });
  CAF_CHECK(failed.kind == storage::failure::schema);
  CAF_CHECK(failed.says("has schema " + std::to_string(newest - 1)
                        + ", this build needs " + std::to_string(newest)));
  CAF_CHECK(failed.says("run `banksia db migrate`"));
  CAF_CHECK(failed.says(file().string()));
  {
    auto db = open_of_any_schema(file());
    CAF_CHECK_EQUAL(storage::schema_version(db), newest - 1);
  }
  open_for_writing(file());
  auto db = open_for_reading(file());
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM runs"), 1);
}

CAF_TEST(a folder that cannot be made is named) {
  std::ofstream{file("plain")} << "text";
  auto failed
    = failure_of([&] { open_for_writing(file("plain") / "x" / "a.db"); });
  CAF_CHECK(failed.kind == storage::failure::cannot_open);
  CAF_CHECK(failed.says("cannot create the folder"));
  CAF_CHECK(failed.says(file("plain").string()));
}

CAF_TEST(reading refuses a database without our schema) {
  storage::database{file(), storage::open_mode::read_write}.execute(
    "CREATE TABLE other(x)");
  auto failed = failure_of([&] { open_for_reading(file()); });
  CAF_CHECK(failed.kind == storage::failure::corrupt);
  CAF_CHECK(failed.says("not a Banksia database"));
  CAF_CHECK(failed.says(file().string()));
  CAF_CHECK(failure_of([&] { open_for_reading(file("none.db")); }).kind
            == storage::failure::cannot_open);
}

CAF_TEST(a database is named by a path or a sqlite URL) {
  CAF_CHECK(database_file("data/a.db") == "data/a.db");
  CAF_CHECK(database_file("sqlite:data/a.db") == "data/a.db");
  CAF_CHECK(database_file("sqlite:/abs/a.db") == "/abs/a.db");
  try {
    database_file("mysql://host/db");
    CAF_ERROR("another scheme was taken");
  } catch (const std::invalid_argument& error) {
    std::string text = error.what();
    CAF_CHECK(text.find("mysql://host/db") != std::string::npos);
    CAF_CHECK(text.find("sqlite:PATH") != std::string::npos);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
