#define CAF_SUITE store_queries
#include "tests/unit/storage/expect_failure.hpp"
#include "tests/unit/store/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <set>

using namespace banksia;
using namespace banksia::store_test;
using banksia::storage_test::failure_of;

namespace {

const std::vector<std::string> symbols{"ANZ.AX", "CBA.AX", "WBC.AX"};

/// Ten live cycles of three symbols and two of another run.
struct filled : store_fixture {
  filled() {
    ledger.register_run("other", "replay", "{}");
    storage::transaction guard{db};
    for (int i = 0; i < 10; ++i)
      ledger.write(make_cycle(i, symbols));
    for (int i = 0; i < 2; ++i)
      ledger.write(make_cycle(i, symbols, "other"));
    guard.commit();
  }

  store::list_filter live() {
    store::list_filter filter;
    filter.run = "live";
    return filter;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(store_queries_tests, filled)

CAF_TEST(predictions come newest first and filtered) {
  CAF_CHECK_EQUAL(queries.predictions({}).size(), 36u);
  auto all = queries.predictions(live());
  CAF_REQUIRE_EQUAL(all.size(), 30u);
  for (std::size_t i = 1; i < all.size(); ++i)
    CAF_CHECK(all[i].content.id < all[i - 1].content.id);
  for (const auto& x : all)
    CAF_CHECK(x.run == "live");
  auto filter = live();
  filter.symbol = "CBA.AX";
  CAF_CHECK_EQUAL(queries.predictions(filter).size(), 10u);
  // Half-open: from is in, to is not.
  filter.from = slot_at(2);
  filter.to = slot_at(5);
  auto some = queries.predictions(filter);
  CAF_REQUIRE_EQUAL(some.size(), 3u);
  CAF_CHECK(some.front().content.slot == slot_at(4));
  CAF_CHECK(some.back().content.slot == slot_at(2));
  filter.symbol = "NONE.AX";
  CAF_CHECK(queries.predictions(filter).empty());
}

CAF_TEST(a text that looks like SQL is only a text) {
  auto filter = live();
  filter.symbol = "x' OR '1'='1";
  CAF_CHECK(queries.predictions(filter).empty());
  CAF_CHECK(queries.owed("x' OR '1'='1").empty());
}

CAF_TEST(pages of any size give each prediction once) {
  for (std::int64_t limit : {1, 2, 4, 7, 30, 31}) {
    std::vector<std::string> seen;
    auto filter = live();
    filter.limit = limit;
    for (int page = 0; page < 40; ++page) {
      auto rows = queries.predictions(filter);
      CAF_CHECK(rows.size() <= static_cast<std::size_t>(limit));
      if (rows.empty())
        break;
      for (const auto& row : rows)
        seen.push_back(to_string(row.content.id));
      filter.before_id = seen.back();
    }
    CAF_CHECK_EQUAL(seen.size(), 30u);
    CAF_CHECK_EQUAL(std::set<std::string>(seen.begin(), seen.end()).size(),
                    30u);
  }
}

CAF_TEST(pages oldest first give each prediction and outcome once) {
  auto filter = live();
  filter.ascending = true;
  filter.limit = 4;
  std::vector<std::string> seen;
  for (int page = 0; page < 40; ++page) {
    auto rows = queries.predictions(filter);
    if (rows.empty())
      break;
    for (const auto& row : rows)
      seen.push_back(to_string(row.content.id));
    filter.first_id = seen.back() + "g";
  }
  CAF_CHECK_EQUAL(seen.size(), 30u);
  CAF_CHECK(std::is_sorted(seen.begin(), seen.end()));
  // The cursor itself belongs to the page: outcomes share a prediction.
  filter.first_id = seen[28];
  CAF_CHECK_EQUAL(queries.predictions(filter).size(), 2u);
}

CAF_TEST(a page is not disturbed by newer predictions) {
  auto filter = live();
  filter.limit = 10;
  auto first = queries.predictions(filter);
  ledger.write(make_cycle(50, symbols));
  filter.before_id = to_string(first.back().content.id);
  auto second = queries.predictions(filter);
  CAF_REQUIRE_EQUAL(second.size(), 10u);
  CAF_CHECK(second.front().content.id < first.back().content.id);
}

CAF_TEST(the latest prediction of each symbol of the run) {
  ledger.write(make_cycle(20, {"CBA.AX"}, "other"));
  auto found = queries.latest("live", {"WBC.AX", "CBA.AX", "NONE.AX"});
  CAF_REQUIRE_EQUAL(found.size(), 2u);
  CAF_CHECK_EQUAL(found[0].content.symbol, "WBC.AX");
  CAF_CHECK_EQUAL(found[1].content.symbol, "CBA.AX");
  for (const auto& x : found)
    CAF_CHECK(x.content.slot == slot_at(9));
}

CAF_TEST(owed obligations of a run as they were stored) {
  auto owed = queries.owed("other");
  CAF_REQUIRE_EQUAL(owed.size(), 18u);
  auto wanted = make_cycle(0, {"CBA.AX"}, "other").obligations;
  for (const auto& x : wanted)
    CAF_CHECK(std::find(owed.begin(), owed.end(), x) != owed.end());
  CAF_CHECK_EQUAL(queries.owed("live").size(), 90u);
  CAF_CHECK(queries.owed("none").empty());
}

CAF_TEST(totals count by status) {
  cycle_record missed;
  missed.slot = make_slot(11);
  missed.status = cycle_status::missed;
  missed.reason = "away";
  ledger.write(missed);
  auto late = make_cycle(12, {"CBA.AX"});
  late.status = cycle_status::late;
  late.predictions.push_back(make_abstention(late.slot, "WBC.AX"));
  ledger.write(late);
  ledger.write(std::vector<cycle_slot>{make_slot(13)});
  ledger.write(
    outcome_batch{1, {make_outcome(late.predictions[0], 60),
                      make_outcome(late.predictions[0], 240)}});
  auto x = queries.totals("live");
  CAF_CHECK_EQUAL(x.cycles, 11u);
  CAF_CHECK_EQUAL(x.late, 1u);
  CAF_CHECK_EQUAL(x.missed, 1u);
  CAF_CHECK_EQUAL(x.predictions, 31u);
  CAF_CHECK_EQUAL(x.abstentions, 1u);
  CAF_CHECK_EQUAL(x.outcomes, 2u);
  CAF_CHECK_EQUAL(queries.totals("none").cycles, 0u);
}

CAF_TEST(cycles that ended and cycles that are owed) {
  CAF_CHECK(queries.last_ended_slot("live") == slot_at(9));
  CAF_CHECK(queries.last_ended_slot("other") == slot_at(1));
  CAF_CHECK(!queries.last_ended_slot("none"));
  ledger.write(std::vector<cycle_slot>{make_slot(14), make_slot(12)});
  CAF_CHECK(queries.last_ended_slot("live") == slot_at(9));
  auto owed = queries.owed_cycles("live");
  CAF_REQUIRE_EQUAL(owed.size(), 2u);
  CAF_CHECK(owed[0].slot == slot_at(12) && owed[1].slot == slot_at(14));
  CAF_CHECK(owed[0].interval == bar_interval::m30);
  CAF_CHECK_EQUAL(owed[0].run, "live");
  CAF_CHECK(queries.newest_run() == "live");
}

CAF_TEST(an empty store has no newest run) {
  store_fixture empty;
  CAF_CHECK(!empty.queries.newest_run());
}

CAF_TEST(outcomes come with the action and page by prediction) {
  std::vector<outcome> made;
  for (int i = 0; i < 4; ++i)
    for (auto horizon : {1440u, 60u, 240u})
      made.push_back(
        make_outcome(make_prediction(make_slot(i), "CBA.AX"), horizon));
  ledger.write(outcome_batch{1, made});
  auto all = queries.outcomes(live(), 0);
  CAF_REQUIRE_EQUAL(all.size(), 12u);
  CAF_CHECK(all[0].action == trade_action::buy);
  CAF_CHECK(all[0].content == make_outcome(
              make_prediction(make_slot(3), "CBA.AX"), 60));
  CAF_CHECK_EQUAL(all[2].content.horizon_minutes, 1440u);
  auto filter = live();
  CAF_CHECK_EQUAL(queries.outcomes(filter, 240).size(), 4u);
  filter.from = slot_at(1);
  filter.to = slot_at(3);
  CAF_CHECK_EQUAL(queries.outcomes(filter, 0).size(), 6u);
  filter.symbol = "WBC.AX";
  CAF_CHECK(queries.outcomes(filter, 0).empty());
  // Whole predictions a page: the cursor names a prediction.
  std::set<std::string> seen;
  auto pages = live();
  pages.limit = 3;
  for (int page = 0; page < 4; ++page) {
    for (const auto& row : queries.outcomes(pages, 0)) {
      seen.insert(to_string(row.content.id));
      pages.before_id = to_string(row.content.prediction);
    }
  }
  CAF_CHECK_EQUAL(seen.size(), 12u);
  // Behind an id lies what is of that prediction itself.
  pages.before_id = to_string(all[0].content.prediction) + "g";
  CAF_CHECK(queries.outcomes(pages, 0)[0].content == all[0].content);
  auto of_one = queries.outcomes_of(to_string(made[0].prediction));
  CAF_REQUIRE_EQUAL(of_one.size(), 3u);
  CAF_CHECK(of_one[0].content.horizon_minutes == 60u
            && of_one[2].content.horizon_minutes == 1440u);
}

CAF_TEST(an outcome tells of an ex date between slot and evaluation) {
  std::vector<outcome> made;
  for (int i = 1; i < 7; ++i)
    for (auto horizon : {60u, 240u})
      made.push_back(
        make_outcome(make_prediction(make_slot(i), "CBA.AX"), horizon));
  made.push_back(make_outcome(make_prediction(make_slot(4), "WBC.AX"), 60));
  ledger.write(outcome_batch{1, made});
  // In effect at slot 5; what is told after all evaluations is flagged too.
  auto action = make_action();
  action.known_at = slot_at(999);
  ledger.write(corporate_action_batch{1, {action}});
  std::size_t flagged = 0;
  for (const auto& x : queries.outcomes(live(), 0)) {
    auto slot = x.content.due_at
                - std::chrono::minutes{x.content.horizon_minutes};
    auto expected = x.content.symbol == "CBA.AX" && slot < slot_at(5)
                    && x.content.evaluation_timestamp >= slot_at(5);
    CAF_CHECK_EQUAL(x.ex_date, expected);
    flagged += x.ex_date;
  }
  CAF_CHECK_EQUAL(flagged, 6u);
  auto of_one = queries.outcomes_of(to_string(made[0].prediction));
  CAF_REQUIRE_EQUAL(of_one.size(), 2u);
  CAF_CHECK(!of_one[0].ex_date);
  CAF_CHECK(of_one[1].ex_date);
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM v_outcomes WHERE ex_date"), 6);
}

CAF_TEST(scored rows are those of the primary horizon) {
  auto p = make_prediction(make_slot(1), "CBA.AX");
  auto q = make_prediction(make_slot(2), "WBC.AX");
  auto bad = make_outcome(q, 240);
  bad.is_void = true;
  bad.sessions_elapsed = 2;
  ledger.write(outcome_batch{
    1, {make_outcome(p, 60), make_outcome(p, 240), make_outcome(p, 1440),
        bad}});
  auto rows = queries.scored("live", std::nullopt, "");
  CAF_REQUIRE_EQUAL(rows.size(), 2u);
  CAF_CHECK_EQUAL(rows[0].symbol, "CBA.AX");
  CAF_CHECK(rows[0].slot == slot_at(1));
  CAF_CHECK(rows[0].action == trade_action::buy);
  CAF_CHECK(rows[0].confidence == p.confidence.value());
  CAF_CHECK(rows[0].actual_return
            == make_outcome(p, 240).actual_return.value());
  CAF_CHECK(rows[0].success && !rows[0].is_void);
  CAF_CHECK(rows[0].sessions_elapsed == 1 && rows[0].open_minutes == 240);
  CAF_CHECK(rows[1].is_void && rows[1].sessions_elapsed == 2);
  CAF_CHECK_EQUAL(queries.scored("live", slot_at(2), "").size(), 1u);
  CAF_CHECK_EQUAL(queries.scored("live", std::nullopt, "CBA.AX").size(), 1u);
  CAF_CHECK(queries.scored("other", std::nullopt, "").empty());
}

CAF_TEST(bars are what was known by then and oldest first) {
  for (int i : {3, 0, 2, 1})
    ledger.write(make_bar(i));
  ledger.write(make_bar(0, "WBC.AX"));
  auto late = make_bar(4);
  late.known_at = slot_at(90);
  ledger.write(late);
  auto known = queries.bars("CBA.AX", bar_interval::m30, slot_at(3));
  CAF_REQUIRE_EQUAL(known.size(), 3u);
  for (int i = 0; i < 3; ++i)
    CAF_CHECK(known[static_cast<std::size_t>(i)] == make_bar(i));
  CAF_CHECK(queries.bars("CBA.AX", bar_interval::d1, slot_at(3)).empty());
  auto newest = queries.bars_between("CBA.AX", bar_interval::m30, slot_at(0),
                                     slot_at(3), 2);
  CAF_REQUIRE_EQUAL(newest.size(), 2u);
  CAF_CHECK(newest[0] == make_bar(1) && newest[1] == make_bar(2));
  CAF_CHECK_EQUAL(queries.bars_between("CBA.AX", bar_interval::m30,
                                       std::nullopt, std::nullopt, 100)
                    .size(),
                  5u);
}

CAF_TEST(bars since a time are the later ones of those known) {
  for (int i : {3, 0, 2, 1})
    ledger.write(make_bar(i));
  auto from = make_bar(1).opened_at;
  auto known = queries.bars_since("CBA.AX", bar_interval::m30, from,
                                  make_bar(2).known_at);
  CAF_REQUIRE_EQUAL(known.size(), 2u);
  CAF_CHECK(known[0] == make_bar(1) && known[1] == make_bar(2));
  CAF_CHECK(queries.bars_since("CBA.AX", bar_interval::d1, from, slot_at(9))
              .empty());
}

CAF_TEST(symbols beside a prediction are those of its cycle) {
  ledger.write(make_cycle(20, {"WBC.AX", "CBA.AX"}));
  ledger.write(make_cycle(20, {"MQG.AX", "CBA.AX"}, "another"));
  ledger.write(make_cycle(21, {"NAB.AX"}));
  auto of = make_prediction(make_slot(20), "CBA.AX");
  CAF_CHECK((queries.symbols_beside(of)
             == std::vector<std::string>{"CBA.AX", "WBC.AX"}));
  auto unknown = make_prediction(make_slot(22), "CBA.AX");
  CAF_CHECK(queries.symbols_beside(unknown).empty());
}

CAF_TEST(headlines between two times leave the first one out) {
  ledger.write(headline_batch{1, {make_headline(3), make_headline(0),
                                  make_headline(1), make_headline(2)}});
  auto found = queries.headlines_between("CBA.AX", make_headline(0).known_at,
                                         make_headline(2).known_at);
  CAF_REQUIRE_EQUAL(found.size(), 2u);
  CAF_CHECK(found[0] == make_headline(1) && found[1] == make_headline(2));
  CAF_CHECK(queries.headlines_between("WBC.AX", {}, slot_at(9)).empty());
}

CAF_TEST(symbols that have bars of an interval) {
  CAF_CHECK(queries.symbols_with_bars(bar_interval::m30).empty());
  auto daily = make_bar(0, "AAA.AX");
  daily.interval = bar_interval::d1;
  ledger.write(daily);
  ledger.write(make_bar(0, "WBC.AX"));
  ledger.write(make_bar(0, "CBA.AX"));
  ledger.write(make_bar(1, "CBA.AX"));
  CAF_CHECK((queries.symbols_with_bars(bar_interval::m30)
             == std::vector<std::string>{"CBA.AX", "WBC.AX"}));
  CAF_CHECK((queries.symbols_with_bars(bar_interval::d1)
             == std::vector<std::string>{"AAA.AX"}));
}

CAF_TEST(headlines are the newest known by then and oldest first) {
  ledger.write(headline_batch{1, {make_headline(3), make_headline(0),
                                  make_headline(1), make_headline(2)}});
  auto found = queries.headlines("CBA.AX", slot_at(2) + micros{5}, 2);
  CAF_REQUIRE_EQUAL(found.size(), 2u);
  CAF_CHECK(found[0] == make_headline(1) && found[1] == make_headline(2));
  CAF_CHECK(queries.headlines("WBC.AX", slot_at(9), 2).empty());
}

CAF_TEST(a damaged block is an error that names the prediction) {
  auto id = to_string(make_prediction(make_slot(0), "CBA.AX").id);
  db.execute("DROP TRIGGER predictions_are_immutable");
  db.execute("UPDATE predictions SET trace = x'00' WHERE prediction_id = '" + id
             + "'");
  auto failed = failure_of([&] { queries.prediction_by_id(id); });
  CAF_CHECK(failed.kind == storage::failure::corrupt);
  CAF_CHECK(failed.says(id));
  db.execute("UPDATE predictions SET cycle_id = 'zz' WHERE prediction_id = '"
             + id + "'");
  failed = failure_of([&] { queries.prediction_by_id(id); });
  CAF_CHECK(failed.kind == storage::failure::corrupt);
  CAF_CHECK(failed.says("zz"));
}

CAF_TEST_FIXTURE_SCOPE_END()
