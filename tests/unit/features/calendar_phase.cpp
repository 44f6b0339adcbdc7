#define CAF_SUITE calendar_phase
#include "models/features/calendar_phase.hpp"

#include "caf/test/unit_test.hpp"

#include <string>

using namespace banksia;

namespace {

const exchange_calendar& calendar() {
  static const exchange_calendar x;
  return x;
}

calendar_phase at(const std::string& text) {
  auto t = parse_rfc3339(text);
  CAF_REQUIRE(t.has_value());
  auto x = phase_at(calendar(), *t);
  CAF_REQUIRE(x.has_value());
  return *x;
}

/// "MOC": market hours, opening hour, closing hour, where they hold.
std::string hours(const calendar_phase& x) {
  return std::string{x.market_hours ? "M" : ""} + (x.opening_hour ? "O" : "")
         + (x.closing_hour ? "C" : "");
}

} // namespace

CAF_TEST(hours follow the session in summer and winter) {
  // 10:00 in Sydney is 23:00 UTC of the day before in summer.
  CAF_CHECK_EQUAL(hours(at("2025-01-07T22:59:59Z")), "");
  CAF_CHECK_EQUAL(hours(at("2025-01-07T23:00:00Z")), "MO");
  CAF_CHECK_EQUAL(hours(at("2025-01-07T23:59:59Z")), "MO");
  CAF_CHECK_EQUAL(hours(at("2025-01-08T00:00:00Z")), "M");
  CAF_CHECK_EQUAL(hours(at("2025-01-08T03:59:59Z")), "M");
  CAF_CHECK_EQUAL(hours(at("2025-01-08T04:00:00Z")), "MC");
  CAF_CHECK_EQUAL(hours(at("2025-01-08T04:59:59Z")), "MC");
  CAF_CHECK_EQUAL(hours(at("2025-01-08T05:00:00Z")), "");
  CAF_CHECK_EQUAL(hours(at("2025-07-08T00:00:00Z")), "MO");
  CAF_CHECK_EQUAL(hours(at("2025-07-08T06:00:00Z")), "");
}

CAF_TEST(a half day closes earlier) {
  // 14:00 in Sydney on Christmas Eve.
  CAF_CHECK_EQUAL(hours(at("2024-12-24T01:59:59Z")), "M");
  CAF_CHECK_EQUAL(hours(at("2024-12-24T02:00:00Z")), "MC");
  CAF_CHECK_EQUAL(hours(at("2024-12-24T03:00:00Z")), "");
}

CAF_TEST(the day is that of the session in sydney) {
  auto monday = at("2025-01-12T23:00:00Z"); // Sunday in UTC
  CAF_CHECK(monday.monday && !monday.friday);
  auto friday = at("2025-01-17T05:10:00Z"); // the closing auction
  CAF_CHECK(friday.friday && !friday.monday);
  CAF_CHECK(at("2025-01-18T12:00:00Z").friday); // on Saturday it was the last
  auto tuesday = at("2025-01-14T02:00:00Z");
  CAF_CHECK(!tuesday.monday && !tuesday.friday);
}

CAF_TEST(the last five sessions of a month are its end) {
  // Easter 2024: Good Friday 29 March, Monday 1 April.
  CAF_CHECK(!at("2024-03-21T02:00:00Z").month_end);
  for (auto day : {"22", "25", "26", "27", "28"}) {
    auto x = at("2024-03-" + std::string{day} + "T02:00:00Z");
    CAF_CHECK(x.month_end && x.quarter_end);
  }
  CAF_CHECK(!at("2024-04-02T02:00:00Z").month_end);
  auto april = at("2024-04-30T02:00:00Z");
  CAF_CHECK(april.month_end && !april.quarter_end);
}

CAF_TEST(each month has five last sessions and each year four quarters) {
  int months = 0, quarters = 0;
  for (const auto& x : calendar().sessions(std::chrono::year{2023})) {
    auto phase = phase_at(calendar(), x.opens_at);
    CAF_REQUIRE(phase.has_value());
    months += phase->month_end;
    quarters += phase->quarter_end;
  }
  CAF_CHECK_EQUAL(months, 12 * month_end_sessions);
  CAF_CHECK_EQUAL(quarters, 4 * month_end_sessions);
}

CAF_TEST(the calendars last session ends a month and a quarter) {
  auto last = calendar().sessions().back();
  auto x = phase_at(calendar(), last.opens_at);
  CAF_CHECK(x && x->month_end && x->quarter_end);
}

CAF_TEST(outside of the calendar nothing is known) {
  CAF_CHECK(!phase_at(calendar(), *parse_rfc3339("1996-06-03T02:00:00Z")));
  CAF_CHECK(!phase_at(calendar(), *parse_rfc3339("2031-06-03T02:00:00Z")));
}
