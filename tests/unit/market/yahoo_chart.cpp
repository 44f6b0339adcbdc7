#define CAF_SUITE yahoo_chart
#include "tests/unit/market/chart_samples.hpp"

#include "runtime/resilience/splitmix.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

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
