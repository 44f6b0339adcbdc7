#define CAF_SUITE calendar_text
#include "models/market/calendar_text.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>

using namespace banksia;
using namespace std::chrono;

CAF_TEST(a year is described session by session) {
  exchange_calendar calendar;
  auto page = describe_year(calendar, 2025y);
  CAF_REQUIRE(page.has_value());
  CAF_CHECK_EQUAL(page->year, 2025);
  CAF_CHECK_EQUAL(page->sessions.size(), 253u);
  CAF_CHECK_EQUAL(page->holidays.size(), 8u);
  const auto& first = page->sessions.front();
  CAF_CHECK_EQUAL(first.date, "2025-01-02");
  CAF_CHECK_EQUAL(first.weekday, "Thu");
  CAF_CHECK_EQUAL(first.opens_sydney, "10:00");
  CAF_CHECK_EQUAL(first.closes_sydney, "16:00");
  CAF_CHECK_EQUAL(first.auction_sydney, "16:10");
  CAF_CHECK_EQUAL(first.opens_utc, "2025-01-01T23:00:00Z");
  CAF_CHECK_EQUAL(first.closes_utc, "2025-01-02T05:00:00Z");
  CAF_CHECK_EQUAL(first.auction_utc, "2025-01-02T05:10:00Z");
  CAF_CHECK(!first.half_day);
  CAF_CHECK_EQUAL(first.half_day_name, "");
  const auto& last = page->sessions.back();
  CAF_CHECK(last.half_day);
  CAF_CHECK_EQUAL(last.half_day_name, "New Year's Eve");
  CAF_CHECK_EQUAL(last.closes_sydney, "14:00");
  CAF_CHECK_EQUAL(page->holidays[1].date, "2025-01-27");
  CAF_CHECK_EQUAL(page->holidays[1].weekday, "Mon");
  CAF_CHECK_EQUAL(page->holidays[1].name, "Australia Day (substitute)");
}

CAF_TEST(a page is printed as lines) {
  exchange_calendar calendar;
  auto text = render(*describe_year(calendar, 2025y));
  auto has = [&](const char* line) {
    return text.find(line) != std::string::npos;
  };
  CAF_CHECK(has("ASX 2025: 253 sessions, 2 half-days, 8 holidays\n"));
  CAF_CHECK(has("\n2025-04-18  Fri  Good Friday\n"));
  CAF_CHECK(has("\n2025-07-01  Tue  10:00-16:00 (16:10)  "
                "00:00Z-06:00Z (06:10Z)\n"));
  CAF_CHECK(has("\n2025-12-24  Wed  10:00-14:00 (14:10)  "
                "23:00Z-03:00Z (03:10Z)  half-day: Christmas Eve\n"));
  // A heading, two titles, two blank lines and the rows.
  CAF_CHECK_EQUAL(std::count(text.begin(), text.end(), '\n'),
                  1 + 2 + 8 + 2 + 253);
}

CAF_TEST(fixed hours are described as they are) {
  auto made
    = exchange_calendar::with_utc_hours({minutes{0}, minutes{6 * 60}});
  auto page = describe_year(std::get<exchange_calendar>(made), 2025y);
  CAF_REQUIRE(page.has_value());
  CAF_CHECK_EQUAL(page->sessions.size(), 253u);
  CAF_CHECK_EQUAL(page->sessions.front().opens_sydney, "11:00");
  CAF_CHECK_EQUAL(page->sessions.back().half_day_name, "");
}

CAF_TEST(a year outside has no page) {
  exchange_calendar calendar;
  CAF_CHECK(!describe_year(calendar, 1996y));
  CAF_CHECK(!describe_year(calendar, 2031y));
}

CAF_TEST(weekdays have names) {
  CAF_CHECK_EQUAL(weekday_name(2025y / 6 / 29), "Sun");
  CAF_CHECK_EQUAL(weekday_name(2025y / 7 / 5), "Sat");
}
