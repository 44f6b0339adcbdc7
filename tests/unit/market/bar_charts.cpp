#define CAF_SUITE bar_charts
#include "tests/unit/market/bar_samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

namespace {

/// A chart of two daily bars in the Sydney summer, with one of everything.
struct chart_text {
  std::string symbol = "CBA.AX";
  std::string currency = "AUD";
  std::string granularity = "1d";
  /// After the first session (05:10Z), within the second.
  std::string market_time = R"("regularMarketTime": 1704330000,)";
  std::string times = "1704236400, 1704322800";
  std::string close = "113.5, 114.25";

  std::string operator()() const {
    return R"( {"chart" : {"result": [{"meta": {"currency": ")" + currency
           + R"(", "symbol": ")" + symbol + R"(", )" + market_time
           + R"("gmtoffset": 39600, "exchangeTimezoneName": "Australia/Sydney",
  "dataGranularity": ")" + granularity + R"("}, "timestamp": [)" + times
           + R"(], "events": {
  "dividends": {"1": {"amount": 0.5, "date": 1704236400},
                "2": {"amount": 0.25, "date": 1704236400}},
  "splits": {"1": {"date": 1704322800, "numerator": 3, "denominator": 2}}},
  "indicators": {"quote": [{"open": [113, 114], "high": [114.5, 115],
    "low": [112.75, null], "close": [)" + close + R"(],
    "volume": [1000, 2000]}], "adjclose": [{"adjclose": [110, 111]}]}}],
  "error": null}})";
  }
};

trading_date day(unsigned of_january) {
  return std::chrono::year{2024} / 1 / of_january;
}

} // namespace

CAF_TEST(a saved chart is read as its source gives it) {
  auto read = read_all(chart_text{}(), "answer.json");
  CAF_REQUIRE_EQUAL(read.error, "");
  CAF_CHECK(read.source->format == bar_format::yahoo_chart_json);
  CAF_CHECK(read.source->interval == bar_interval::d1);
  CAF_CHECK_EQUAL(read.source->symbol, "CBA.AX");
  CAF_REQUIRE_EQUAL(read.rows.size(), 2u);
  const auto& first = read.rows[0];
  CAF_CHECK(first.problem == row_problem::none);
  CAF_CHECK_EQUAL(first.symbol, "CBA.AX");
  CAF_CHECK(first.day == day(3));
  CAF_CHECK(!first.at && first.midnight);
  CAF_CHECK(first.values == (bar_values{113, 114.5, 112.75, 113.5, 1000}));
  CAF_CHECK_EQUAL(first.adj_close.value(), 110.0);
  CAF_CHECK_EQUAL(first.dividend.value(), 0.75);
  CAF_CHECK(!first.split);
  CAF_CHECK_EQUAL(first.line, 1u);
  const auto& second = read.rows[1];
  CAF_CHECK(second.day == day(4));
  CAF_CHECK_EQUAL(second.split.value(), 1.5);
  CAF_CHECK(!second.dividend);
  CAF_CHECK(second.problem == row_problem::missing_value);
  CAF_CHECK_EQUAL(second.field, "low");
  CAF_CHECK(second.text.find("1704322800") != std::string::npos);
}

CAF_TEST(a bar whose end its source has not seen is no bar yet) {
  chart_text text;
  text.times = "1704236400";
  text.close = "113.5";
  CAF_CHECK(read_all(text(), "x.json").rows[0].problem == row_problem::none);
  text.market_time = R"("regularMarketTime": 1704240000,)"; // an hour on
  auto growing = read_all(text(), "x.json");
  CAF_REQUIRE_EQUAL(growing.rows.size(), 1u);
  CAF_CHECK(growing.rows[0].problem == row_problem::in_progress);
  CAF_CHECK_EQUAL(to_string(growing.rows[0].problem), "in_progress");
  // Who saved it without a time has taken the end for granted.
  text.market_time.clear();
  CAF_CHECK(read_all(text(), "x.json").rows[0].problem == row_problem::none);
}

CAF_TEST(bars within the day keep their instants) {
  chart_text text;
  text.granularity = "60m";
  text.times = "1704236400, 1704240000";
  auto read = read_all(text(), "x.json");
  CAF_REQUIRE_EQUAL(read.rows.size(), 2u);
  CAF_CHECK(read.rows[0].at == parse_rfc3339("2024-01-02T23:00:00Z"));
  CAF_CHECK(!read.rows[0].midnight);
  // An event of the day stands with its first bar.
  CAF_CHECK_EQUAL(read.rows[0].dividend.value(), 0.75);
  CAF_CHECK(!read.rows[1].dividend);
}

CAF_TEST(a code without a suffix stays what its source means by it) {
  chart_text text;
  text.symbol = "AAPL";
  text.currency = "USD";
  auto read = read_all(text(), "x.json");
  CAF_REQUIRE_EQUAL(read.rows.size(), 2u);
  CAF_CHECK_EQUAL(read.rows[0].symbol, "AAPL");
}

CAF_TEST(what is no chart of that symbol is refused) {
  auto error_of = [](const chart_text& text) {
    auto read = read_all(text(), "x.json");
    CAF_CHECK(read.rows.empty());
    return read.error;
  };
  chart_text foreign;
  foreign.currency = "USD";
  CAF_CHECK(error_of(foreign).find("unexpected") != std::string::npos);
  chart_text odd;
  odd.granularity = "1mo";
  CAF_CHECK(error_of(odd).find("an interval that is not kept: \"1mo\"")
            != std::string::npos);
  chart_text broken;
  broken.close = "113.5, ]";
  CAF_CHECK(error_of(broken).find("a chart that is malformed")
            != std::string::npos);
  auto source = *detect_bars(chart_text{}(), "x.json").source;
  source.symbol = "WBC.AX";
  bar_reader reader{source};
  auto text = chart_text{}();
  reader.feed(text);
  reader.finish();
  CAF_CHECK(reader.next() == nullptr);
  CAF_CHECK(reader.error().find("WBC.AX") != std::string::npos);
}

CAF_TEST(an answer without bars gives no rows and other JSON is left alone) {
  auto error = read_all(R"({"chart":{"result":null,"error":{"code":"x"}}})",
                        "x.json").error;
  CAF_CHECK(error.find("neither a Yahoo chart nor an AlphaVantage")
            != std::string::npos);
  chart_text none;
  none.times.clear();
  none.close.clear();
  auto text = none();
  for (auto values : {"[113, 114]", "[114.5, 115]", "[112.75, null]",
                      "[1000, 2000]", "[110, 111]"})
    text.replace(text.find(values), std::string_view{values}.size(), "[]");
  auto read = read_all(text, "x.json");
  CAF_CHECK_EQUAL(read.error, "");
  CAF_CHECK(read.rows.empty());
}

CAF_TEST(a chart that is too long is refused) {
  auto text = chart_text{}();
  bar_reader reader{*detect_bars(text, "x.json").source};
  std::string blank(yahoo_bytes_max, ' ');
  reader.feed(text);
  reader.feed(blank);
  reader.finish();
  CAF_CHECK(reader.next() == nullptr);
  CAF_CHECK(reader.error().find("more than 32 MiB") != std::string::npos);
}

CAF_TEST(the recorded answers come out as rows) {
  auto data = shared_data();
  if (!data)
    return;
  std::size_t rows = 0;
  for (auto part : {"chart/body", "chart_constructed_asx"})
    for (const auto& x :
         std::filesystem::directory_iterator(*data / "yahoo" / part)) {
      std::ifstream in{x.path(), std::ios::binary};
      std::string text{std::istreambuf_iterator<char>{in}, {}};
      auto read = read_all(text, x.path().filename().string());
      auto timeless = text.find("\"timestamp\"") == std::string::npos;
      CAF_MESSAGE(x.path().filename().string() << ": " << read.rows.size()
                                               << " " << read.error);
      CAF_CHECK(timeless || (read.error.empty() && !read.rows.empty()));
      rows += read.rows.size();
    }
  // One bar of each time in them.
  CAF_CHECK_EQUAL(rows, 2639u + 578u);
}
