#define CAF_SUITE yahoo_recorded
// Every recorded answer of Yahoo, value by value against a second reading: the
// tree of Boost.JSON, or the CSV files of the same days.
#include "models/market/yahoo_chart.hpp"

#include "tests/unit/market/feed_samples.hpp"
#include "tests/unit/market/recorded_days.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json.hpp>

#include <cmath>
#include <cstdlib>

using namespace banksia;
using namespace banksia::test;

namespace json = boost::json;

namespace {

/// Boost.JSON's own rounding may be a unit in the last place off.
bool close(double a, double b) {
  return a == b || std::nextafter(a, b) == b;
}

/// Compares with the tree; the number of bars compared.
std::size_t compare(const yahoo_chart& chart, const json::value& body) {
  const auto& result = body.at("chart").at("result").at(0).as_object();
  const auto& meta = result.at("meta").as_object();
  CAF_CHECK_EQUAL(chart.meta.symbol, meta.at("symbol").as_string().c_str());
  CAF_CHECK_EQUAL(chart.meta.currency, meta.at("currency").as_string().c_str());
  CAF_CHECK_EQUAL(chart.meta.time_zone,
                  meta.at("exchangeTimezoneName").as_string().c_str());
  CAF_CHECK_EQUAL(chart.meta.utc_offset.count(),
                  meta.at("gmtoffset").as_int64());
  CAF_CHECK_EQUAL(to_micros(*chart.meta.market_time),
                  meta.at("regularMarketTime").as_int64() * 1'000'000);
  if (const auto* period = meta.if_contains("currentTradingPeriod"))
    CAF_CHECK_EQUAL(to_micros(*chart.meta.session_end),
                    period->at("regular").at("end").as_int64() * 1'000'000);
  const auto* times = result.if_contains("timestamp");
  if (times == nullptr)
    return 0;
  const auto& quote = result.at("indicators").at("quote").at(0).as_object();
  CAF_REQUIRE_EQUAL(chart.bars.size(), times->as_array().size());
  for (std::size_t i = 0; i < chart.bars.size(); ++i) {
    const auto& bar = chart.bars[i];
    auto value = [&](const char* name) {
      return quote.at(name).at(i).to_number<double>();
    };
    CAF_REQUIRE_EQUAL(to_micros(bar.at),
                      times->at(i).as_int64() * 1'000'000);
    CAF_REQUIRE(bar.problem == row_problem::none && bar.is_final);
    CAF_REQUIRE(close(bar.values.open, value("open"))
                && close(bar.values.high, value("high"))
                && close(bar.values.low, value("low"))
                && close(bar.values.close, value("close"))
                && bar.values.volume == value("volume"));
    CAF_REQUIRE(close(bar.adjusted_close.value(),
                      result.at("indicators").at("adjclose").at(0)
                        .at("adjclose").at(i).to_number<double>()));
  }
  const auto* events = result.if_contains("events");
  auto count = [&](const char* name) -> std::size_t {
    const auto* found = events ? events->as_object().if_contains(name)
                               : nullptr;
    return found ? found->as_object().size() : 0;
  };
  CAF_CHECK_EQUAL(chart.dividends.size(), count("dividends"));
  CAF_CHECK_EQUAL(chart.splits.size(), count("splits"));
  for (const auto& dividend : chart.dividends) {
    auto key = std::to_string(to_micros(dividend.at) / 1'000'000);
    CAF_CHECK(close(dividend.amount, events->at("dividends").at(key)
                                       .at("amount").to_number<double>()));
  }
  for (const auto& split : chart.splits) {
    auto key = std::to_string(to_micros(split.at) / 1'000'000);
    CAF_CHECK_EQUAL(split.numerator, events->at("splits").at(key)
                                       .at("numerator").to_number<double>());
  }
  return chart.bars.size();
}

feed_status expected_status(const std::string& name) {
  if (name.find("notimestamp") != name.npos)
    return feed_status::malformed;
  return name.find("2025-02-01-to-2025-02-02") != name.npos
           ? feed_status::no_data
           : feed_status::ok;
}

} // namespace

CAF_TEST(bodies) {
  auto folder = recorded("yahoo/chart/body");
  if (folder.empty())
    return;
  std::size_t files = 0, bars = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    auto name = entry.path().filename().string();
    auto body = whole_file(entry.path());
    auto chart = parse_yahoo_chart(200, body, long_after());
    if (chart.status != expected_status(name))
      CAF_FAIL(name << ": " << to_string(chart.status) << ' ' << chart.text);
    bars += compare(chart, json::parse(body));
    ++files;
  }
  CAF_CHECK_EQUAL(files, 22u);
  CAF_CHECK_EQUAL(bars, 578u);
}

CAF_TEST(recorded exchanges) {
  auto folder = recorded("yahoo/chart/recorded");
  if (folder.empty())
    return;
  std::size_t files = 0, bars = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    auto name = entry.path().filename().string();
    auto response = json::parse(whole_file(entry.path())).at("response");
    auto tree = response.at("bodyJson");
    auto body = json::serialize(tree);
    auto status = static_cast<int>(response.at("status").as_int64());
    auto chart = parse_yahoo_chart(status, body, long_after());
    if (chart.status != expected_status(name))
      CAF_FAIL(name << ": " << to_string(chart.status) << ' ' << chart.text);
    bars += compare(chart, json::parse(body));
    ++files;
  }
  CAF_CHECK_EQUAL(files, 22u);
  CAF_CHECK_EQUAL(bars, 578u);
}

CAF_TEST(seven symbols of the ASX equal their CSV files) {
  auto folder = recorded("yahoo/chart_constructed_asx");
  auto csv = recorded("market/asx_yfinance_2024-01_2025-06");
  if (folder.empty() || csv.empty())
    return;
  auto days = read_days(csv);
  std::size_t bars = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    auto symbol = entry.path().filename().string().substr(0, 6);
    auto expected = long_after();
    expected.symbol = symbol;
    expected.currency = "AUD";
    expected.interval = bar_interval::d1;
    auto chart = parse_yahoo_chart(200, whole_file(entry.path()), expected);
    CAF_REQUIRE(chart.status == feed_status::ok && chart.problems.empty());
    const std::map<trading_date, fields>* rows = nullptr;
    for (const auto& [name, of] : days)
      if (name.starts_with(symbol))
        rows = &of;
    CAF_REQUIRE(rows != nullptr);
    CAF_REQUIRE_EQUAL(rows->size(), chart.bars.size());
    for (const auto& bar : chart.bars) {
      const auto& row = rows->at(bar.day);
      auto number = [&](std::size_t i) {
        return std::strtod(row.at(i).c_str(), nullptr);
      };
      CAF_REQUIRE(
        bar.values
        == (bar_values{number(0), number(1), number(2), number(3), number(4)}));
      ++bars;
    }
    std::size_t dividends = 0;
    for (const auto& [day, row] : *rows)
      dividends += std::strtod(row.at(5).c_str(), nullptr) > 0.0 ? 1 : 0;
    CAF_CHECK_EQUAL(chart.dividends.size(), dividends);
  }
  CAF_CHECK_EQUAL(bars, 2639u);
}

CAF_TEST(a real meta block of the ASX without bars) {
  auto folder = recorded("yahoo/chart_transcribed");
  if (folder.empty())
    return;
  auto expected = long_after();
  expected.symbol = "CBA.AX";
  auto chart = parse_yahoo_chart(
    200, whole_file(folder / "CBA.AX_meta_only_2026-08-12.json"), expected);
  CAF_CHECK(chart.status == feed_status::no_data);
  CAF_CHECK_EQUAL(chart.meta.currency, "AUD");
  CAF_CHECK(chart.meta.session_start == at("2026-08-12T00:00:00Z"));
  CAF_CHECK(chart.meta.session_end == at("2026-08-12T06:12:00Z"));
  CAF_CHECK(chart.meta.market_time == at("2026-08-12T06:16:29Z"));
}

CAF_TEST(errors) {
  auto folder = recorded("yahoo/errors_transcribed");
  if (folder.empty())
    return;
  auto status = [&](int http, const char* name) {
    auto body = whole_file(folder / name);
    CAF_REQUIRE(!body.empty());
    return parse_yahoo_chart(http, body, long_after()).status;
  };
  CAF_CHECK(status(200, "200_chart_not_found.json") == feed_status::not_found);
  CAF_CHECK(status(404, "404_chart_not_found.json") == feed_status::not_found);
  CAF_CHECK(status(422, "422_chart_1m_range.json") == feed_status::bad_request);
  CAF_CHECK(status(429, "429_edge_too_many_requests.txt")
            == feed_status::rate_limited);
  folder = folder.parent_path() / "errors" / "body";
  CAF_CHECK(status(200, "200_quoteCombine-NONEXIST.json")
            == feed_status::malformed);
  CAF_CHECK(status(200, "200_weirdJsonResult.fake.json")
            == feed_status::malformed);
  CAF_CHECK(status(404, "404_pageWith404andJson.fake.json")
            == feed_status::not_found);
}
