#define CAF_SUITE store_counts
#include "actors/store/level_queries.hpp"
#include "actors/store/run_counts.hpp"
#include "tests/unit/store/samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::store;
using namespace banksia::store_test;

namespace {

/// A table's rows as text, in their order.
std::string rows_of(storage::database& db, const std::string& sql,
                    int columns) {
  std::string result;
  auto query = db.prepare(sql);
  while (query.step()) {
    for (int i = 0; i < columns; ++i)
      result += std::string{query.text(i)} + '|';
    result += '\n';
  }
  return result;
}

struct counted_store {
  test::scratch_folder folder;
  storage::database db = open_for_writing(folder.file("banksia.db"));
  ledger into{db};
  store::queries ask{db};

  counted_store() {
    into.set_provenance({"hash", "text", "build"});
    into.register_run("live", "live", "{}");
    into.register_run("other", "replay", "{}");
    into.write(std::vector<cycle_slot>{make_slot(0), make_slot(1),
                                       make_slot(2), make_slot(3)});
    for (int i = 0; i < 2; ++i)
      into.write(cycle_at(i));
    into.write(cycle_at(0, "other"));
    auto missed = make_cycle(2, {});
    missed.status = cycle_status::missed;
    missed.reason = "too old";
    into.write(missed);
    auto wrong = outcome_of(0, "WBC.AX", 60);
    wrong.success = false;
    auto gone = outcome_of(0, "CBA.AX", 240);
    gone.is_void = true;
    gone.void_reason = "halted";
    into.write(outcome_batch{1, {outcome_of(0, "CBA.AX", 60), wrong, gone}});
  }

  static cycle_record cycle_at(int i, std::string run = "live") {
    auto x = make_cycle(i, {"CBA.AX", "WBC.AX"}, run);
    x.predictions.push_back(make_abstention(x.slot, "ANZ.AX"));
    return x;
  }

  static outcome outcome_of(int i, std::string symbol, std::uint32_t horizon) {
    return make_outcome(make_prediction(make_slot(i), std::move(symbol)),
                        horizon);
  }

  /// What is kept is what a look at every row gives.
  void check_sums() {
    CAF_CHECK_EQUAL(
      rows_of(db, "SELECT * FROM prediction_counts", 5),
      rows_of(db, "SELECT run, symbol, abstained, coalesce(action, reason), "
                  "count(*) FROM predictions GROUP BY 1, 2, 3, 4 "
                  "ORDER BY 1, 2, 3, 4",
              5));
    CAF_CHECK_EQUAL(
      rows_of(db, "SELECT * FROM outcome_counts", 4),
      rows_of(db, "SELECT run, o.horizon_minutes, iif(void, 'void', "
                  "iif(success, 'true', 'false')) AS word, count(*) "
                  "FROM outcomes o JOIN predictions USING(prediction_id) "
                  "GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
              4));
    CAF_CHECK_EQUAL(rows_of(db, "SELECT * FROM cycle_counts", 3),
                    rows_of(db, "SELECT run, status, count(*) FROM cycles "
                                "WHERE status <> 'scheduled' "
                                "GROUP BY 1, 2 ORDER BY 1, 2",
                            3));
    CAF_CHECK_EQUAL(rows_of(db, "SELECT * FROM due_counts", 3),
                    rows_of(db, "SELECT run, due_at, count(*) FROM obligations "
                                "GROUP BY 1, 2 ORDER BY 1, 2",
                            3));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(store_counts_tests, counted_store)

CAF_TEST(counts are those of the rows) {
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM prediction_counts"), 6);
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM outcome_counts"), 3);
  check_sums();
}

CAF_TEST(what comes twice is counted once) {
  into.write(cycle_at(1));
  into.write(outcome_batch{1, {outcome_of(0, "CBA.AX", 60),
                               outcome_of(1, "CBA.AX", 60),
                               outcome_of(1, "CBA.AX", 60)}});
  into.write(std::vector<cycle_slot>{make_slot(0)});
  CAF_CHECK_EQUAL(db.scalar("SELECT sum(outcomes) FROM outcome_counts"), 4);
  check_sums();
}

CAF_TEST(what is rolled back is not counted) {
  {
    storage::transaction lost{db};
    into.write(cycle_at(3));
    into.write(outcome_batch{1, {outcome_of(1, "CBA.AX", 60)}});
    check_sums();
  }
  CAF_CHECK_EQUAL(db.scalar("SELECT sum(cycles) FROM cycle_counts"), 4);
  check_sums();
}

CAF_TEST(the migration counts what was there and the way back leaves nothing) {
  storage::migrate(db, migrations(), 6);
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM sqlite_master WHERE name IN "
                            "('prediction_counts', 'outcome_counts', "
                            "'cycle_counts', 'due_counts', "
                            "'predictions_of_symbol', 'cycles_owed', "
                            "'jobs_owed', 'trainings_by_time', "
                            "'trainings_by_status', 'models_by_status')"),
                  0);
  storage::migrate(db, migrations(), migrations().back().number);
  CAF_CHECK_EQUAL(db.scalar("SELECT sum(predictions) FROM prediction_counts"),
                  9);
  check_sums();
}

CAF_TEST(the counters of a run are its own) {
  run_counts counts{"live"};
  CAF_CHECK(counts.predictions().empty());
  counts.refresh(db);
  CAF_CHECK_EQUAL(counts.predictions().at({"CBA.AX", "BUY"}), 2u);
  CAF_CHECK_EQUAL(counts.predictions().size(), 2u);
  CAF_CHECK_EQUAL(counts.abstentions().at("insufficient_history"), 2u);
  CAF_CHECK_EQUAL(counts.cycles().at("completed"), 2u);
  CAF_CHECK_EQUAL(counts.cycles().at("missed"), 1u);
  CAF_CHECK_EQUAL(counts.cycles().at("scheduled"), 1u);
  CAF_CHECK_EQUAL(counts.outcomes().at({60, "true"}), 1u);
  CAF_CHECK_EQUAL(counts.outcomes().at({60, "false"}), 1u);
  CAF_CHECK_EQUAL(counts.outcomes().at({240, "void"}), 1u);
  CAF_CHECK_EQUAL(counts.outcomes_total(), 3u);
  CAF_CHECK_EQUAL(count_outcomes(db, "live"), 3u);
  CAF_CHECK_EQUAL(count_outcomes(db, "none"), 0u);
  CAF_CHECK(counts.oldest_due() == outcome_of(1, "CBA.AX", 60).due_at);
  run_counts none{"none"};
  none.refresh(db);
  CAF_CHECK(none.cycles().empty());
  CAF_CHECK(!none.oldest_due());
}

CAF_TEST(predictions of a span are counted with and without a symbol) {
  auto all = count_predictions(db, "live", slot_at(1), "");
  CAF_CHECK_EQUAL(all.predictions, 2u);
  CAF_CHECK_EQUAL(all.abstentions, 1u);
  auto one = count_predictions(db, "live", std::nullopt, "ANZ.AX");
  CAF_CHECK_EQUAL(one.predictions, 0u);
  CAF_CHECK_EQUAL(one.abstentions, 2u);
  one = count_predictions(db, "live", slot_at(1), "CBA.AX");
  CAF_CHECK_EQUAL(one.predictions, 1u);
  CAF_CHECK_EQUAL(count_predictions(db, "other", slot_at(1), "").predictions,
                  0u);
}

CAF_TEST(the newest scored slot is of the primary horizon) {
  CAF_CHECK(newest_scored_slot(db, "live", "") == slot_at(0));
  CAF_CHECK(newest_scored_slot(db, "live", "CBA.AX") == slot_at(0));
  CAF_CHECK(!newest_scored_slot(db, "live", "WBC.AX"));
  CAF_CHECK(!newest_scored_slot(db, "other", ""));
}

CAF_TEST_FIXTURE_SCOPE_END()
