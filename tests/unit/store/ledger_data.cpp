#define CAF_SUITE store_data
#include "tests/unit/storage/expect_failure.hpp"
#include "tests/unit/store/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>

using namespace banksia;
using namespace banksia::store_test;
using banksia::storage_test::failure_of;
using store::bar_write;

CAF_TEST_FIXTURE_SCOPE(store_data_tests, store_fixture)

CAF_TEST(a bar comes back bit for bit) {
  auto x = make_bar(0);
  x.verdict = bar_verdict::repaired;
  CAF_CHECK(ledger.write(x) == bar_write::stored);
  auto found = queries.bars("CBA.AX", bar_interval::m30, x.known_at);
  CAF_REQUIRE_EQUAL(found.size(), 1u);
  CAF_CHECK(found[0] == x);
}

CAF_TEST(the same bar again is a duplicate whoever brings it) {
  auto x = make_bar(0);
  ledger.write(x);
  CAF_CHECK(ledger.write(x) == bar_write::duplicate);
  x.source = "other";
  x.received_at += micros{1};
  CAF_CHECK(ledger.write(x) == bar_write::duplicate);
  CAF_CHECK_EQUAL(count("bars"), 1);
}

CAF_TEST(another bar under the same key is a conflict in each of its fields) {
  const auto x = make_bar(0);
  ledger.write(x);
  for (auto field : {&bar::open, &bar::high, &bar::low, &bar::close}) {
    auto other = x;
    (other.*field) = price{std::nextafter((x.*field).value(), 1e9)};
    CAF_CHECK(ledger.write(other) == bar_write::conflict);
  }
  auto other = x;
  other.volume = shares{x.volume.value() + 1};
  CAF_CHECK(ledger.write(other) == bar_write::conflict);
  CAF_CHECK(queries.bars("CBA.AX", x.interval, x.known_at)[0] == x);
}

CAF_TEST(symbol interval and time each make a key) {
  ledger.write(make_bar(0));
  CAF_CHECK(ledger.write(make_bar(0, "WBC.AX")) == bar_write::stored);
  CAF_CHECK(ledger.write(make_bar(1)) == bar_write::stored);
  auto daily = make_bar(0);
  daily.interval = bar_interval::d1;
  CAF_CHECK(ledger.write(daily) == bar_write::stored);
}

CAF_TEST(a bar that is not a number is refused) {
  auto x = make_bar(0);
  x.close = price{std::nan("")};
  CAF_CHECK(failure_of([&] { ledger.write(x); }).kind
            == storage::failure::constraint);
  CAF_CHECK_EQUAL(count("bars"), 0);
}

CAF_TEST(a batch counts and moves its watermark) {
  bar_batch batch{1, "csv", slot_at(2), {make_bar(0), make_bar(1)}};
  auto first = ledger.write(batch);
  CAF_CHECK(first.rows == 2 && first.duplicates == 0);
  auto second = ledger.write(batch);
  CAF_CHECK(second.rows == 0 && second.duplicates == 2);
  CAF_CHECK(queries.watermark("csv") == slot_at(2));
  CAF_CHECK(!queries.watermark("other"));
}

CAF_TEST(a watermark never goes back) {
  ledger.write_watermark("csv", slot_at(5));
  ledger.write_watermark("csv", slot_at(3));
  CAF_CHECK(queries.watermark("csv") == slot_at(5));
  ledger.write_watermark("csv", slot_at(6));
  CAF_CHECK(queries.watermark("csv") == slot_at(6));
}

CAF_TEST(a market clock never goes back) {
  CAF_CHECK(!queries.run("live")->market_time);
  ledger.write(clock_mark{1, "live", slot_at(5)});
  ledger.write(clock_mark{1, "live", slot_at(3)});
  CAF_CHECK(queries.run("live")->market_time == slot_at(5));
  CAF_CHECK_EQUAL(ledger.write(clock_mark{1, "live", slot_at(6)}).rows, 1u);
  CAF_CHECK(queries.run("live")->market_time == slot_at(6));
  // Nobody registered this one.
  CAF_CHECK_EQUAL(ledger.write(clock_mark{1, "none", slot_at(6)}).rows, 0u);
}

CAF_TEST(a headline comes back and is stored once) {
  auto scored = make_headline(0);
  auto plain = make_headline(1);
  plain.scored = false;
  plain.score = real{};
  headline_batch batch{1, {scored, plain}};
  CAF_CHECK_EQUAL(ledger.write(batch).rows, 2u);
  auto again = ledger.write(batch);
  CAF_CHECK(again.rows == 0 && again.duplicates == 2);
  auto found = queries.headlines("CBA.AX", slot_at(2), 10);
  CAF_REQUIRE_EQUAL(found.size(), 2u);
  CAF_CHECK(found[0] == scored);
  CAF_CHECK(found[1] == plain);
}

CAF_TEST(a headline that a feed shows again later is the one we know) {
  auto x = make_headline(0);
  ledger.write(headline_batch{1, {x}});
  auto later = x;
  later.known_at += std::chrono::hours{1};
  CAF_CHECK_EQUAL(ledger.write(headline_batch{1, {later}}).duplicates, 1u);
  auto found = queries.headlines("CBA.AX", slot_at(9), 10);
  CAF_REQUIRE_EQUAL(found.size(), 1u);
  CAF_CHECK(found[0].known_at == x.known_at);
  // The same text about another symbol is another headline.
  later.symbol = "WBC.AX";
  CAF_CHECK_EQUAL(ledger.write(headline_batch{1, {later}}).rows, 1u);
}

CAF_TEST(a winner replaces a bar and the loser is kept once) {
  auto loser = make_bar(0);
  auto winner = loser;
  winner.close = price{55.5};
  winner.verdict = bar_verdict::merged;
  winner.source = "better";
  ledger.write(loser);
  ledger.replace(winner);
  CAF_CHECK(ledger.write_conflict(loser, "rank"));
  CAF_CHECK(!ledger.write_conflict(loser, "rank"));
  CAF_CHECK(queries.bars("CBA.AX", winner.interval, slot_at(9))[0] == winner);
  CAF_CHECK_EQUAL(count("bars"), 1);
  auto row = db.prepare("SELECT source, close, reason FROM bar_conflicts");
  CAF_REQUIRE(row.step());
  CAF_CHECK_EQUAL(std::string{row.text(0)}, "csv");
  CAF_CHECK(row.number(1) == loser.close.value());
  CAF_CHECK_EQUAL(std::string{row.text(2)}, "rank");
  CAF_CHECK(!row.step());
}

CAF_TEST(a repair keeps the first original) {
  auto x = make_bar(0);
  ledger.write_repair(x, "high", 1.5, 2.5, "high under close");
  ledger.write_repair(x, "high", 9.5, 2.5, "again");
  ledger.write_repair(x, "low", 3.5, 2.0, "low over open");
  auto row = db.prepare("SELECT field, original, repaired, reason "
                        "FROM bar_repairs ORDER BY field");
  CAF_REQUIRE(row.step());
  CAF_CHECK_EQUAL(std::string{row.text(0)}, "high");
  CAF_CHECK(row.number(1) == 1.5 && row.number(2) == 2.5);
  CAF_CHECK_EQUAL(std::string{row.text(3)}, "high under close");
  CAF_CHECK(row.step());
  CAF_CHECK(!row.step());
}

CAF_TEST(a revision is kept beside its bar and known from its time on) {
  auto later = make_revision(true);
  later.content.known_at = slot_at(3);
  ledger.write(make_bar(0));
  auto receipt = ledger.write(
    bar_revision_batch{1, {later, make_revision(), later}});
  CAF_CHECK_EQUAL(receipt.rows, 2u);
  CAF_CHECK_EQUAL(receipt.duplicates, 1u);
  CAF_CHECK(queries.revisions("CBA.AX", bar_interval::m30, slot_at(3))
            == (std::vector<bar_revision>{make_revision(), later}));
  CAF_CHECK_EQUAL(
    queries.revisions("CBA.AX", bar_interval::m30, slot_at(2)).size(), 1u);
  CAF_CHECK(queries.revisions("CBA.AX", bar_interval::d1, slot_at(9)).empty());
  CAF_CHECK(queries.bars("CBA.AX", bar_interval::m30, slot_at(9))
            == std::vector<bar>{make_bar(0)});
}

CAF_TEST(an action is kept once and known from its time on) {
  auto first = make_action();
  auto second = make_action(0.5);
  second.effective_at = slot_at(4);
  auto receipt = ledger.write(corporate_action_batch{1, {first, second, first}});
  CAF_CHECK_EQUAL(receipt.rows, 2u);
  CAF_CHECK_EQUAL(receipt.duplicates, 1u);
  CAF_CHECK(queries.actions("CBA.AX", slot_at(1))
            == (std::vector<corporate_action>{second, first}));
  CAF_CHECK(queries.actions("CBA.AX", slot_at(0)).empty());
  CAF_CHECK(queries.actions("WBC.AX", slot_at(1)).empty());
}

CAF_TEST(a change of a listing is kept once and known from its time on) {
  auto halt = make_listing();
  auto back = halt;
  back.event = listing_event::resumed;
  back.effective_at = slot_at(4);
  auto receipt = ledger.write(listing_change_batch{1, {back, halt, halt}});
  CAF_CHECK_EQUAL(receipt.rows, 2u);
  CAF_CHECK_EQUAL(receipt.duplicates, 1u);
  CAF_CHECK(queries.listings(slot_at(1))
            == (std::vector<listing_change>{halt, back}));
  CAF_CHECK(queries.listings(slot_at(0)).empty());
}

CAF_TEST(a kind of another build is refused when it is read) {
  ledger.write(make_action());
  db.execute("UPDATE corporate_actions SET kind = 'spin_off'");
  auto failed = storage_test::failure_of(
    [&] { queries.actions("CBA.AX", slot_at(9)); });
  CAF_CHECK(failed.kind == storage::failure::corrupt);
  CAF_CHECK(failed.says("spin_off"));
}

CAF_TEST(a refused row is kept once with what it said) {
  for (int i = 0; i < 2; ++i)
    ledger.write_quarantine("bars", "a.csv", 7, "CBA.AX", "no date", "x,y",
                            slot_at(0));
  ledger.write_quarantine("bars", "a.csv", 8, "CBA.AX", "no date", "x,y",
                          slot_at(0));
  CAF_CHECK_EQUAL(count("quarantine"), 2);
  auto row = db.prepare("SELECT kind, file, line, symbol, reason, payload, "
                        "received_at FROM quarantine ORDER BY line");
  CAF_REQUIRE(row.step());
  CAF_CHECK_EQUAL(std::string{row.text(5)}, "x,y");
  CAF_CHECK_EQUAL(row.integer(2), 7);
  CAF_CHECK(from_micros(row.integer(6)) == slot_at(0));
}

CAF_TEST(a supervision report is a row) {
  supervision_report x;
  x.time = slot_at(1);
  x.supervisor = "root";
  x.child = "cycle";
  x.generation = 3;
  x.event = "restarted";
  x.reason = "it fell over";
  x.strategy = "one_for_one";
  x.restarts_in_period = 2;
  ledger.write(x);
  auto row = db.prepare(
    "SELECT time, supervisor, child, generation, event, reason, strategy, "
    "restarts_in_period FROM supervision_events");
  CAF_REQUIRE(row.step());
  CAF_CHECK(from_micros(row.integer(0)) == slot_at(1));
  CAF_CHECK_EQUAL(std::string{row.text(1)}, "root");
  CAF_CHECK_EQUAL(std::string{row.text(2)}, "cycle");
  CAF_CHECK_EQUAL(row.integer(3), 3);
  CAF_CHECK_EQUAL(std::string{row.text(4)}, "restarted");
  CAF_CHECK_EQUAL(std::string{row.text(5)}, "it fell over");
  CAF_CHECK_EQUAL(std::string{row.text(6)}, "one_for_one");
  CAF_CHECK_EQUAL(row.integer(7), 2);
}

CAF_TEST_FIXTURE_SCOPE_END()
