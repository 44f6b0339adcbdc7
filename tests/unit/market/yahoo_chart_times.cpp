#define CAF_SUITE yahoo_chart_times
#include "tests/unit/market/chart_samples.hpp"

#include "runtime/resilience/splitmix.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

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
