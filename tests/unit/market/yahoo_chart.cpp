#define CAF_SUITE yahoo_chart
#include "models/market/yahoo_chart.hpp"

#include "runtime/resilience/splitmix.hpp"
#include "tests/unit/market/feed_samples.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>

using namespace banksia;
using namespace banksia::test;

namespace {

/// A document of the ASX; the market's last quote is from 04:00 UTC on the
/// 12th of August 2026, the session from 00:00 to 06:12.
std::string sydney(std::string rest, std::string meta = {}) {
  return R"({"chart":{"result":[{"meta":{"currency":"AUD","symbol":"CBA.AX",)"
         R"("exchangeName":"ASX","instrumentType":"EQUITY",)"
         R"("regularMarketTime":1786507200,"gmtoffset":36000,)"
         R"("exchangeTimezoneName":"Australia/Sydney",)"
         R"("regularMarketPrice":172.72,"currentTradingPeriod":{"regular":)"
         R"({"start":1786492800,"end":1786515120,"gmtoffset":36000}},)"
         R"("dataGranularity":"1d")"
         + meta + "}," + rest + R"(}],"error":null}})";
}

std::string columns(std::string times, std::string open, std::string high,
                    std::string low, std::string close, std::string volume) {
  return "\"timestamp\":" + times + R"(,"indicators":{"quote":[{"open":)"
         + open + ",\"high\":" + high + ",\"low\":" + low + ",\"close\":"
         + close + ",\"volume\":" + volume + "}]}";
}

std::string one_bar(std::string time) {
  return columns('[' + time + ']', "[1.5]", "[2]", "[1]", "[1.75]", "[100]");
}

feed_expectation cba(std::string_view now = "2030-01-01T00:00:00Z") {
  feed_expectation result;
  result.symbol = "CBA.AX";
  result.interval = bar_interval::d1;
  result.currency = "AUD";
  result.now = at(now);
  return result;
}

yahoo_chart read(std::string_view body, const feed_expectation& to = cba(),
                 int status = 200) {
  return parse_yahoo_chart(status, body, to);
}

bool has(const yahoo_chart& chart, chart_problem x) {
  return std::count(chart.problems.begin(), chart.problems.end(), x) == 1;
}

std::string error_body(std::string code) {
  return R"({"chart":{"result":null,"error":{"code":")" + code
         + R"(","description":"said so"}}})";
}

std::string replaced(std::string text, std::string_view what,
                     std::string_view by) {
  auto found = text.find(what);
  CAF_REQUIRE(found != std::string::npos);
  return text.replace(found, what.size(), by);
}

} // namespace

CAF_TEST(meta and one bar) {
  auto chart = read(sydney(one_bar("1786406400")));
  CAF_CHECK(chart.status == feed_status::ok);
  CAF_CHECK(chart.problems.empty());
  CAF_CHECK_EQUAL(chart.meta.exchange, "ASX");
  CAF_CHECK_EQUAL(chart.meta.instrument, "EQUITY");
  CAF_CHECK_EQUAL(chart.meta.time_zone, "Australia/Sydney");
  CAF_CHECK_EQUAL(chart.meta.utc_offset.count(), 36'000);
  CAF_CHECK(chart.meta.market_time == at("2026-08-12T04:00:00Z"));
  CAF_CHECK(chart.meta.session_end == at("2026-08-12T06:12:00Z"));
  CAF_CHECK_EQUAL(chart.meta.market_price.value(), 172.72);
  CAF_REQUIRE_EQUAL(chart.bars.size(), 1u);
  const auto& bar = chart.bars[0];
  CAF_CHECK(bar.at == at("2026-08-11T00:00:00Z"));
  CAF_CHECK_EQUAL(to_string(bar.day), "2026-08-11");
  CAF_CHECK(bar.values == (bar_values{1.5, 2, 1, 1.75, 100}));
  CAF_CHECK(bar.is_final && bar.problem == row_problem::none);
  CAF_CHECK(!bar.adjusted_close);
}

CAF_TEST(numbers are rounded correctly) {
  // Boost.JSON 1.81 reads some of these one unit in the last place away.
  for (const char* text :
       {"75.0875015258789", "0.1", "1.1220825910568237", "2.2250738585072014e-308",
        "7200.17431640625", "0.30000000000000004", "123456789.12345678"}) {
    auto body = replaced(sydney(one_bar("1786406400")), "[1.5]",
                         '[' + std::string{text} + ']');
    CAF_CHECK_EQUAL(read(body).bars.at(0).values.open,
                    std::strtod(text, nullptr));
  }
}

CAF_TEST(numbers of any length are rounded correctly) {
  splitmix random{1};
  std::string times = "[0", values = "[1";
  std::vector<std::string> texts{"1"};
  for (int i = 1; i < 20'000; ++i) {
    auto digits = std::to_string(random.next() >> random.below(60));
    auto point = random.below(digits.size() + 1);
    auto text = (random.chance(0.1) ? "-" : "")
                + (point == 0 ? "0" : digits.substr(0, point)) + '.'
                + (point == digits.size() ? "5" : digits.substr(point));
    if (text.size() > 2 && text[0] == '0' && text[1] != '.')
      text.erase(0, 1);
    if (random.chance(0.05))
      text += "e" + std::to_string(random.below(600)).insert(0, "-");
    times += ',' + std::to_string(i * 86'400);
    values += ',' + text;
    texts.push_back(text);
  }
  auto chart = read(sydney(columns(times + ']', values + ']', "[]", "[]", "[]",
                                   "[]")));
  CAF_REQUIRE_EQUAL(chart.bars.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i)
    if (chart.bars[i].values.open != std::strtod(texts[i].c_str(), nullptr))
      CAF_FAIL("rounded wrongly: " << texts[i]);
}

CAF_TEST(nulls belong to their bar) {
  auto chart = read(sydney(columns("[1786320000,1786406400]", "[null,1.5]",
                                   "[2,2]", "[1,1]", "[1.5,1.5]",
                                   "[100,null]")));
  CAF_CHECK(chart.status == feed_status::ok);
  CAF_CHECK(chart.bars[0].problem == row_problem::missing_value);
  CAF_CHECK_EQUAL(chart.bars[0].field, "open");
  CAF_CHECK(chart.bars[1].problem == row_problem::missing_value);
  CAF_CHECK_EQUAL(chart.bars[1].field, "volume");
}

CAF_TEST(text and objects are no numbers) {
  auto chart = read(sydney(columns("[1786320000,1786406400]", R"(["1.5",true])",
                                   "[2,2]", "[1,1]", "[1.5,1.5]", "[1,1]")));
  CAF_CHECK(chart.bars[0].problem == row_problem::bad_number);
  CAF_CHECK(chart.bars[1].problem == row_problem::bad_number);
  auto nested = read(sydney(columns("[1786320000,1786406400]", "[{\"a\":7},2]",
                                    "[2,2]", "[1,1]", "[1.5,1.5]", "[1,1]")));
  CAF_CHECK(has(nested, chart_problem::length_mismatch));
  CAF_CHECK(nested.bars[0].problem == row_problem::missing_value);
  CAF_CHECK_EQUAL(nested.bars[0].values.open, 0.0);
}

CAF_TEST(columns of other lengths than the times) {
  auto chart = read(sydney(columns("[1786320000,1786406400]", "[1]", "[2,2,2]",
                                   "[1,1]", "[1.5,1.5]", "[1,1]")));
  CAF_CHECK(has(chart, chart_problem::length_mismatch));
  CAF_REQUIRE_EQUAL(chart.bars.size(), 2u);
  CAF_CHECK(chart.bars[0].problem == row_problem::none);
  CAF_CHECK(chart.bars[1].problem == row_problem::missing_value);
}

CAF_TEST(no times) {
  auto none = read(sydney(R"("indicators":{"quote":[{}]})"));
  CAF_CHECK(none.status == feed_status::no_data);
  CAF_CHECK_EQUAL(none.meta.symbol, "CBA.AX");
  auto lost = read(sydney(R"("indicators":{"quote":[{"close":[1.5]}]})"));
  CAF_CHECK(lost.status == feed_status::malformed);
  CAF_CHECK(has(lost, chart_problem::times_missing));
  CAF_CHECK(read(sydney(columns("[]", "[]", "[]", "[]", "[]", "[]"))).status
            == feed_status::no_data);
  CAF_CHECK(read(sydney(R"("indicators":{})")).status == feed_status::no_data);
}

CAF_TEST(times that are none are dropped and the rest is put in order) {
  auto chart = read(sydney(
    columns("[1786406400,null,1786320000,\"x\",1e300,1786406400]",
            "[1,2,3,4,5,6]", "[1,2,3,4,5,6]", "[1,2,3,4,5,6]", "[1,2,3,4,5,6]",
            "[1,2,3,4,5,6]")));
  CAF_CHECK(has(chart, chart_problem::bad_time));
  CAF_CHECK(has(chart, chart_problem::unordered_time));
  CAF_CHECK(has(chart, chart_problem::duplicate_time));
  CAF_REQUIRE_EQUAL(chart.bars.size(), 2u);
  CAF_CHECK_EQUAL(chart.bars[0].values.close, 3.0);
  CAF_CHECK_EQUAL(chart.bars[1].values.close, 6.0);
}

CAF_TEST(the running day comes twice) {
  // The second one's time is the last trade.
  auto twice = [](std::string close) {
    return read(sydney(columns("[1786492800,1786507200]", "[1,2]", "[1,2]",
                               "[1,2]", close, "[1,2]")),
                cba("2026-08-12T04:00:05Z"));
  };
  auto chart = twice("[1,2]");
  CAF_REQUIRE_EQUAL(chart.bars.size(), 1u);
  CAF_CHECK_EQUAL(chart.bars[0].values.close, 2.0);
  CAF_CHECK(!chart.bars[0].is_final);
  CAF_CHECK(has(chart, chart_problem::duplicate_time));
  CAF_CHECK_EQUAL(twice("[1,null]").bars.at(0).values.close, 1.0);
}

CAF_TEST(a daily bar is final after its session) {
  auto final_at = [](std::string_view now, std::string quote = "1786507200") {
    auto body = replaced(sydney(one_bar("1786492800")),
                         "\"regularMarketTime\":1786507200",
                         "\"regularMarketTime\":" + quote);
    return read(body, cba(now)).bars.at(0).is_final;
  };
  CAF_CHECK(!final_at("2026-08-12T04:00:00Z"));
  CAF_CHECK(!final_at("2026-08-12T06:11:59Z", "1786515389"));
  CAF_CHECK(final_at("2026-08-12T06:12:00Z", "1786515389"));
  // Quotes are late: the last one shown is from before the end.
  CAF_CHECK(!final_at("2026-08-12T06:12:00Z"));
  CAF_CHECK(!final_at("2026-08-12T07:11:59Z"));
  CAF_CHECK(final_at("2026-08-12T07:12:00Z"));
}

CAF_TEST(a daily bar of another day is final after midnight there) {
  auto final_at = [](std::string_view now) {
    return read(sydney(one_bar("1786406400")), cba(now)).bars.at(0).is_final;
  };
  CAF_CHECK(!final_at("2026-08-11T13:59:59Z"));
  CAF_CHECK(final_at("2026-08-11T14:00:00Z"));
}

CAF_TEST(an intraday bar is final after its minutes) {
  auto body = replaced(sydney(columns("[1786500000,1786506000,1786514400]",
                                      "[1,1,1]", "[1,1,1]", "[1,1,1]",
                                      "[1,1,1]", "[1,1,1]")),
                       "\"1d\"", "\"30m\"");
  auto to = cba("2026-08-12T04:00:00Z"); // 1786507200
  to.interval = bar_interval::m30;
  auto chart = read(body, to);
  CAF_REQUIRE_EQUAL(chart.bars.size(), 3u);
  CAF_CHECK(chart.bars[0].is_final);
  CAF_CHECK(!chart.bars[1].is_final);
  CAF_CHECK(!chart.bars[2].is_final);
  // The last bar of the session ends with it, 12 minutes after its start.
  body = replaced(body, "\"regularMarketTime\":1786507200",
                  "\"regularMarketTime\":1786515120");
  to.now = at("2026-08-12T06:12:00Z");
  CAF_CHECK(read(body, to).bars.at(2).is_final);
}

CAF_TEST(days follow daylight saving) {
  // 2025-01-02 10:00 AEDT and 2025-07-01 10:00 AEST.
  auto chart = read(sydney(columns("[1735772400,1751328000]", "[1,1]", "[1,1]",
                                   "[1,1]", "[1,1]", "[1,1]")));
  CAF_CHECK_EQUAL(to_string(chart.bars.at(0).day), "2025-01-02");
  CAF_CHECK_EQUAL(to_string(chart.bars.at(1).day), "2025-07-01");
  auto unknown = read(replaced(sydney(one_bar("1786406400")),
                               "Australia/Sydney", "Mars/Olympus"));
  CAF_CHECK(has(unknown, chart_problem::unknown_zone));
  CAF_CHECK_EQUAL(to_string(unknown.bars.at(0).day), "2026-08-11");
}

/// Bars in any order: a day, a week or a month later or earlier, over the ends
/// of months and leap years.
CAF_TEST(days are those of the calendar whatever day came before) {
  constexpr std::size_t bars = 5'000;
  splitmix random{11};
  auto times = std::string{"["}, values = std::string{"["};
  std::int64_t day = 10'957; // 2000-01-01
  for (std::size_t i = 0; i < bars; ++i) {
    auto step = 1 + static_cast<std::int64_t>(random.below(i % 3 == 0 ? 40 : 9));
    day += random.below(4) == 0 ? -step : step;
    auto separator = i + 1 < bars ? "," : "]";
    times += std::to_string(day * 86'400 + 3'600) + separator;
    values += std::string{"1"} + separator;
  }
  auto chart = read(sydney(columns(times, values, values, values, values,
                                   values)),
                    cba("2150-01-01T00:00:00Z"));
  CAF_CHECK(has(chart, chart_problem::unordered_time));
  CAF_CHECK(chart.bars.size() > bars / 2);
  // An hour after midnight UTC is the same day in Sydney, summer or winter.
  auto wrong = std::count_if(chart.bars.begin(), chart.bars.end(),
                             [](const feed_bar& x) {
                               return x.day
                                      != trading_date{
                                        std::chrono::floor<std::chrono::days>(
                                          x.at)};
                             });
  CAF_CHECK_EQUAL(wrong, 0);
}

CAF_TEST(minor units are divided) {
  auto body = replaced(sydney(one_bar("1786406400")
                              + R"(,"events":{"dividends":{"1":{"amount":50,)"
                                R"("date":1786406400}}})"),
                       "\"AUD\"", "\"GBp\"");
  auto to = cba();
  to.currency = "GBP";
  auto chart = read(body, to);
  CAF_CHECK(chart.status == feed_status::ok);
  CAF_CHECK(has(chart, chart_problem::minor_unit));
  CAF_CHECK_EQUAL(chart.meta.currency, "GBP");
  CAF_CHECK_EQUAL(chart.meta.unit_divisor, 100.0);
  CAF_CHECK_EQUAL(chart.bars.at(0).values.close, 0.0175);
  CAF_CHECK_EQUAL(chart.bars.at(0).values.volume, 100.0);
  CAF_CHECK_EQUAL(chart.dividends.at(0).amount, 0.5);
  CAF_CHECK_EQUAL(unit_of_currency("ZAc").code, "ZAR");
  CAF_CHECK_EQUAL(unit_of_currency("ILA").code, "ILS");
  CAF_CHECK_EQUAL(unit_of_currency("USD").divisor, 1.0);
  CAF_CHECK_EQUAL(currency_of_symbol("CBA.AX"), "AUD");
  CAF_CHECK_EQUAL(currency_of_symbol("^AXJO"), "AUD");
  CAF_CHECK_EQUAL(currency_of_symbol("AAPL"), "");
}

CAF_TEST(another symbol or interval or currency is unexpected) {
  auto body = sydney(one_bar("1786406400"));
  auto as = [&](auto change) {
    auto to = cba();
    change(to);
    return read(body, to);
  };
  auto symbol = as([](auto& to) { to.symbol = "NAB.AX"; });
  CAF_CHECK(symbol.status == feed_status::unexpected);
  CAF_CHECK(symbol.bars.empty());
  CAF_CHECK_EQUAL(symbol.text, "symbol is \"CBA.AX\", not NAB.AX");
  CAF_CHECK(as([](auto& to) { to.currency = "USD"; }).status
            == feed_status::unexpected);
  CAF_CHECK(as([](auto& to) { to.interval = bar_interval::m30; }).status
            == feed_status::unexpected);
  CAF_CHECK(read(replaced(body, "\"1d\"", "\"3mo\"")).status
            == feed_status::unexpected);
  CAF_CHECK(as([](auto& to) { to.symbol = "cba.ax"; }).status
            == feed_status::ok);
}

CAF_TEST(dividends and splits) {
  auto chart = read(sydney(
    one_bar("1786406400")
    + R"(,"events":{"dividends":{"2":{"amount":2.5,"date":1786406400},)"
      R"("1":{"amount":2.15,"date":1708470000},"3":{"amount":-1,"date":1},)"
      R"("4":{"amount":1},"5":{"amount":"x","date":1786406400}},)"
      R"("splits":{"1598880600":{"date":1598880600,"numerator":4,)"
      R"("denominator":1,"splitRatio":"4:1"},)"
      R"("2":{"date":1598880600,"numerator":4,"denominator":0}}})"));
  CAF_REQUIRE_EQUAL(chart.dividends.size(), 2u);
  CAF_CHECK_EQUAL(chart.dividends[0].amount, 2.15);
  CAF_CHECK(chart.dividends[1].at == at("2026-08-11T00:00:00Z"));
  CAF_REQUIRE_EQUAL(chart.splits.size(), 1u);
  CAF_CHECK_EQUAL(chart.splits[0].numerator, 4.0);
  CAF_CHECK(has(chart, chart_problem::bad_event));
}

CAF_TEST(only the first result counts) {
  auto body = sydney(one_bar("1786406400"));
  auto result = body.substr(20, body.size() - 20 - 16);
  auto chart = read("{\"chart\":{\"result\":[" + result + ',' + result
                    + "],\"error\":null}}");
  CAF_CHECK(chart.status == feed_status::ok);
  CAF_CHECK_EQUAL(chart.bars.size(), 1u);
  CAF_CHECK(has(chart, chart_problem::several_results));
}

CAF_TEST(each kind of error has its class) {
  auto status = [](int http, std::string body) {
    return read(body, cba(), http).status;
  };
  CAF_CHECK(status(429, "Edge: Too Many Requests")
            == feed_status::rate_limited);
  CAF_CHECK(status(200, "Edge: Too Many Requests")
            == feed_status::rate_limited);
  CAF_CHECK(status(404, error_body("Not Found")) == feed_status::not_found);
  CAF_CHECK(status(200, error_body("Not Found")) == feed_status::not_found);
  CAF_CHECK(status(404, "{}") == feed_status::not_found);
  CAF_CHECK(status(422, error_body("Unprocessable Entity"))
            == feed_status::bad_request);
  CAF_CHECK(status(400, error_body("Bad Request"))
            == feed_status::bad_request);
  CAF_CHECK(status(401, error_body("Unauthorized"))
            == feed_status::unauthorized);
  CAF_CHECK(status(200, error_body("Too Many Requests"))
            == feed_status::rate_limited);
  CAF_CHECK(status(500, error_body("internal-error"))
            == feed_status::unavailable);
  CAF_CHECK(status(503, "<html>") == feed_status::unavailable);
  CAF_CHECK(status(400, error_body("A New One")) == feed_status::bad_request);
  CAF_CHECK(status(200, error_body("A New One")) == feed_status::malformed);
  CAF_CHECK(status(302, "") == feed_status::malformed);
  CAF_CHECK(status(200, R"({"chart":{"result":[],"error":null}})")
            == feed_status::no_data);
  CAF_CHECK(status(200, R"({"chart":{"result":null,"error":null}})")
            == feed_status::no_data);
  CAF_CHECK_EQUAL(read(error_body("Not Found"), cba(), 404).text,
                  "Not Found: said so");
  CAF_CHECK(is_passing(feed_status::rate_limited)
            && !is_passing(feed_status::not_found));
}

CAF_TEST(what is no chart is malformed) {
  auto whole = sydney(one_bar("1786406400"));
  for (std::size_t length = 0; length < whole.size(); ++length)
    if (auto cut = read(whole.substr(0, length));
        cut.status != feed_status::malformed || !cut.bars.empty())
      CAF_FAIL("cut at " << length);
  for (auto bad : {"", "null", "[]", "{}", "{\"somethingWeird\":true}",
                   "<html><body>consent</body></html>", "\xff\xfe", "7"})
    CAF_CHECK(read(bad).status == feed_status::malformed);
  CAF_CHECK_EQUAL(read("<html>").text.substr(0, 14), "HTML, not JSON");
  CAF_CHECK(read(whole + " \n").status == feed_status::ok);
  CAF_CHECK(read("\xef\xbb\xbf" + whole).status == feed_status::ok);
  CAF_CHECK(read(whole + "{}").status == feed_status::malformed);
  CAF_CHECK(read(std::string(100'000, '[')).status == feed_status::malformed);
}

CAF_TEST(sizes have limits) {
  std::string times = "[0";
  for (std::size_t i = 0; i < yahoo_bars_max; ++i)
    times += ",0";
  CAF_CHECK(read(sydney(columns(times + ']', "[]", "[]", "[]", "[]", "[]")))
              .status
            == feed_status::malformed);
  CAF_CHECK(read(std::string(yahoo_bytes_max + 1, ' ')).status
            == feed_status::malformed);
}
