#define CAF_SUITE store_ledger
#include "actors/store/ledger.hpp"
#include "tests/unit/storage/expect_failure.hpp"
#include "tests/unit/store/samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::store_test;
using banksia::storage_test::failure_of;

CAF_TEST_FIXTURE_SCOPE(store_ledger_tests, store_fixture)

CAF_TEST(a prediction comes back bit for bit) {
  auto record = make_cycle(0, {"CBA.AX"});
  ledger.write(record);
  const auto& sent = record.predictions[0];
  auto found = queries.prediction_by_id(to_string(sent.id));
  CAF_REQUIRE(found.has_value());
  CAF_CHECK(found->content == sent);
  // Equality of doubles holds for -0 and 0.
  CAF_CHECK(std::signbit(found->content.features.values[52]));
  CAF_CHECK_EQUAL(found->run, "live");
  CAF_CHECK_EQUAL(queries.configuration_text(found->configuration_id), "text");
  CAF_CHECK_EQUAL(queries.build_text(found->build_id), "build");
  CAF_CHECK(!queries.prediction_by_id("no such id"));
}

CAF_TEST(an abstention is a row without an action) {
  cycle_record record;
  record.slot = make_slot(0);
  record.context = make_context();
  record.predictions = {make_abstention(record.slot, "CBA.AX")};
  auto receipt = ledger.write(record);
  CAF_CHECK_EQUAL(receipt.rows, 1u);
  auto found = queries.prediction_by_id(to_string(record.predictions[0].id));
  CAF_REQUIRE(found.has_value());
  CAF_CHECK(found->content == record.predictions[0]);
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM predictions WHERE abstained "
                            "AND action IS NULL AND confidence IS NULL AND "
                            "reason = 'insufficient_history'"),
                  1);
  CAF_CHECK_EQUAL(count("obligations"), 0);
}

CAF_TEST(a cycle written twice changes nothing) {
  auto record = make_cycle(0, {"CBA.AX", "WBC.AX"});
  auto first = ledger.write(record);
  CAF_CHECK(first.rows == 2 && first.duplicates == 0);
  auto before = queries.digest("live");
  auto second = ledger.write(record);
  CAF_CHECK(second.rows == 0 && second.duplicates == 2);
  CAF_CHECK_EQUAL(count("cycles"), 1);
  CAF_CHECK_EQUAL(count("predictions"), 2);
  CAF_CHECK_EQUAL(count("obligations"), 6);
  CAF_CHECK_EQUAL(queries.digest("live"), before);
}

CAF_TEST(the first prediction of a slot stays) {
  auto record = make_cycle(0, {"CBA.AX"});
  ledger.write(record);
  auto other = record;
  other.predictions[0].action = trade_action::sell;
  ledger.write(other);
  auto found = queries.prediction_by_id(to_string(record.predictions[0].id));
  CAF_CHECK(found->content == record.predictions[0]);
}

CAF_TEST(a prediction cannot be changed) {
  ledger.write(make_cycle(0, {"CBA.AX"}));
  auto failed = failure_of(
    [&] { db.execute("UPDATE predictions SET action = 'HOLD'"); });
  CAF_CHECK(failed.kind == storage::failure::constraint);
  CAF_CHECK(failed.says("predictions are immutable"));
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM predictions "
                            "WHERE action = 'BUY'"),
                  1);
}

CAF_TEST(a scheduled cycle becomes what it ended as and stays so) {
  auto slot = make_slot(0);
  auto receipt = ledger.write(std::vector<cycle_slot>{slot});
  CAF_CHECK(receipt.rows == 1 && receipt.duplicates == 0);
  CAF_REQUIRE_EQUAL(queries.owed_cycles("live").size(), 1u);
  CAF_CHECK(queries.owed_cycles("live")[0].id == slot.id);
  CAF_CHECK(queries.owed_cycles("live")[0].slot == slot.slot);

  auto record = make_cycle(0, {"CBA.AX"});
  ledger.write(record);
  CAF_CHECK(queries.owed_cycles("live").empty());
  auto found = queries.cycle(to_string(slot.id));
  CAF_REQUIRE(found.has_value());
  CAF_CHECK(found->status == cycle_status::completed);
  CAF_CHECK(found->context == record.context);
  CAF_CHECK(found->completed_at == record.completed_at);

  // Neither owed nor missed again.
  auto again = ledger.write(std::vector<cycle_slot>{slot});
  CAF_CHECK(again.rows == 0 && again.duplicates == 1);
  cycle_record missed;
  missed.slot = slot;
  missed.status = cycle_status::missed;
  missed.reason = "too late";
  ledger.write(missed);
  found = queries.cycle(to_string(slot.id));
  CAF_CHECK(found->status == cycle_status::completed);
  CAF_CHECK(found->reason.empty());
  CAF_CHECK(found->context == record.context);
  CAF_CHECK(queries.owed_cycles("live").empty());
}

CAF_TEST(a missed cycle keeps its reason) {
  cycle_record missed;
  missed.slot = make_slot(3);
  missed.status = cycle_status::missed;
  missed.reason = "the node was away";
  ledger.write(missed);
  auto found = queries.cycle(to_string(missed.slot.id));
  CAF_REQUIRE(found.has_value());
  CAF_CHECK(found->status == cycle_status::missed);
  CAF_CHECK_EQUAL(found->reason, "the node was away");
  CAF_CHECK(found->slot.slot == missed.slot.slot);
  CAF_CHECK_EQUAL(found->slot.run, "live");
  CAF_CHECK(!queries.cycle("no such id"));
}

CAF_TEST(an outcome ends its obligation and no other) {
  auto record = make_cycle(0, {"CBA.AX"});
  ledger.write(record);
  auto made = make_outcome(record.predictions[0], 240);
  auto receipt = ledger.write(outcome_batch{1, {made}});
  CAF_CHECK(receipt.rows == 1 && receipt.duplicates == 0);
  auto owed = queries.owed("live");
  CAF_REQUIRE_EQUAL(owed.size(), 2u);
  CAF_CHECK(owed[0] == record.obligations[0]);
  CAF_CHECK(owed[1] == record.obligations[2]);
  auto found = queries.outcomes_of(to_string(made.prediction));
  CAF_REQUIRE_EQUAL(found.size(), 1u);
  CAF_CHECK(found[0].content == made);
}

CAF_TEST(an outcome is made once and the first stays) {
  auto record = make_cycle(0, {"CBA.AX"});
  ledger.write(record);
  auto made = make_outcome(record.predictions[0], 60);
  ledger.write(outcome_batch{1, {made}});
  auto other = made;
  other.success = false;
  other.exit_price = price{1};
  auto receipt = ledger.write(outcome_batch{1, {other}});
  CAF_CHECK(receipt.rows == 0 && receipt.duplicates == 1);
  CAF_CHECK(queries.outcomes_of(to_string(made.prediction))[0].content
            == made);
}

CAF_TEST(a cycle written again does not owe what has its outcome) {
  auto record = make_cycle(0, {"CBA.AX"});
  ledger.write(record);
  ledger.write(outcome_batch{1, {make_outcome(record.predictions[0], 60)}});
  ledger.write(record);
  CAF_CHECK_EQUAL(queries.owed("live").size(), 2u);
}

CAF_TEST(a void outcome keeps its reason and no result) {
  auto record = make_cycle(0, {"CBA.AX"});
  ledger.write(record);
  auto made = make_outcome(record.predictions[0], 60);
  made.is_void = true;
  made.void_reason = "delisted";
  ledger.write(outcome_batch{1, {made}});
  auto found = queries.outcomes_of(to_string(made.prediction))[0].content;
  CAF_CHECK(found.is_void);
  CAF_CHECK_EQUAL(found.void_reason, "delisted");
  CAF_CHECK(found.exit_price.value() == 0 && !found.success);
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM outcomes WHERE success IS "
                            "NULL AND actual_return IS NULL AND "
                            "exit_price IS NULL"),
                  1);
}

CAF_TEST(views show times as text) {
  auto record = make_cycle(0, {"CBA.AX"});
  ledger.write(record);
  ledger.write(outcome_batch{1, {make_outcome(record.predictions[0], 60)}});
  auto row = db.prepare("SELECT timestamp, action FROM v_predictions");
  CAF_REQUIRE(row.step());
  CAF_CHECK_EQUAL(std::string{row.text(0)}, "2025-07-01T06:10:00.000Z");
  auto due = db.prepare("SELECT due_at FROM v_outcomes");
  CAF_REQUIRE(due.step());
  CAF_CHECK_EQUAL(std::string{due.text(0)}, "2025-07-01T07:10:00.000Z");
}

CAF_TEST(a run keeps its first parameters) {
  CAF_CHECK_EQUAL(ledger.register_run("r", "replay", "one"), "one");
  CAF_CHECK_EQUAL(ledger.register_run("r", "replay", "two"), "one");
  auto row = queries.run("r");
  CAF_REQUIRE(row.has_value());
  CAF_CHECK_EQUAL(row->kind, "replay");
  CAF_CHECK_EQUAL(row->parameters, "one");
  CAF_CHECK(!row->market_time);
  CAF_CHECK(!queries.run("none"));
}

CAF_TEST(provenance is stored once a text) {
  ledger.set_provenance({"hash", "text", "build"});
  CAF_CHECK_EQUAL(count("configurations"), 1);
  CAF_CHECK_EQUAL(count("builds"), 1);
  ledger.write(make_cycle(0, {"CBA.AX"}));
  ledger.set_provenance({"other", "other text", "other build"});
  auto record = make_cycle(1, {"CBA.AX"});
  ledger.write(record);
  CAF_CHECK_EQUAL(count("configurations"), 2);
  auto found = queries.prediction_by_id(to_string(record.predictions[0].id));
  CAF_CHECK_EQUAL(queries.configuration_text(found->configuration_id),
                  "other text");
  CAF_CHECK_EQUAL(queries.build_text(found->build_id), "other build");
  CAF_CHECK(queries.configuration_text(77).empty());
  CAF_CHECK(queries.build_text(77).empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
