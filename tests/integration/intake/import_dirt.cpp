#define CAF_SUITE import_dirt
#include "tests/integration/intake/import_fixture.hpp"

#include "caf/test/unit_test.hpp"

/// The dirt of recorded files is found by an import, each item with the reason
/// that a person would give.

using namespace banksia;
using namespace banksia::test;

namespace {

struct dirt_fixture : import_fixture {
  /// Imports a file or folder of recorded data; false after saying that it is
  /// absent.
  bool take(const std::string& name) {
    auto data = shared_data();
    if (!data)
      return false;
    report = run(options({*data / "market" / name}));
    CAF_CHECK(add_up(report.total));
    for (const auto& x : report.files)
      CAF_CHECK(add_up(x.counts));
    return true;
  }

  static std::string opened(const std::string& day) {
    static const exchange_calendar known;
    auto session = known.session_on(*parse_date(day));
    return session ? std::to_string(to_micros(session->opens_at)) : "0";
  }

  /// Why a stored bar was repaired in place; "nothing" when it was not.
  std::string repair(const std::string& symbol, const std::string& day) {
    return line("SELECT group_concat(DISTINCT reason) FROM bar_repairs WHERE "
                "symbol = '" + symbol + "' AND opened_at = " + opened(day)
                + " GROUP BY 'all'", 1);
  }

  /// Why a bar was revised later.
  std::string revision(const std::string& symbol, const std::string& day) {
    return line("SELECT reason FROM bar_revisions WHERE symbol = '" + symbol
                  + "' AND opened_at = " + opened(day), 1);
  }

  std::int64_t quarantined(const std::string& where) {
    return db.scalar("SELECT count(*) FROM quarantine WHERE " + where);
  }

  intake::import_report report;
};

const std::string raw = "asx_raw_daily_1997-2022";
const std::string yfinance = "asx_yfinance_2024-01_2025-06";

} // namespace

CAF_TEST_FIXTURE_SCOPE(dirt, dirt_fixture)

CAF_TEST(the first days of the raw files have no opens) {
  if (!take(raw))
    return;
  for (auto symbol : {"ANZ.AX", "CBA.AX", "NAB.AX", "QBE.AX", "WBC.AX"}) {
    for (auto day : {"1997-03-24", "1997-03-25", "1997-03-26", "1997-03-27"})
      CAF_CHECK_EQUAL(repair(symbol, day), "not_positive");
    // NAB's bar of that day is in order.
    CAF_CHECK_EQUAL(repair(symbol, "1997-05-09"),
                    std::string_view{symbol} == "NAB.AX" ? "nothing"
                                                         : "ohlc_order");
  }
  for (auto symbol : {"QBE.AX", "MQG.AX", "SUN.AX"})
    CAF_CHECK_EQUAL(repair(symbol, "2008-02-14"), "ohlc_order");
  // Prices of another order, found by the rules of series.
  CAF_CHECK_EQUAL(repair("QBE.AX", "2009-03-09"), "field_spike");
  CAF_CHECK_EQUAL(repair("MQG.AX", "2010-06-22"), "field_spike");
  // Crashes are none of them.
  for (auto day : {"2001-09-17", "2001-09-20", "2001-09-21", "2013-12-09"}) {
    CAF_CHECK_EQUAL(repair("QBE.AX", day), "nothing");
    CAF_CHECK_EQUAL(revision("QBE.AX", day), "nothing");
  }
  // Rows on days without a session.
  for (auto day : {"2005-12-27", "2009-01-01"})
    CAF_CHECK_GREATER(quarantined("reason = 'market_closed' AND payload LIKE '"
                                  + std::string{day} + "%'"),
                      0);
}

CAF_TEST(the sessions that ANZ lacks at the end are noted) {
  if (!take(raw))
    return;
  // From 2022-12-21 to the end of the other files on 2022-12-30.
  auto found = std::find_if(
    report.notes.listed.begin(), report.notes.listed.end(),
    [&](const intake::series_note& x) {
      return x.symbol == "ANZ.AX" && x.reason == "missing_rows"
             && std::to_string(to_micros(x.opened_at)) == opened("2022-12-20");
    });
  CAF_REQUIRE(found != report.notes.listed.end());
  CAF_CHECK_EQUAL(found->measured, 6.0);
}

CAF_TEST(an index without volume is kept and its open of zero is filled) {
  if (!take(raw + "/XJO.csv"))
    return;
  CAF_CHECK_EQUAL(quarantined("reason = 'flat_fill'"), 0);
  CAF_CHECK_EQUAL(repair("XJO.AX", "2001-09-20"), "not_positive");
  CAF_CHECK_EQUAL(db.scalar("SELECT max(volume) FROM bars"), 0);
  CAF_CHECK_GREATER_OR_EQUAL(
    db.scalar("SELECT count(DISTINCT opened_at) FROM bar_repairs "
              "WHERE reason = 'ohlc_order'"),
    100);
}

CAF_TEST(holidays that the source filled are refused) {
  for (auto name : {"CBA", "WBC", "NAB"}) {
    dirt_fixture x;
    if (!x.take("asx_yahoo_adjusted_2001-2022/" + std::string{name}
                + ".AX_data.csv"))
      return;
    auto fills = x.quarantined("reason IN ('market_closed', 'flat_fill')");
    CAF_CHECK_GREATER_OR_EQUAL(fills, 37);
    CAF_CHECK_LESS_OR_EQUAL(fills, 39);
    CAF_CHECK_EQUAL(static_cast<std::int64_t>(x.report.total.quarantined),
                    x.rows("quarantine"));
  }
}

CAF_TEST(a row of nulls is refused with its line) {
  if (!take("asx_yahoo_csv_2017-2020/CBA.AX.csv"))
    return;
  CAF_CHECK_EQUAL(line("SELECT line, reason FROM quarantine", 2),
                  "597|missing_value");
  CAF_CHECK_EQUAL(rows("quarantine"), 1);
  CAF_CHECK_EQUAL(rows("bar_repairs") + rows("bar_revisions"), 0);
}

CAF_TEST(closes above the high widen the bar) {
  for (auto symbol : {"CBA.AX", "ANZ.AX"}) {
    dirt_fixture x;
    if (!x.take(yfinance + "/" + symbol + ".csv"))
      return;
    CAF_CHECK_EQUAL(x.repair(symbol, "2024-11-15"), "ohlc_order");
    CAF_CHECK_EQUAL(x.rows("quarantine") + x.rows("bar_revisions"), 0);
    // Prices that are adjusted for dividends must not be adjusted again.
    CAF_CHECK_EQUAL(x.rows("corporate_actions"), 0);
    CAF_CHECK_EQUAL(x.report.notes.actions_left_out, 3u);
  }
}

CAF_TEST(a consolidation of Suncorp was adjusted for once too often) {
  if (!take(yfinance + "/SUN.AX.csv"))
    return;
  CAF_CHECK_EQUAL(line("SELECT line, reason FROM quarantine", 2),
                  "287|flat_fill");
  CAF_CHECK_EQUAL(revision("SUN.AX", "2025-02-14"), "split_false");
  CAF_CHECK_EQUAL(revision("SUN.AX", "2025-02-18"), "nothing");
  // From the flat bar it fell by 19 %; in truth by 2 % since Friday.
  auto later = store::queries{db}.revisions("SUN.AX", bar_interval::d1,
                                            received);
  CAF_REQUIRE(!later.empty());
  auto stored = bars("SUN.AX");
  auto after = std::find_if(stored.begin(), stored.end(), [&](const bar& x) {
    return std::to_string(to_micros(x.opened_at)) == opened("2025-02-18");
  });
  CAF_REQUIRE(after != stored.end());
  CAF_CHECK_LESS(std::abs(after->close.value()
                            / later.back().content.close.value()
                          - 1.0),
                 0.03);
  // Nobody could know before the day after.
  CAF_CHECK(later.back().content.known_at >= std::prev(after)->known_at);
  CAF_CHECK_EQUAL(report.total.repaired, later.size());
}

CAF_TEST(importing all of it again changes nothing) {
  if (!take(raw))
    return;
  auto shape = [&] {
    std::string result;
    for (auto table : {"bars", "bar_repairs", "bar_revisions", "quarantine",
                       "bar_conflicts", "corporate_actions"})
      result += std::to_string(rows(table)) + ' ';
    return result;
  };
  auto before = shape();
  auto first = report.total;
  take(raw);
  CAF_CHECK_EQUAL(shape(), before);
  CAF_CHECK(report.total
            == counts(first.read, 0, first.read - first.quarantined, 0, 0,
                      first.quarantined));
}

CAF_TEST_FIXTURE_SCOPE_END()
