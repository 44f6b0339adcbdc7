#pragma once

/// Yahoo's charts for tests, made of their parts. Include after CAF_SUITE.

#include "models/market/yahoo_chart.hpp"
#include "tests/unit/market/feed_samples.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace banksia::test {

/// A document of the ASX; the market's last quote is from 04:00 UTC on the
/// 12th of August 2026, the session from 00:00 to 06:12.
inline std::string sydney(std::string rest, std::string meta = {}) {
  return R"({"chart":{"result":[{"meta":{"currency":"AUD","symbol":"CBA.AX",)"
         R"("exchangeName":"ASX","instrumentType":"EQUITY",)"
         R"("regularMarketTime":1786507200,"gmtoffset":36000,)"
         R"("exchangeTimezoneName":"Australia/Sydney",)"
         R"("regularMarketPrice":172.72,"currentTradingPeriod":{"regular":)"
         R"({"start":1786492800,"end":1786515120,"gmtoffset":36000}},)"
         R"("dataGranularity":"1d")"
         + meta + "}," + rest + R"(}],"error":null}})";
}

inline std::string columns(std::string times, std::string open,
                           std::string high, std::string low,
                           std::string close, std::string volume) {
  return "\"timestamp\":" + times + R"(,"indicators":{"quote":[{"open":)"
         + open + ",\"high\":" + high + ",\"low\":" + low + ",\"close\":"
         + close + ",\"volume\":" + volume + "}]}";
}

inline std::string one_bar(std::string time) {
  return columns('[' + time + ']', "[1.5]", "[2]", "[1]", "[1.75]", "[100]");
}

inline feed_expectation cba(std::string_view now = "2030-01-01T00:00:00Z") {
  feed_expectation result;
  result.symbol = "CBA.AX";
  result.interval = bar_interval::d1;
  result.currency = "AUD";
  result.now = at(now);
  return result;
}

inline yahoo_chart read(std::string_view body,
                        const feed_expectation& to = cba(), int status = 200) {
  return parse_yahoo_chart(status, body, to);
}

inline bool has(const yahoo_chart& chart, chart_problem x) {
  return std::count(chart.problems.begin(), chart.problems.end(), x) == 1;
}

inline std::string error_body(std::string code) {
  return R"({"chart":{"result":null,"error":{"code":")" + code
         + R"(","description":"said so"}}})";
}

inline std::string replaced(std::string text, std::string_view what,
                            std::string_view by) {
  auto found = text.find(what);
  CAF_REQUIRE(found != std::string::npos);
  return text.replace(found, what.size(), by);
}

} // namespace banksia::test
