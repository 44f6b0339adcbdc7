#define CAF_SUITE import_formats
#include "tests/integration/intake/import_fixture.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

CAF_TEST_FIXTURE_SCOPE(formats, import_fixture)

CAF_TEST(a daily bar spans its session and is known after the auction) {
  CAF_CHECK(import({file("CBA.csv", week)}) == counts(5, 5, 0, 0, 0, 0));
  auto stored = bars("CBA.AX");
  CAF_REQUIRE_EQUAL(stored.size(), 5u);
  const auto& first = stored.front();
  CAF_CHECK_EQUAL(to_rfc3339(first.opened_at), "2024-01-07T23:00:00Z");
  CAF_CHECK_EQUAL(to_rfc3339(first.known_at), "2024-01-08T05:10:00Z");
  CAF_CHECK(first.received_at == received);
  CAF_CHECK_EQUAL(first.source, "csv");
  CAF_CHECK(first.verdict == bar_verdict::accepted);
  CAF_CHECK(first.open == price{10} && first.high == price{12});
  CAF_CHECK(first.low == price{9} && first.close == price{11});
  CAF_CHECK(first.volume == shares{1001});
}

CAF_TEST(three header lines name the symbol) {
  auto path = file("index.csv", "Price,Close,High,Low,Open,Volume\n"
                                "Ticker,^GSPC,^GSPC,^GSPC,^GSPC,^GSPC\n"
                                "Date,,,,,\n"
                                "2025-09-06,11,12,9,10,1001\n");
  CAF_CHECK(import({path}) == counts(1, 1, 0, 0, 0, 0));
  auto stored = bars("^GSPC");
  CAF_REQUIRE_EQUAL(stored.size(), 1u);
  // A Saturday: of markets other than the exchange every day is a session.
  CAF_CHECK_EQUAL(to_rfc3339(stored[0].opened_at), "2025-09-06T00:00:00Z");
  CAF_CHECK_EQUAL(to_rfc3339(stored[0].known_at), "2025-09-07T00:00:00Z");
}

CAF_TEST(the same Saturday is closed for an index of the exchange) {
  auto path = file("^AXJO.csv", "Date,Open,High,Low,Close,Volume\n"
                                "2025-09-06,10,12,9,11,1001\n");
  CAF_CHECK(import({path}) == counts(1, 0, 0, 0, 0, 1));
}

CAF_TEST(rows that name their symbols) {
  auto path = file("all.csv", "Symbol,Date,Open,High,Low,Close,Volume\n"
                              "CBA,20240108,10,12,9,11,1001\n"
                              "WBC,20240108,20,22,19,21,2001\n"
                              "CBA,20240109,11,13,10,12,1002\n");
  CAF_CHECK(import({path}) == counts(3, 3, 0, 0, 0, 0));
  CAF_CHECK_EQUAL(bars("CBA.AX").size(), 2u);
  CAF_CHECK_EQUAL(bars("WBC.AX").size(), 1u);
}

CAF_TEST(a day file without header) {
  auto path = file("20240108.csv", "CBA,20240108,10,12,9,11,1001\n"
                                   "WBC,20240108,20,22,19,21,2001\n");
  CAF_CHECK(import({path}) == counts(2, 2, 0, 0, 0, 0));
  CAF_CHECK_EQUAL(bars("WBC.AX").size(), 1u);
}

CAF_TEST(minutes from JSON) {
  auto path = file("quotes.json", R"json({"Meta Data": {
    "1. Information": "Intraday", "2. Symbol": "CBA.AX",
    "3. Last Refreshed": "2018-06-18 02:01:00", "4. Interval": "1min",
    "5. Output Size": "Compact", "6. Time Zone": "US/Eastern"},
  "Time Series (1min)": {
    "2018-06-18 02:01:00": {"1. open": "72.3", "2. high": "72.4",
      "3. low": "72.1", "4. close": "72.2", "5. volume": "1001"},
    "2018-06-18 02:00:00": {"1. open": "72.0", "2. high": "72.3",
      "3. low": "71.9", "4. close": "72.1", "5. volume": "1002"}}})json");
  CAF_CHECK(import({path}) == counts(2, 2, 0, 0, 0, 0));
  auto stored = bars("CBA.AX", bar_interval::m1);
  CAF_REQUIRE_EQUAL(stored.size(), 2u);
  CAF_CHECK_EQUAL(to_rfc3339(stored[0].opened_at), "2018-06-18T06:00:00Z");
  CAF_CHECK_EQUAL(to_rfc3339(stored[0].known_at), "2018-06-18T06:01:00Z");
}

CAF_TEST(intraday bars outside of a session are kept apart) {
  auto path = file("CBA.AX_15m.csv", "Datetime,Open,High,Low,Close,Volume\n"
                                     "2024-01-08T04:45:00Z,10,12,9,11,1001\n"
                                     "2024-01-08T08:00:00Z,11,13,10,12,1002\n");
  CAF_CHECK(import({path}) == counts(2, 1, 0, 0, 0, 1));
  CAF_CHECK_EQUAL(line("SELECT reason FROM quarantine", 1), "market_closed");
}

CAF_TEST(gzip is unpacked and named after what it packs) {
  CAF_CHECK(import({packed("CBA.csv.gz", week)})
            == counts(5, 5, 0, 0, 0, 0));
  CAF_CHECK(import({file("CBA.csv", week)}) == counts(5, 0, 5, 0, 0, 0));
}

CAF_TEST(lines may lie across the chunks of a file) {
  std::string text = "Symbol,Date,Open,High,Low,Close,Volume\n";
  std::size_t expected = 0;
  for (int code = 10'000; code < 70'000; ++code, ++expected)
    text += "A" + std::to_string(code) + ",20240108,10,12,9,11,1001\n";
  CAF_REQUIRE(text.size() > 1'500'000u);
  CAF_CHECK(import({packed("all.csv.gz", text)})
            == counts(expected, expected, 0, 0, 0, 0));
}

CAF_TEST_FIXTURE_SCOPE_END()
