#define CAF_SUITE store_journal_records
#include "actors/store/journal_view.hpp"
#include "tests/unit/storage/expect_failure.hpp"
#include "tests/unit/store/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>

using namespace banksia;
using namespace banksia::store;
using namespace banksia::store_test;

namespace {

struct records_fixture : store_fixture {
  journal kept{journal_file(folder.file())};

  supervision_report report() {
    supervision_report x;
    x.child = "cycle";
    x.event = "restarted";
    return x;
  }

  /// One of each kind; the outcome needs its prediction, so the order matters.
  void append_each() {
    append(kept, provenance{"hash-2", "text-2", "build-2"});
    append(kept, std::vector<cycle_slot>{make_slot(0), make_slot(1)});
    append(kept, make_cycle(0, {"CBA.AX", "WBC.AX"}));
    append(kept, outcome_batch{
                   1, {make_outcome(make_prediction(make_slot(0), "CBA.AX"),
                                    60)}});
    append(kept, bar_batch{1, "csv", slot_at(2), {make_bar(0), make_bar(1)}});
    append(kept, headline_batch{1, {make_headline(0)}});
    append(kept, clock_mark{1, "live", slot_at(3)});
    append(kept, report());
    append(kept, quarantine_batch{1, {{1, "CBA.AX", "csv", "no_price", "x",
                                       slot_at(0)}}});
    append(kept, bar_repair_batch{1, {make_repair()}});
    append(kept, bar_revision_batch{1, {make_revision()}});
    append(kept, corporate_action_batch{1, {make_action()}});
    append(kept, listing_change_batch{1, {make_listing()}});
    append(kept, make_job());
    append(kept, make_training());
    append(kept, make_model());
    kept.sync();
  }

  void drain() {
    journal_drain all;
    while (all.step(kept, db, ledger))
      ;
  }

  /// Everything that a record may change.
  std::string state() {
    std::string result = queries.digest("live");
    for (auto table : {"cycles", "predictions", "obligations", "outcomes",
                       "bars", "headlines", "supervision_events",
                       "configurations", "quarantine", "bar_repairs",
                       "corporate_actions", "listing_changes", "bar_revisions",
                       "jobs", "trainings", "models"})
      result += " " + std::to_string(count(table));
    return result + " "
           + std::to_string(to_micros(*queries.run("live")->market_time))
           + " " + std::to_string(to_micros(*queries.watermark("csv")));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(journal_records_tests, records_fixture)

// These numbers are on disk.
static_assert(kind_of<provenance> == 1 && kind_of<cycle_record> == 2
              && kind_of<std::vector<cycle_slot>> == 3
              && kind_of<outcome_batch> == 4 && kind_of<bar_batch> == 5
              && kind_of<headline_batch> == 6 && kind_of<clock_mark> == 7
              && kind_of<supervision_report> == 8
              && kind_of<quarantine_batch> == 9
              && kind_of<bar_repair_batch> == 10
              && kind_of<corporate_action_batch> == 11
              && kind_of<listing_change_batch> == 12
              && kind_of<bar_revision_batch> == 13
              && kind_of<job_record> == 14 && kind_of<training_record> == 15
              && kind_of<model_record> == 16
              && kind_of<service_sample_batch> == 17);

CAF_TEST(each kind of record goes through the journal unchanged) {
  append_each();
  drain();
  auto by_journal = state();
  store_fixture direct;
  direct.ledger.set_provenance({"hash-2", "text-2", "build-2"});
  direct.ledger.write(std::vector<cycle_slot>{make_slot(0), make_slot(1)});
  direct.ledger.write(make_cycle(0, {"CBA.AX", "WBC.AX"}));
  direct.ledger.write(outcome_batch{
    1, {make_outcome(make_prediction(make_slot(0), "CBA.AX"), 60)}});
  CAF_CHECK_EQUAL(queries.digest("live"), direct.queries.digest("live"));
  auto stored = queries.predictions({});
  auto expected = direct.queries.predictions({});
  CAF_REQUIRE_EQUAL(stored.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i)
    CAF_CHECK(stored[i].content == expected[i].content);
  CAF_CHECK_EQUAL(count("obligations"), 5);
  CAF_CHECK(queries.bars("CBA.AX", bar_interval::m30, slot_at(9))
            == (std::vector<bar>{make_bar(0), make_bar(1)}));
  CAF_CHECK(queries.headlines("CBA.AX", slot_at(9), 9)
            == std::vector<headline>{make_headline(0)});
  CAF_CHECK(queries.run("live")->market_time == slot_at(3));
  CAF_CHECK_EQUAL(count("supervision_events"), 1);
  CAF_CHECK_EQUAL(count("quarantine"), 1);
  CAF_CHECK_EQUAL(count("bar_repairs"), 1);
  CAF_CHECK(queries.revisions("CBA.AX", bar_interval::m30, slot_at(9))
            == std::vector<bar_revision>{make_revision()});
  CAF_CHECK(queries.actions("CBA.AX", slot_at(9))
            == std::vector<corporate_action>{make_action()});
  CAF_CHECK(queries.listings(slot_at(9))
            == std::vector<listing_change>{make_listing()});
  CAF_CHECK(queries.jobs("live", "", 9) == std::vector<job_record>{make_job()});
  CAF_CHECK(queries.trainings(9)
            == std::vector<training_record>{make_training()});
  CAF_CHECK(queries.models() == std::vector<model_record>{make_model()});
}

CAF_TEST(predictions keep what they were made with) {
  append_each();
  drain();
  auto stored = queries.predictions({});
  CAF_REQUIRE(!stored.empty());
  CAF_CHECK_EQUAL(queries.configuration_text(stored[0].configuration_id),
                  "text-2");
  CAF_CHECK_EQUAL(queries.build_text(stored[0].build_id), "build-2");
}

CAF_TEST(moved twice it changes nothing) {
  append_each();
  drain();
  auto once = state();
  drain();
  CAF_CHECK_EQUAL(state(), once);
}

CAF_TEST(broken off anywhere and begun again it gives the same) {
  append_each();
  // As a crash after each record, with the database as it was committed.
  for (std::uint64_t stop = 1; stop < kept.records(); ++stop) {
    storage::transaction part{db};
    journal::position at;
    for (std::uint64_t i = 0; i < stop; ++i)
      write(*kept.next(at), ledger);
    part.commit();
  }
  drain();
  auto broken = state();
  records_fixture direct;
  direct.append_each();
  direct.drain();
  CAF_CHECK_EQUAL(broken, direct.state());
}

CAF_TEST(each step is bounded and the next goes on) {
  for (std::uint64_t i = 0; i < 2 * journal_drain::step_records + 1; ++i)
    append(kept, std::vector<cycle_slot>{make_slot(static_cast<int>(i))});
  kept.sync();
  journal_drain all;
  CAF_CHECK(all.step(kept, db, ledger));
  CAF_CHECK_EQUAL(count("cycles"),
                  static_cast<std::int64_t>(journal_drain::step_records));
  CAF_CHECK(all.step(kept, db, ledger));
  CAF_CHECK(!all.step(kept, db, ledger));
  CAF_CHECK_EQUAL(all.replayed(), kept.records());
  // What is added later is moved by the next step.
  append(kept, std::vector<cycle_slot>{make_slot(9999)});
  kept.sync();
  CAF_CHECK(!all.step(kept, db, ledger));
  CAF_CHECK_EQUAL(count("cycles"), static_cast<std::int64_t>(kept.records()));
}

CAF_TEST(a record that contradicts the schema goes to quarantine alone) {
  auto bad = make_bar(1);
  bad.close = price{std::nan("")};
  append(kept, make_cycle(0, {"CBA.AX"}));
  append(kept, bar_batch{1, "csv", slot_at(3), {make_bar(0), bad}});
  append(kept, make_cycle(1, {"CBA.AX"}));
  kept.sync();
  for (int round = 0; round < 2; ++round) {
    journal_drain all;
    CAF_CHECK(!all.step(kept, db, ledger));
    CAF_CHECK_EQUAL(all.refused(), 1u);
    CAF_CHECK_EQUAL(count("predictions"), 2);
    CAF_CHECK_EQUAL(count("bars"), 0);
    CAF_CHECK_EQUAL(count("quarantine"), 1);
  }
  CAF_CHECK_EQUAL(db.scalar("SELECT line FROM quarantine WHERE kind='journal'"),
                  2);
}

CAF_TEST(a database that is locked leaves the position) {
  append_each();
  db.be_patient(std::chrono::milliseconds{0});
  journal_drain all;
  {
    storage::database other{folder.file(), storage::open_mode::read_write};
    storage::transaction held{other};
    CAF_CHECK(storage_test::failure_of([&] { all.step(kept, db, ledger); }).kind
            == storage::failure::busy);
  }
  CAF_CHECK(!all.step(kept, db, ledger));
  CAF_CHECK_EQUAL(all.replayed(), kept.records());
}

CAF_TEST(a kind of another build is refused and stays) {
  kept.append(99, std::vector<char>{'x'});
  kept.sync();
  journal_drain all;
  CAF_CHECK(storage_test::failure_of([&] { all.step(kept, db, ledger); }).kind
            == storage::failure::misuse);
  CAF_CHECK_EQUAL(kept.records(), 1u);
}

CAF_TEST(a record of another version is refused and stays) {
  // A clock mark whose version this build does not know.
  append(kept, clock_mark{2, "live", slot_at(0)});
  kept.sync();
  journal_drain all;
  CAF_CHECK(storage_test::failure_of([&] { all.step(kept, db, ledger); }).kind
            == storage::failure::misuse);
  CAF_CHECK(!queries.run("live")->market_time);
}

CAF_TEST(what the scheduler remembers includes the journal) {
  auto late = make_cycle(1, {"CBA.AX"});
  late.status = cycle_status::late;
  late.predictions.push_back(make_abstention(late.slot, "WBC.AX"));
  auto missed = make_cycle(2, {});
  missed.status = cycle_status::missed;
  append(kept, make_cycle(0, {"CBA.AX"})); // in the database already
  append(kept, std::vector<cycle_slot>{make_slot(0), make_slot(1),
                                       make_slot(3), make_slot(4)});
  append(kept, make_cycle(9, {"CBA.AX"}, "another"));
  append(kept, late);
  append(kept, missed);
  append(kept, make_cycle(3, {"CBA.AX"}));
  append(kept, clock_mark{1, "live", slot_at(5)});
  append(kept, clock_mark{1, "another", slot_at(9)});
  kept.sync();
  std::optional<timestamp> last_ended = slot_at(0);
  std::vector<cycle_slot> owed{make_slot(2)};
  std::optional<timestamp> market_time = slot_at(4);
  schedule_status totals;
  totals.completed = 1;
  journal_view{folder.file()}.add_cycles(last_ended, owed, market_time, totals,
                                         "live");
  CAF_CHECK(last_ended == slot_at(3));
  CAF_REQUIRE_EQUAL(owed.size(), 1u);
  CAF_CHECK(owed[0] == make_slot(4));
  CAF_CHECK(market_time == slot_at(5));
  CAF_CHECK_EQUAL(totals.completed, 3u);
  CAF_CHECK_EQUAL(totals.late, 1u);
  CAF_CHECK_EQUAL(totals.missed, 1u);
  CAF_CHECK_EQUAL(totals.predictions, 2u);
  CAF_CHECK_EQUAL(totals.abstentions, 1u);
}

CAF_TEST(the newest evaluation may be in the journal) {
  auto made = make_cycle(0, {"CBA.AX"});
  auto ended = make_outcome(made.predictions[0], 60);
  std::optional<timestamp> newest;
  journal_view{folder.file()}.add_evaluated(newest);
  CAF_CHECK(!newest);
  append(kept, outcome_batch{1, {ended}});
  kept.sync();
  journal_view{folder.file()}.add_evaluated(newest);
  CAF_CHECK(newest == ended.evaluation_timestamp);
  auto later = ended.evaluation_timestamp + std::chrono::hours{1};
  newest = later;
  journal_view{folder.file()}.add_evaluated(newest);
  CAF_CHECK(newest == later);
}

CAF_TEST(actions and listings of the journal join those of the database) {
  auto split = make_action(2.0);
  split.kind = action_kind::split;
  split.effective_at = slot_at(4);
  auto unknown_yet = make_action(0.25);
  unknown_yet.known_at = slot_at(3);
  auto other = make_action();
  other.symbol = "WBC.AX";
  append(kept, corporate_action_batch{
                 1, {make_action(), split, unknown_yet, other}});
  append(kept, listing_change_batch{1, {make_listing("WBC.AX"),
                                        make_listing("ANZ.AX")}});
  auto again = make_revision(true);
  again.content.known_at = slot_at(1);
  append(kept, bar_revision_batch{1, {make_revision(), again}});
  kept.sync();
  journal_view promised{folder.file()};
  std::vector<bar_revision> revisions{make_revision()};
  promised.add_revisions(revisions, "CBA.AX", bar_interval::m30, slot_at(2));
  CAF_CHECK(revisions == (std::vector<bar_revision>{again, make_revision()}));
  std::vector<corporate_action> actions{make_action()};
  promised.add_actions(actions, "CBA.AX", slot_at(2));
  CAF_CHECK(actions == (std::vector<corporate_action>{split, make_action()}));
  std::vector<listing_change> changes{make_listing("WBC.AX")};
  promised.add_listings(changes, slot_at(2));
  CAF_CHECK(changes
            == (std::vector<listing_change>{make_listing("ANZ.AX"),
                                            make_listing("WBC.AX")}));
}

CAF_TEST(without a journal what is remembered stays) {
  std::optional<timestamp> last_ended;
  std::vector<cycle_slot> owed;
  std::optional<timestamp> market_time;
  schedule_status totals;
  journal_view{folder.file()}.add_cycles(last_ended, owed, market_time, totals,
                                         "live");
  CAF_CHECK(!last_ended && owed.empty() && !market_time);
}

CAF_TEST(what a crash left is taken over and removed) {
  append_each();
  CAF_CHECK_EQUAL(take_over_journal(db, ledger), kept.records());
  CAF_CHECK(!std::filesystem::exists(kept.file()));
  CAF_CHECK_EQUAL(count("predictions"), 2);
  CAF_CHECK_EQUAL(take_over_journal(db, ledger), 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
