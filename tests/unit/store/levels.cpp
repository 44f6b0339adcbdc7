#define CAF_SUITE store_levels
#include "actors/store/level_queries.hpp"
#include "tests/unit/store/samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::store;
using namespace banksia::store_test;
using std::chrono::hours;

namespace {

struct levels_fixture {
  test::scratch_folder folder;
  storage::database db = open_for_writing(folder.file("banksia.db"));
  ledger into{db};

  levels_fixture() {
    into.set_provenance({"hash", "text", "build"});
    into.register_run("live", "live", "p");
    into.write(make_cycle(0, {"CBA.AX", "WBC.AX", "ANZ.AX"}));
  }

  outcome outcome_of(const std::string& symbol, std::uint32_t horizon = 240) {
    return make_outcome(make_prediction(make_slot(0), symbol), horizon);
  }

  std::vector<outcome_hour> outcomes() {
    return outcome_hours(db, "live", timestamp{});
  }
};

service_sample make_sample(timestamp time, std::string service = "node") {
  service_sample x;
  x.service = std::move(service);
  x.time = time;
  x.seconds = real{60.0};
  x.ready_seconds = real{59.5};
  x.requests = 7;
  x.request_seconds = real{0.25};
  x.slow_requests = 1;
  x.resident_bytes = 1000;
  x.cpu_seconds = real{3.0};
  x.cpu_capacity = real{120.0};
  x.queries = 11;
  x.query_seconds = real{0.5};
  x.slow_queries = 2;
  return x;
}

/// A query whose plan has a scan in it reads more the more there is.
bool scans(storage::database& db, const std::string& sql) {
  auto plan = db.prepare("EXPLAIN QUERY PLAN " + sql);
  auto found = false;
  while (plan.step())
    found |= plan.text(3).find("SCAN") != std::string_view::npos;
  return found;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(store_levels_tests, levels_fixture)

CAF_TEST(outcomes are added up in their transaction) {
  auto wrong = outcome_of("WBC.AX");
  wrong.actual_return = fraction{-0.02};
  wrong.success = false;
  auto gap = outcome_of("ANZ.AX");
  gap.sessions_elapsed = 2;
  into.write(outcome_batch{1, {outcome_of("CBA.AX"), wrong, gap}});
  auto all = outcomes();
  CAF_REQUIRE_EQUAL(all.size(), 1u);
  CAF_CHECK(all[0].hour
            == std::chrono::floor<hours>(gap.evaluation_timestamp));
  CAF_CHECK_EQUAL(all[0].horizon_minutes, 240);
  CAF_CHECK_EQUAL(all[0].evaluated, 3);
  CAF_CHECK_EQUAL(all[0].late, 0);
  CAF_CHECK(all[0].lag_max == micros{7});
  CAF_CHECK_EQUAL(all[0].samples, 2); // one over a gap is in no rate
  CAF_CHECK_EQUAL(all[0].success, 1);
  CAF_CHECK_EQUAL(all[0].buy_right, 1);
  CAF_CHECK_EQUAL(all[0].sell_right, 1);
  CAF_CHECK_EQUAL(all[0].hold_right, 1);
}

CAF_TEST(an outcome that comes twice is counted once) {
  into.write(outcome_batch{1, {outcome_of("CBA.AX")}});
  into.write(outcome_batch{1, {outcome_of("CBA.AX"), outcome_of("CBA.AX")}});
  CAF_REQUIRE_EQUAL(outcomes().size(), 1u);
  CAF_CHECK_EQUAL(std::int64_t{outcomes()[0].evaluated}, 1);
}

CAF_TEST(the newest evaluation of a run is known and never goes back) {
  store::queries ask{db};
  CAF_CHECK(!ask.run("live")->evaluated_until);
  auto late = outcome_of("CBA.AX");
  late.evaluation_timestamp += hours{5};
  into.write(outcome_batch{1, {late}});
  into.write(outcome_batch{1, {outcome_of("WBC.AX")}});
  CAF_CHECK(ask.run("live")->evaluated_until == late.evaluation_timestamp);
  // The clock is another matter: daily jobs are looked for from its mark on.
  CAF_CHECK(!ask.run("live")->market_time);
}

CAF_TEST(void outcomes are evaluated and no samples) {
  auto x = outcome_of("CBA.AX");
  x.is_void = true;
  x.void_reason = "halted";
  into.write(outcome_batch{1, {x}});
  CAF_CHECK_EQUAL(std::int64_t{outcomes().at(0).evaluated}, 1);
  CAF_CHECK_EQUAL(std::int64_t{outcomes().at(0).samples}, 0);
}

CAF_TEST(an outcome is late by the clock at which it was stored) {
  auto x = outcome_of("CBA.AX");
  into.write(clock_mark{1, "live", x.due_at + hours{3}});
  into.write(outcome_batch{1, {x}});
  CAF_CHECK_EQUAL(std::int64_t{outcomes().at(0).late}, 1);
  CAF_CHECK(outcomes().at(0).lag_max == hours{3});
}

CAF_TEST(the migration counts what was there before) {
  into.write(outcome_batch{1, {outcome_of("CBA.AX"), outcome_of("WBC.AX"),
                               outcome_of("WBC.AX", 60)}});
  auto before = outcomes();
  storage::migrate(db, migrations(), 5);
  storage::migrate(db, migrations(), migrations().back().number);
  auto after = outcomes();
  CAF_REQUIRE_EQUAL(after.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    CAF_CHECK(after[i].hour == before[i].hour);
    CAF_CHECK_EQUAL(after[i].evaluated, before[i].evaluated);
    CAF_CHECK(after[i].lag_max == before[i].lag_max);
    CAF_CHECK_EQUAL(after[i].samples, before[i].samples);
    CAF_CHECK_EQUAL(after[i].success, before[i].success);
    CAF_CHECK_EQUAL(after[i].buy_right, before[i].buy_right);
    CAF_CHECK_EQUAL(after[i].sell_right, before[i].sell_right);
    CAF_CHECK_EQUAL(after[i].hold_right, before[i].hold_right);
  }
}

CAF_TEST(points of feeds are added up by what became of them) {
  auto repaired = make_bar(1);
  repaired.verdict = bar_verdict::repaired;
  bar_batch batch{1, "csv", slot_at(3), {make_bar(0), repaired}};
  into.write(batch);
  into.write(batch);
  quarantined_row refused;
  refused.symbol = "CBA.AX";
  refused.source = "csv";
  refused.reason = "spike";
  refused.received_at = make_bar(0).received_at;
  into.write(quarantine_batch{1, {refused, refused}});
  std::int64_t points = 0;
  std::int64_t bad = 0;
  for (const auto& x : data_hours(db, timestamp{}, slot_at(9))) {
    points += x.points;
    bad += x.repaired + x.refused;
  }
  CAF_CHECK_EQUAL(points, 3);
  CAF_CHECK_EQUAL(bad, 2);
  CAF_CHECK(data_hours(db, slot_at(9), slot_at(10)).empty());
}

CAF_TEST(samples are kept once and added up by the hour) {
  auto first = make_sample(slot_at(0) + micros{5});
  auto second = make_sample(first.time + std::chrono::minutes{1});
  second.resident_bytes = 500;
  auto receipt = into.write(service_sample_batch{1, {first, second}});
  CAF_CHECK_EQUAL(receipt.rows, 2u);
  receipt = into.write(service_sample_batch{1, {first}});
  CAF_CHECK_EQUAL(receipt.duplicates, 1u);
  auto all = service_hours(db, "node", timestamp{});
  CAF_REQUIRE_EQUAL(all.size(), 1u);
  CAF_CHECK(all[0].began == first.time - std::chrono::minutes{1});
  CAF_CHECK_EQUAL(all[0].ready_seconds, 119.0);
  CAF_CHECK_EQUAL(all[0].requests, 14);
  CAF_CHECK_EQUAL(all[0].request_seconds, 0.5);
  CAF_CHECK_EQUAL(all[0].slow_requests, 2);
  CAF_CHECK_EQUAL(all[0].resident_bytes_max, 1000);
  CAF_CHECK_EQUAL(all[0].queries, 22);
  CAF_CHECK_EQUAL(all[0].query_seconds, 1.0);
  CAF_CHECK_EQUAL(all[0].slow_queries, 4);
  auto spans = service_spans(db, "node", timestamp{});
  CAF_REQUIRE_EQUAL(spans.size(), 2u);
  CAF_CHECK_EQUAL(spans[1].cpu_seconds, 3.0);
  CAF_CHECK_EQUAL(spans[1].cpu_capacity, 120.0);
  CAF_CHECK(newest_sample(db, "node") == second.time);
  CAF_CHECK(!newest_sample(db, "data"));
}

CAF_TEST(samples older than the retention are forgotten) {
  auto old = make_sample(slot_at(0));
  auto other = make_sample(slot_at(0), "data");
  into.write(service_sample_batch{1, {old, other}});
  auto later = slot_at(0) + sample_retention;
  into.write(service_sample_batch{1, {make_sample(later)}});
  CAF_CHECK_EQUAL(service_spans(db, "node", timestamp{}).size(), 2u);
  into.write(service_sample_batch{1, {make_sample(later + hours{2})}});
  CAF_CHECK_EQUAL(service_spans(db, "node", timestamp{}).size(), 2u);
  CAF_CHECK_EQUAL(service_hours(db, "node", timestamp{}).size(), 2u);
  CAF_CHECK_EQUAL(service_spans(db, "data", timestamp{}).size(), 1u);
}

CAF_TEST(the sampled services are named once each) {
  into.write(service_sample_batch{
    1, {make_sample(slot_at(0)), make_sample(slot_at(0), "data"),
        make_sample(slot_at(4), "data"), make_sample(slot_at(0), "api")}});
  CAF_CHECK(sampled_services(db)
            == (std::vector<std::string>{"api", "data", "node"}));
}

CAF_TEST(cycles are told with how they ended) {
  auto missed = make_cycle(2, {});
  missed.status = cycle_status::missed;
  missed.reason = "too old";
  into.write(missed);
  into.write(std::vector<cycle_slot>{make_slot(3)});
  auto all = cycle_ends(db, "live", timestamp{});
  CAF_REQUIRE_EQUAL(all.size(), 2u);
  CAF_CHECK(all[0].slot == slot_at(0));
  CAF_CHECK_EQUAL(all[0].status, "completed");
  CAF_CHECK_EQUAL(all[1].status, "missed");
  CAF_CHECK_EQUAL(cycle_ends(db, "live", slot_at(1)).size(), 1u);
  CAF_CHECK(cycle_ends(db, "replay", timestamp{}).empty());
}

CAF_TEST(what is owed the longest is told until it is settled) {
  auto first = outcome_of("CBA.AX", 60);
  CAF_CHECK(oldest_due(db, "live") == first.due_at);
  CAF_CHECK(!oldest_due(db, "replay"));
  into.write(outcome_batch{1, {first, outcome_of("WBC.AX", 60),
                               outcome_of("ANZ.AX", 60)}});
  CAF_CHECK(oldest_due(db, "live") == outcome_of("CBA.AX").due_at);
}

CAF_TEST(no level reads a whole table) {
  for (auto sql :
       {"SELECT * FROM outcome_hours WHERE run = 'live' AND hour >= 1",
        "SELECT * FROM data_hours WHERE hour BETWEEN 1 AND 2",
        "SELECT * FROM service_hours WHERE service = 'x' AND hour >= 1",
        "SELECT * FROM service_samples WHERE service = 'x' AND time >= 1",
        "SELECT max(time) FROM service_samples WHERE service = 'x'",
        "SELECT * FROM cycles WHERE cycle_id >= 'x' AND run = 'live' ORDER BY "
        "cycle_id"}) {
    CAF_MESSAGE(sql);
    CAF_CHECK(!scans(db, sql));
  }
  CAF_CHECK(scans(db, "SELECT * FROM outcome_hours"));
}

CAF_TEST_FIXTURE_SCOPE_END()
