#define CAF_SUITE import_recorded
#include "tests/integration/intake/import_fixture.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

CAF_TEST_FIXTURE_SCOPE(recorded, import_fixture)

CAF_TEST(copies of the day before are kept apart) {
  auto data = shared_data();
  if (!data)
    return;
  auto folder = *data / "market" / "asx_raw_daily_1997-2022";
  auto report = run(options({folder}));
  CAF_CHECK_EQUAL(report.files.size(), 9u);
  CAF_CHECK_EQUAL(report.total.read, 50'088u);
  CAF_CHECK(add_up(report.total));
  // On three days the source repeated the day before for most symbols.
  CAF_CHECK_EQUAL(line("SELECT group_concat(day), sum(copies) FROM (SELECT "
                       "substr(payload, 1, 10) AS day, count(*) AS copies "
                       "FROM quarantine WHERE reason = 'stale_copy' "
                       "GROUP BY day ORDER BY day)", 2),
                  "2001-11-07,2006-03-29,2007-03-02|19");
  CAF_CHECK_EQUAL(line("SELECT line, symbol FROM quarantine WHERE payload = "
                       "'2007-03-02,49.40,50.05,49.30,49.65,3232249'", 2),
                  "2556|CBA.AX");
  auto again = run(options({folder})).total;
  CAF_CHECK(again == counts(50'088, 0, 50'088 - report.total.quarantined, 0, 0,
                            report.total.quarantined));
  CAF_CHECK_EQUAL(static_cast<std::uint64_t>(rows("quarantine")),
                  report.total.quarantined);
}

CAF_TEST(two sources of one symbol are reconciled) {
  auto data = shared_data();
  if (!data)
    return;
  auto market = *data / "market";
  import({market / "asx_raw_daily_1997-2022" / "CBA.csv"});
  auto total = import({market / "asx_yahoo_csv_2017-2020" / "CBA.AX.csv"});
  CAF_CHECK(add_up(total));
  CAF_CHECK_EQUAL(total.read, 640u);
  CAF_CHECK_EQUAL(total.stored, 0u);
  CAF_CHECK_EQUAL(total.quarantined, 1u); // the row of nulls
  CAF_CHECK_EQUAL(line("SELECT line, reason FROM quarantine "
                       "WHERE payload LIKE '2019-06-07%'", 2),
                  "597|missing_value");
  CAF_CHECK_EQUAL(static_cast<std::uint64_t>(rows("bar_conflicts")),
                  total.merged);
}

CAF_TEST(saved charts give the bars that they were made from) {
  auto data = shared_data();
  if (!data)
    return;
  // The charts were constructed from these tables.
  import({*data / "yahoo" / "chart_constructed_asx"});
  // Their sources saw no quote from after the last day, 2025-06-30.
  auto sql = "SELECT count(*), round(sum(close), 6), sum(volume) FROM bars "
             "WHERE opened_at < 1751155200000000";
  CAF_CHECK_EQUAL(line("SELECT reason, count(*) FROM quarantine "
                       "WHERE payload LIKE '%1751241600%'", 2),
                  "in_progress|7");
  auto from_charts = line(sql, 3);
  import_fixture tables;
  auto total
    = tables.import({*data / "market" / "asx_yfinance_2024-01_2025-06"});
  CAF_CHECK_EQUAL(total.read, 2'639u);
  CAF_CHECK_EQUAL(from_charts, tables.line(sql, 3));
}

CAF_TEST(tables of other things in a folder are left out with a reason) {
  auto data = shared_data();
  if (!data)
    return;
  auto report = run(options({*data / "market" / "reference"}));
  CAF_CHECK(report.total == intake::import_counts{});
  CAF_CHECK(!report.files.empty());
  for (const auto& x : report.files)
    CAF_CHECK(contains(x.error, "not bar data"));
  CAF_CHECK_EQUAL(rows("quarantine"), 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
