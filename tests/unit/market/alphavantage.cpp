#define CAF_SUITE alphavantage
#include "models/market/alphavantage.hpp"

#include "tests/unit/market/feed_samples.hpp"
#include "tests/unit/market/recorded_days.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json.hpp>
#include <date/tz.h>

#include <cstdlib>

using namespace banksia;
using namespace banksia::test;

namespace {

std::string intraday(std::string rows, std::string zone = "US/Eastern") {
  return R"({"Meta Data":{"1. Information":"Intraday","2. Symbol":"CBA.AX",)"
         R"("4. Interval":"1min","6. Time Zone":")"
         + zone + R"x("},"Time Series (1min)":{)x" + rows + "}}";
}

std::string daily(std::string rows) {
  return R"({"Meta Data":{"1. Information":"Daily","2. Symbol":"CBA.AX",)"
         R"x("5. Time Zone":"US/Eastern"},"Time Series (Daily)":{)x"
         + rows + "}}";
}

std::string row(std::string when, std::string close = "69.65") {
  return '"' + when
         + R"(":{"1. open":"69.61","2. high":"69.70","3. low":"69.60",)"
           R"("4. close":")"
         + close + R"(","5. volume":"3374"})";
}

alpha_vantage_series read(std::string_view body,
                          feed_expectation to = long_after(),
                          int status = 200) {
  return parse_alpha_vantage(status, body, to);
}

feed_status says(std::string member, std::string text) {
  return read("{\"" + member + "\":\"" + text + "\"}").status;
}

} // namespace

CAF_TEST(intraday bars in the zone of the meta data) {
  auto series = read(intraday(row("2018-06-18 02:00:00") + ','
                              + row("2018-06-18 01:59:00")));
  CAF_CHECK(series.status == feed_status::ok);
  CAF_CHECK_EQUAL(series.symbol, "CBA.AX");
  CAF_CHECK(series.interval == bar_interval::m1);
  CAF_REQUIRE_EQUAL(series.bars.size(), 2u);
  CAF_CHECK(series.bars[0].at == at("2018-06-18T05:59:00Z"));
  CAF_CHECK(series.bars[0].values
            == (bar_values{69.61, 69.70, 69.60, 69.65, 3374}));
}

CAF_TEST(the newest intraday bar settles first) {
  auto body = intraday(row("2018-06-18 02:00:00") + ','
                       + row("2018-06-18 01:59:00"));
  auto to = long_after();
  to.now = at("2018-06-18T06:01:00Z");
  auto series = read(body, to);
  CAF_CHECK(series.bars.at(0).is_final);
  CAF_CHECK(!series.bars.at(1).is_final);
  to.now += to.settle;
  CAF_CHECK(read(body, to).bars.at(1).is_final);
}

CAF_TEST(daily bars with dividends and splits) {
  auto series = read(daily(
    R"("2018-06-18":{"1. open":"10","2. high":"11","3. low":"9",)"
    R"("4. close":"10.5","5. adjusted close":"5.25","6. volume":"100",)"
    R"("7. dividend amount":"0.5","8. split coefficient":"2.0"},)"
    R"("2018-06-15":{"1. open":"10","2. high":"11","3. low":"9",)"
    R"("4. close":"10.5","5. adjusted close":"5.0","6. volume":"100",)"
    R"("7. dividend amount":"0.0000","8. split coefficient":"1.0"})"));
  CAF_CHECK(series.status == feed_status::ok);
  CAF_CHECK(series.interval == bar_interval::d1);
  CAF_REQUIRE_EQUAL(series.bars.size(), 2u);
  CAF_CHECK_EQUAL(to_string(series.bars[0].day), "2018-06-15");
  CAF_CHECK(series.bars[1].at == at("2018-06-18T04:00:00Z"));
  CAF_CHECK_EQUAL(series.bars[1].values.volume, 100.0);
  CAF_CHECK_EQUAL(series.bars[1].adjusted_close.value(), 5.25);
  CAF_REQUIRE_EQUAL(series.dividends.size(), 1u);
  CAF_CHECK_EQUAL(series.dividends[0].amount, 0.5);
  CAF_REQUIRE_EQUAL(series.splits.size(), 1u);
  CAF_CHECK_EQUAL(series.splits[0].numerator, 2.0);
}

CAF_TEST(a day is final when it has ended there) {
  auto to = long_after();
  to.now = at("2018-06-19T03:59:59Z");
  CAF_CHECK(!read(daily(row("2018-06-18")), to).bars.at(0).is_final);
  to.now = at("2018-06-19T04:00:00Z");
  CAF_CHECK(read(daily(row("2018-06-18")), to).bars.at(0).is_final);
}

CAF_TEST(errors come as text) {
  CAF_CHECK(says("Note", "Thank you for using Alpha Vantage! Our standard API "
                         "call frequency is 5 calls per minute and 500 calls "
                         "per day.")
            == feed_status::rate_limited);
  CAF_CHECK(says("Information",
                 "We have detected your API key as ABC123 and our standard API "
                 "rate limit is 25 requests per day.")
            == feed_status::rate_limited);
  CAF_CHECK(says("Note", "something new") == feed_status::rate_limited);
  CAF_CHECK(says("Information", "Thank you! This is a premium endpoint.")
            == feed_status::unauthorized);
  CAF_CHECK(says("Information", "The **demo** API key is for demo purposes.")
            == feed_status::unauthorized);
  CAF_CHECK(says("Error Message", "the parameter apikey is invalid or missing.")
            == feed_status::unauthorized);
  CAF_CHECK(says("Error Message", "Invalid API call. Please retry or visit the "
                                  "documentation for TIME_SERIES_DAILY.")
            == feed_status::not_found);
  CAF_CHECK(says("Error Message", "a parameter is wrong")
            == feed_status::bad_request);
  CAF_CHECK(says("Information", "no trades today") == feed_status::no_data);
  CAF_CHECK_EQUAL(read("{\"Note\":\"\"}").text, "Note: ");
  CAF_CHECK(says("Else", "x") == feed_status::malformed);
}

CAF_TEST(the key is not repeated) {
  auto text = read(R"({"Information":"We have detected your API key as S3CR3T )"
                   R"(and our standard API rate limit is 25 requests"})")
                .text;
  CAF_CHECK(text.find("S3CR3T") == text.npos);
  CAF_CHECK(text.find("API key as *** and") != text.npos);
}

CAF_TEST(http errors and broken bodies) {
  CAF_CHECK(read("x", long_after(), 503).status == feed_status::unavailable);
  CAF_CHECK(read("x", long_after(), 429).status == feed_status::rate_limited);
  CAF_CHECK(read("x", long_after(), 403).status == feed_status::unauthorized);
  CAF_CHECK(read("x", long_after(), 404).status == feed_status::not_found);
  CAF_CHECK(read("x", long_after(), 418).status == feed_status::bad_request);
  CAF_CHECK(read("{}").status == feed_status::no_data);
  CAF_CHECK(read(intraday("")).status == feed_status::no_data);
  for (auto bad : {"", "null", "[]", "<html>", "{\"Meta Data\":{}}"})
    CAF_CHECK(read(bad).status == feed_status::malformed);
  auto whole = intraday(row("2018-06-18 02:00:00"));
  for (std::size_t length = 0; length < whole.size(); ++length)
    if (read(whole.substr(0, length)).status != feed_status::malformed)
      CAF_FAIL("cut at " << length);
  CAF_CHECK(read(intraday(row("2018-06-18 02:00:00"), "Nowhere")).status
            == feed_status::malformed);
}

CAF_TEST(another symbol or interval is unexpected) {
  auto to = long_after();
  to.symbol = "NAB.AX";
  auto body = intraday(row("2018-06-18 02:00:00"));
  CAF_CHECK(read(body, to).status == feed_status::unexpected);
  to.symbol = "CBA.AX";
  to.interval = bar_interval::m5;
  CAF_CHECK(read(body, to).status == feed_status::unexpected);
  to.interval = bar_interval::m1;
  CAF_CHECK(read(body, to).status == feed_status::ok);
}

CAF_TEST(rows that are broken) {
  auto series = read(intraday(row("2018-06-18 02:00:00", "x") + ','
                              + row("yesterday") + ','
                              + row("2018-06-18 02:01:00", "null")
                              + R"(,"2018-06-18 02:02:00":7)"));
  CAF_CHECK_EQUAL(series.dropped, 1u);
  CAF_REQUIRE_EQUAL(series.bars.size(), 3u);
  CAF_CHECK(series.bars[0].problem == row_problem::bad_number);
  CAF_CHECK_EQUAL(series.bars[0].field, "close");
  CAF_CHECK(series.bars[1].problem == row_problem::missing_value);
  CAF_CHECK(series.bars[2].problem == row_problem::wrong_column_count);
  CAF_CHECK(read(intraday(row("yesterday"))).status == feed_status::malformed);
}

CAF_TEST(recorded minutes value by value) {
  auto folder = recorded("market/intraday");
  if (folder.empty())
    return;
  std::size_t bars = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.path().extension() != ".json")
      continue;
    auto body = whole_file(entry.path());
    auto series = read(body);
    CAF_REQUIRE(series.status == feed_status::ok);
    auto tree = boost::json::parse(body);
    const auto& rows = tree.at("Time Series (1min)").as_object();
    CAF_REQUIRE_EQUAL(rows.size(), series.bars.size());
    for (const auto& bar : series.bars) {
      // In June New York is four hours behind.
      auto there = to_rfc3339(bar.at - std::chrono::hours{4});
      there[10] = ' ';
      there.pop_back();
      const auto& found = rows.at(there);
      auto number = [&](const char* name) {
        return std::strtod(found.at(name).as_string().c_str(), nullptr);
      };
      CAF_REQUIRE(bar.values
                  == (bar_values{number("1. open"), number("2. high"),
                                 number("3. low"), number("4. close"),
                                 number("5. volume")}));
      ++bars;
    }
  }
  CAF_CHECK_EQUAL(bars, 300u);
}
