#define CAF_SUITE calendar
#include "models/market/calendar.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace std::chrono;

namespace {

timestamp at(const char* text) {
  auto t = parse_rfc3339(text);
  CAF_REQUIRE(t.has_value());
  return *t;
}

struct fixture {
  exchange_calendar calendar;

  const session& on(trading_date date) {
    auto found = calendar.session_on(date);
    CAF_REQUIRE(found != nullptr);
    return *found;
  }

  /// "opens closes auction" in UTC.
  std::string hours_of(trading_date date) {
    const auto& s = on(date);
    return to_rfc3339(s.opens_at) + ' '
           + to_rfc3339(s.closes_at).substr(11, 5) + ' '
           + to_rfc3339(s.auction_ends_at).substr(11, 5);
  }

  std::string date_of(const session* s) {
    return s ? to_string(s->date) : "none";
  }

  exchange_calendar fixed(int opens, int closes) {
    auto made = exchange_calendar::with_utc_hours(
      {minutes{opens}, minutes{closes}});
    CAF_REQUIRE(std::holds_alternative<exchange_calendar>(made));
    return std::get<exchange_calendar>(made);
  }

  std::int64_t open_minutes(const char* from, const char* to) {
    auto result = calendar.open_minutes_between(at(from), at(to));
    CAF_REQUIRE(result.has_value());
    return result->count();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(calendar_tests, fixture)

// -- hours --------------------------------------------------------------------

CAF_TEST(the opening follows daylight saving) {
  CAF_CHECK_EQUAL(hours_of(2025y / 7 / 1), "2025-07-01T00:00:00Z 06:00 06:10");
  CAF_CHECK_EQUAL(hours_of(2025y / 1 / 2), "2025-01-01T23:00:00Z 05:00 05:10");
  // The Fridays before and the Mondays after the changes of 2025.
  CAF_CHECK_EQUAL(hours_of(2025y / 4 / 4), "2025-04-03T23:00:00Z 05:00 05:10");
  CAF_CHECK_EQUAL(hours_of(2025y / 4 / 7), "2025-04-07T00:00:00Z 06:00 06:10");
  CAF_CHECK_EQUAL(hours_of(2025y / 10 / 3), "2025-10-03T00:00:00Z 06:00 06:10");
  CAF_CHECK_EQUAL(hours_of(2025y / 10 / 6), "2025-10-05T23:00:00Z 05:00 05:10");
}

CAF_TEST(half days close at the time of their era) {
  CAF_CHECK_EQUAL(hours_of(2000y / 4 / 20), "2000-04-20T00:00:00Z 03:00 03:05");
  CAF_CHECK_EQUAL(hours_of(2001y / 12 / 31),
                  "2001-12-30T23:00:00Z 02:00 02:05");
  CAF_CHECK_EQUAL(hours_of(2004y / 1 / 2), "2004-01-01T23:00:00Z 03:00 03:05");
  CAF_CHECK_EQUAL(hours_of(2005y / 3 / 24), "2005-03-23T23:00:00Z 03:00 03:05");
  CAF_CHECK_EQUAL(hours_of(2008y / 3 / 20), "2008-03-19T23:00:00Z 03:00 03:10");
  CAF_CHECK_EQUAL(hours_of(2016y / 12 / 23),
                  "2016-12-22T23:00:00Z 03:00 03:10");
  CAF_CHECK_EQUAL(hours_of(2025y / 12 / 31),
                  "2025-12-30T23:00:00Z 03:00 03:10");
  CAF_CHECK(on(2025y / 12 / 31).half_day);
  CAF_CHECK(!on(2022y / 12 / 23).half_day);
  CAF_CHECK_EQUAL(hours_of(2022y / 12 / 23),
                  "2022-12-22T23:00:00Z 05:00 05:10");
}

CAF_TEST(the closing auction ends as it did at the time) {
  CAF_CHECK_EQUAL(hours_of(1997y / 1 / 2), "1997-01-01T23:00:00Z 05:00 05:00");
  CAF_CHECK_EQUAL(hours_of(1999y / 7 / 1), "1999-07-01T00:00:00Z 06:00 06:05");
  CAF_CHECK_EQUAL(hours_of(2002y / 7 / 30), "2002-07-30T00:00:00Z 06:00 06:05");
  // The last session of a month, here because Sunday follows the 31st.
  CAF_CHECK_EQUAL(hours_of(2002y / 8 / 30), "2002-08-30T00:00:00Z 06:00 06:10");
  CAF_CHECK_EQUAL(hours_of(2006y / 7 / 3), "2006-07-03T00:00:00Z 06:00 06:10");
}

CAF_TEST(each symbol opens with its group) {
  const auto& before = on(2025y / 6 / 20);
  CAF_CHECK(calendar.opening_of(before, "CBA.AX")
            == before.opens_at + seconds{135});
  const auto& after = on(2025y / 6 / 23);
  CAF_CHECK(calendar.opening_of(after, "CBA.AX") == after.opens_at);
}

CAF_TEST(all sessions are in order and apart) {
  auto rows = calendar.sessions();
  CAF_REQUIRE(rows.size() > 8000);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& s = rows[i];
    if (!(s.opens_at < s.closes_at && s.closes_at <= s.auction_ends_at))
      CAF_ERROR("hours out of order on " << to_string(s.date));
    if (i > 0 && !(rows[i - 1].auction_ends_at < s.opens_at))
      CAF_ERROR("overlaps its predecessor: " << to_string(s.date));
    if (exchange_calendar::trading_date_of(s.opens_at) != s.date)
      CAF_ERROR("opens on another day: " << to_string(s.date));
  }
  CAF_CHECK(rows.front().date == 1997y / 1 / 2);
  CAF_CHECK(rows.back().date == 2030y / 12 / 31);
}

// -- days ---------------------------------------------------------------------

CAF_TEST(closed days say why) {
  CAF_CHECK_EQUAL(calendar.reason_closed(2025y / 7 / 1), "");
  CAF_CHECK_EQUAL(calendar.reason_closed(2025y / 7 / 5), "weekend");
  CAF_CHECK_EQUAL(calendar.reason_closed(2025y / 4 / 18), "Good Friday");
  CAF_CHECK_EQUAL(calendar.reason_closed(2031y / 1 / 2),
                  "unknown: the calendar covers 1997-2030");
  CAF_CHECK(!calendar.is_trading_day(2025y / 4 / 18));
  CAF_CHECK(calendar.is_trading_day(2025y / 4 / 17));
}

CAF_TEST(state holidays are trading days) {
  // Canberra Day, the NSW bank holiday, Labour Day, the Melbourne Cup.
  for (auto date : {2011y / 3 / 14, 2011y / 8 / 1, 2011y / 10 / 3,
                    2011y / 11 / 1, 2025y / 11 / 4})
    CAF_CHECK(calendar.is_trading_day(date));
}

CAF_TEST(days outside are never answered) {
  for (auto date : {1996y / 12 / 31, 2031y / 1 / 1, 2031y / 1 / 2,
                    2025y / 2 / 30}) {
    CAF_CHECK(!exchange_calendar::covers(date));
    CAF_CHECK(calendar.session_on(date) == nullptr);
    CAF_CHECK(!calendar.is_trading_day(date));
    CAF_CHECK(!calendar.session_index(date));
    CAF_CHECK(!calendar.sessions_between(date, 2025y / 7 / 1));
    CAF_CHECK(!calendar.sessions_between(2025y / 7 / 1, date));
  }
  CAF_CHECK(calendar.sessions(1996y).empty());
  CAF_CHECK(calendar.sessions(2031y).empty());
  CAF_CHECK(calendar.holidays(2031y).empty());
}

CAF_TEST(instants outside are never answered) {
  // Sydney's new year 1997 and 2031, less and plus a microsecond.
  auto before = at("1996-12-31T13:00:00Z") - micros{1};
  auto after = at("2030-12-31T13:00:00Z");
  for (auto t : {before, after, timestamp::min(), timestamp::max()}) {
    CAF_CHECK(!exchange_calendar::trading_date_of(t));
    CAF_CHECK(calendar.session_at(t) == nullptr);
    CAF_CHECK(calendar.next_session_after(t) == nullptr);
    CAF_CHECK(calendar.previous_session_before(t) == nullptr);
    CAF_CHECK(!calendar.open_minutes_between(t, at("2025-07-01T00:00:00Z")));
    CAF_CHECK(!calendar.open_minutes_between(at("2025-07-01T00:00:00Z"), t));
  }
  CAF_CHECK(exchange_calendar::trading_date_of(before + micros{1})
            == 1997y / 1 / 1);
  CAF_CHECK(exchange_calendar::trading_date_of(after - micros{1})
            == 2030y / 12 / 31);
}

CAF_TEST(the trading date is the day in sydney) {
  CAF_CHECK(exchange_calendar::trading_date_of(at("2025-01-01T23:00:00Z"))
            == 2025y / 1 / 2);
  CAF_CHECK(exchange_calendar::trading_date_of(at("2025-07-01T13:59:59Z"))
            == 2025y / 7 / 1);
  CAF_CHECK(exchange_calendar::trading_date_of(at("2025-07-01T14:00:00Z"))
            == 2025y / 7 / 2);
}

// -- instants -----------------------------------------------------------------

CAF_TEST(a session holds its opening and the auction end) {
  const auto& s = on(2025y / 7 / 1);
  CAF_CHECK(calendar.session_at(s.opens_at) == &s);
  CAF_CHECK(calendar.session_at(s.closes_at) == &s);
  CAF_CHECK(calendar.session_at(s.auction_ends_at) == &s);
  CAF_CHECK(calendar.session_at(s.opens_at - micros{1}) == nullptr);
  CAF_CHECK(calendar.session_at(s.auction_ends_at + micros{1}) == nullptr);
}

CAF_TEST(neighbours of an instant over easter) {
  auto saturday = at("2025-04-19T02:00:00Z");
  CAF_CHECK(calendar.session_at(saturday) == nullptr);
  CAF_CHECK_EQUAL(date_of(calendar.previous_session_before(saturday)),
                  "2025-04-17");
  CAF_CHECK_EQUAL(date_of(calendar.next_session_after(saturday)),
                  "2025-04-22");
}

CAF_TEST(neighbours of an instant inside and at the borders of a session) {
  const auto& s = on(2025y / 7 / 2);
  for (auto t : {s.opens_at, s.opens_at + hours{1}, s.auction_ends_at}) {
    CAF_CHECK_EQUAL(date_of(calendar.previous_session_before(t)), "2025-07-01");
    CAF_CHECK_EQUAL(date_of(calendar.next_session_after(t)), "2025-07-03");
  }
  CAF_CHECK(calendar.next_session_after(s.opens_at - micros{1}) == &s);
  CAF_CHECK(calendar.previous_session_before(s.auction_ends_at + micros{1})
            == &s);
}

CAF_TEST(the first and the last session have one neighbour) {
  const auto& first = calendar.sessions().front();
  const auto& last = calendar.sessions().back();
  CAF_CHECK(calendar.previous_session_before(first.opens_at) == nullptr);
  CAF_CHECK(calendar.next_session_after(last.opens_at) == nullptr);
  // Sydney's 1 January 1997 is known and closed.
  CAF_CHECK(calendar.next_session_after(at("1996-12-31T13:00:00Z")) == &first);
}

// -- counting -----------------------------------------------------------------

CAF_TEST(sessions are counted over weekends and holidays) {
  auto thursday = calendar.session_index(2025y / 4 / 17);
  auto tuesday = calendar.session_index(2025y / 4 / 22);
  CAF_REQUIRE(thursday && tuesday);
  CAF_CHECK_EQUAL(*tuesday - *thursday, 1u);
  CAF_CHECK(!calendar.session_index(2025y / 4 / 18));
  CAF_CHECK(calendar.session_index(1997y / 1 / 2) == 0u);
  CAF_CHECK(&calendar.sessions()[*tuesday] == &on(2025y / 4 / 22));
}

CAF_TEST(sessions between two days include both) {
  auto week = calendar.sessions_between(2025y / 4 / 14, 2025y / 4 / 22);
  CAF_REQUIRE(week.has_value());
  CAF_CHECK_EQUAL(week->size(), 5u);
  CAF_CHECK(week->front().date == 2025y / 4 / 14);
  CAF_CHECK(week->back().date == 2025y / 4 / 22);
  auto none = calendar.sessions_between(2025y / 4 / 18, 2025y / 4 / 21);
  CAF_REQUIRE(none.has_value());
  CAF_CHECK(none->empty());
  auto reversed = calendar.sessions_between(2025y / 4 / 22, 2025y / 4 / 14);
  CAF_REQUIRE(reversed.has_value());
  CAF_CHECK(reversed->empty());
}

CAF_TEST(a year sessions and holidays make all its weekdays) {
  for (int y = 1997; y <= 2030; ++y) {
    std::size_t weekdays = 0;
    for (sys_days day{year{y} / 1 / 1}; day <= sys_days{year{y} / 12 / 31};
         day += days{1})
      if (weekday{day} != Saturday && weekday{day} != Sunday)
        ++weekdays;
    CAF_CHECK_EQUAL(calendar.sessions(year{y}).size()
                      + calendar.holidays(year{y}).size(),
                    weekdays);
  }
}

CAF_TEST(open minutes skip nights weekends and holidays) {
  // Within a session, a whole one, over a night.
  CAF_CHECK_EQUAL(open_minutes("2025-07-01T01:00:00Z", "2025-07-01T01:30:59Z"),
                  30);
  CAF_CHECK_EQUAL(open_minutes("2025-06-30T12:00:00Z", "2025-07-01T12:00:00Z"),
                  360);
  CAF_CHECK_EQUAL(open_minutes("2025-07-01T05:00:00Z", "2025-07-02T01:00:00Z"),
                  120);
  // The closing auction is no continuous trading.
  CAF_CHECK_EQUAL(open_minutes("2025-07-01T06:00:00Z", "2025-07-02T00:00:00Z"),
                  0);
  // Friday 15:00 to Monday 11:00.
  CAF_CHECK_EQUAL(open_minutes("2025-07-04T05:00:00Z", "2025-07-07T01:00:00Z"),
                  120);
  // Easter: Thursday 15:00 to Tuesday 11:00.
  CAF_CHECK_EQUAL(open_minutes("2025-04-17T05:00:00Z", "2025-04-22T01:00:00Z"),
                  120);
  // The half-day before Christmas and the day after Boxing Day.
  CAF_CHECK_EQUAL(open_minutes("2025-12-23T12:00:00Z", "2025-12-29T12:00:00Z"),
                  240 + 360);
  // Saturday to Sunday.
  CAF_CHECK_EQUAL(open_minutes("2025-07-05T00:00:00Z", "2025-07-06T00:00:00Z"),
                  0);
}

CAF_TEST(open minutes before a session are those of all sessions before) {
  minutes sum{0};
  for (const auto& x : calendar.sessions()) {
    CAF_CHECK(calendar.open_minutes_before(x.date) == sum);
    sum += duration_cast<minutes>(x.closes_at - x.opens_at);
  }
  auto easter = calendar.open_minutes_before(year{2024} / April / 2);
  auto before = calendar.open_minutes_before(year{2024} / March / 28);
  CAF_CHECK(*easter - *before == minutes{360});
  CAF_CHECK(!calendar.open_minutes_before(year{2024} / March / 29));
  CAF_CHECK(!calendar.open_minutes_before(year{2031} / January / 6));
}

CAF_TEST(no minutes pass backwards) {
  CAF_CHECK_EQUAL(open_minutes("2025-07-01T02:00:00Z", "2025-07-01T02:00:00Z"),
                  0);
  CAF_CHECK_EQUAL(open_minutes("2025-07-03T02:00:00Z", "2025-07-01T02:00:00Z"),
                  0);
}

// -- fixed hours --------------------------------------------------------------

CAF_TEST(fixed hours ignore daylight saving groups and half days) {
  auto other = fixed(0, 6 * 60);
  CAF_CHECK_EQUAL(other.sessions().size(), calendar.sessions().size());
  for (auto date : {2025y / 1 / 2, 2025y / 7 / 1, 2025y / 12 / 24}) {
    auto s = other.session_on(date);
    CAF_REQUIRE(s != nullptr);
    CAF_CHECK(s->opens_at == sys_days{date});
    CAF_CHECK(s->closes_at == sys_days{date} + hours{6});
    CAF_CHECK(s->auction_ends_at == s->closes_at);
    CAF_CHECK(!s->half_day);
    CAF_CHECK(other.opening_of(*s, "WBC.AX") == s->opens_at);
  }
  CAF_CHECK(other.session_on(2025y / 4 / 18) == nullptr);
  CAF_CHECK_EQUAL(other.reason_closed(2025y / 4 / 18), "Good Friday");
}

CAF_TEST(fixed hours over midnight belong to sydney day) {
  auto other = fixed(23 * 60, 5 * 60);
  auto s = other.session_on(2025y / 7 / 1);
  CAF_REQUIRE(s != nullptr);
  CAF_CHECK_EQUAL(to_rfc3339(s->opens_at), "2025-06-30T23:00:00Z");
  CAF_CHECK_EQUAL(to_rfc3339(s->closes_at), "2025-07-01T05:00:00Z");
}

CAF_TEST(impossible fixed hours are refused with a reason) {
  auto refusal = [](int opens, int closes) {
    auto made = exchange_calendar::with_utc_hours(
      {minutes{opens}, minutes{closes}});
    auto text = std::get_if<std::string>(&made);
    return text ? *text : std::string{};
  };
  CAF_CHECK_EQUAL(refusal(-1, 60),
                  "market_hours_start_utc is minute -1 of the day, it must be "
                  "from 0 to 1439 (00:00 to 23:59)");
  CAF_CHECK_EQUAL(refusal(60, 1440),
                  "market_hours_end_utc is minute 1440 of the day, it must be "
                  "from 0 to 1439 (00:00 to 23:59)");
  CAF_CHECK(refusal(60, 60).find("never be open") != std::string::npos);
}

CAF_TEST(copies share one table) {
  auto copy = calendar;
  CAF_CHECK(copy.sessions().data() == calendar.sessions().data());
}

CAF_TEST_FIXTURE_SCOPE_END()
