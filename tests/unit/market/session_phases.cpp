#define CAF_SUITE session_phases
#include "models/market/session_phases.hpp"

#include "models/market/sydney.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace std::chrono;

CAF_TEST(symbols open in alphabetical groups until june 2025) {
  auto last = 2025y / 6 / 20;
  CAF_CHECK(opening_delay(last, "ANZ.AX") == seconds{0});
  CAF_CHECK(opening_delay(last, "BHP.AX") == seconds{0});
  CAF_CHECK(opening_delay(last, "3PL.AX") == seconds{0});
  CAF_CHECK(opening_delay(last, "CBA.AX") == seconds{135});
  CAF_CHECK(opening_delay(last, "FMG.AX") == seconds{135});
  CAF_CHECK(opening_delay(last, "GPT.AX") == seconds{270});
  CAF_CHECK(opening_delay(last, "MQG.AX") == seconds{270});
  CAF_CHECK(opening_delay(last, "NAB.AX") == seconds{405});
  CAF_CHECK(opening_delay(last, "RIO.AX") == seconds{405});
  CAF_CHECK(opening_delay(last, "SUN.AX") == seconds{540});
  CAF_CHECK(opening_delay(last, "ZIP.AX") == seconds{540});
}

CAF_TEST(case does not matter and an index follows the first group) {
  auto date = 2020y / 2 / 3;
  CAF_CHECK(opening_delay(date, "wbc.ax") == seconds{540});
  CAF_CHECK(opening_delay(date, "^AXJO") == seconds{0});
  CAF_CHECK(opening_delay(date, "") == seconds{0});
}

CAF_TEST(one auction opens every symbol since 23 june 2025) {
  for (auto symbol : {"ANZ.AX", "CBA.AX", "GPT.AX", "NAB.AX", "WBC.AX"}) {
    CAF_CHECK(opening_delay(2025y / 6 / 23, symbol) == seconds{0});
    CAF_CHECK(opening_delay(2026y / 1 / 2, symbol) == seconds{0});
  }
}

CAF_TEST(the closing auction grows with the years) {
  auto length = [](trading_date date, bool last_of_month, bool half = false) {
    return closing_auction_length(date, last_of_month, half).count();
  };
  CAF_CHECK_EQUAL(length(1997y / 2 / 7, false), 0);
  CAF_CHECK_EQUAL(length(1997y / 2 / 10, false), 5);
  CAF_CHECK_EQUAL(length(2001y / 10 / 31, true), 5);
  CAF_CHECK_EQUAL(length(2001y / 11 / 30, true), 10);
  CAF_CHECK_EQUAL(length(2001y / 6 / 29, true), 15);
  CAF_CHECK_EQUAL(length(2001y / 3 / 30, true), 15);
  CAF_CHECK_EQUAL(length(2005y / 6 / 20, false), 5);
  CAF_CHECK_EQUAL(length(2005y / 12 / 30, true, true), 5);
  CAF_CHECK_EQUAL(length(2006y / 1 / 3, false), 10);
  CAF_CHECK_EQUAL(length(2020y / 12 / 24, false, true), 10);
}

CAF_TEST(half days end at one o clock until 2001 and at two since) {
  CAF_CHECK_EQUAL(half_day_close(2000y / 4 / 20).count(), 13 * 60);
  CAF_CHECK_EQUAL(half_day_close(2001y / 12 / 31).count(), 13 * 60);
  CAF_CHECK_EQUAL(half_day_close(2003y / 12 / 24).count(), 14 * 60);
}

CAF_TEST(sydney clock follows the rules of each year) {
  auto opening = [](trading_date date) {
    return to_rfc3339(from_sydney(date, hours{10}));
  };
  CAF_CHECK_EQUAL(opening(2025y / 7 / 1), "2025-07-01T00:00:00Z");
  CAF_CHECK_EQUAL(opening(2025y / 1 / 2), "2025-01-01T23:00:00Z");
  // The Olympic year: daylight saving from 27 August instead of late October.
  CAF_CHECK_EQUAL(opening(2000y / 8 / 28), "2000-08-27T23:00:00Z");
  CAF_CHECK_EQUAL(opening(1999y / 8 / 30), "1999-08-30T00:00:00Z");
  // Commonwealth Games: a week longer in 2006. Since 2008 until April.
  CAF_CHECK_EQUAL(opening(2006y / 3 / 27), "2006-03-26T23:00:00Z");
  CAF_CHECK_EQUAL(opening(2007y / 3 / 26), "2007-03-26T00:00:00Z");
  CAF_CHECK_EQUAL(opening(2008y / 4 / 4), "2008-04-03T23:00:00Z");
  CAF_CHECK_EQUAL(opening(2008y / 4 / 7), "2008-04-07T00:00:00Z");
}

CAF_TEST(a doubled hour means its first and a skipped one the change) {
  CAF_CHECK_EQUAL(to_rfc3339(from_sydney(2025y / 4 / 6, minutes{150})),
                  "2025-04-05T15:30:00Z");
  CAF_CHECK_EQUAL(to_rfc3339(from_sydney(2025y / 10 / 5, minutes{150})),
                  "2025-10-04T16:00:00Z");
}

CAF_TEST(the day and the clock in sydney) {
  auto t = *parse_rfc3339("2025-01-01T12:59:59.999999Z");
  CAF_CHECK(sydney_date(t) == 2025y / 1 / 1);
  CAF_CHECK(sydney_date(t + micros{1}) == 2025y / 1 / 2);
  CAF_CHECK_EQUAL(sydney_offset(t).count(), 660);
  CAF_CHECK_EQUAL(sydney_clock(t + micros{1}), "00:00");
  CAF_CHECK_EQUAL(sydney_clock(*parse_rfc3339("2025-06-02T00:02:15Z")),
                  "10:02:15");
}
