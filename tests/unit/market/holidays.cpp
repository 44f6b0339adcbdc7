#define CAF_SUITE holidays
#include "models/market/holidays.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <set>
#include <string>

using namespace banksia;
using namespace std::chrono;

namespace {

/// The name of the holiday at `date`, empty when there is none.
std::string name_of(trading_date date) {
  for (const auto& row : asx_holidays(date.year()))
    if (row.date == date)
      return std::string{row.name};
  return {};
}

std::string half_days_of(int y) {
  std::string text;
  for (const auto& row : asx_half_days(year{y}))
    text += to_string(row.date).substr(5) + ' ';
  return text;
}

} // namespace

CAF_TEST(easter sunday follows the moon) {
  // Earliest, latest and ordinary dates of the known years, from an almanac.
  CAF_CHECK(easter_sunday(2008y) == 2008y / 3 / 23);
  CAF_CHECK(easter_sunday(2011y) == 2011y / 4 / 24);
  CAF_CHECK(easter_sunday(1997y) == 1997y / 3 / 30);
  CAF_CHECK(easter_sunday(2000y) == 2000y / 4 / 23);
  CAF_CHECK(easter_sunday(2026y) == 2026y / 4 / 5);
  CAF_CHECK(easter_sunday(2030y) == 2030y / 4 / 21);
}

CAF_TEST(new year and australia day on a weekend move to monday) {
  CAF_CHECK_EQUAL(name_of(2011y / 1 / 3), "New Year's Day (substitute)");
  CAF_CHECK_EQUAL(name_of(2023y / 1 / 2), "New Year's Day (substitute)");
  CAF_CHECK_EQUAL(name_of(2024y / 1 / 1), "New Year's Day");
  CAF_CHECK_EQUAL(name_of(1997y / 1 / 27), "Australia Day (substitute)");
  CAF_CHECK_EQUAL(name_of(2030y / 1 / 28), "Australia Day (substitute)");
  CAF_CHECK_EQUAL(name_of(2026y / 1 / 26), "Australia Day");
}

CAF_TEST(anzac day on a weekend moves nothing but in 2010) {
  for (auto monday : {1998y / 4 / 27, 1999y / 4 / 26, 2004y / 4 / 26,
                      2009y / 4 / 27, 2015y / 4 / 27, 2020y / 4 / 27,
                      2021y / 4 / 26, 2026y / 4 / 27, 2027y / 4 / 26})
    CAF_CHECK_EQUAL(name_of(monday), "");
  CAF_CHECK_EQUAL(name_of(2010y / 4 / 26), "Anzac Day (substitute)");
  CAF_CHECK_EQUAL(name_of(2025y / 4 / 25), "Anzac Day");
}

CAF_TEST(anzac day on easter monday closes easter tuesday) {
  CAF_CHECK_EQUAL(name_of(2011y / 4 / 25), "Easter Monday");
  CAF_CHECK_EQUAL(name_of(2011y / 4 / 26), "Easter Tuesday");
  CAF_CHECK_EQUAL(name_of(2012y / 4 / 10), "");
}

CAF_TEST(christmas and boxing day are two weekdays every year) {
  // Christmas on Friday, Saturday, Sunday, Monday.
  CAF_CHECK_EQUAL(name_of(2026y / 12 / 25), "Christmas Day");
  CAF_CHECK_EQUAL(name_of(2026y / 12 / 28), "Boxing Day (substitute)");
  CAF_CHECK_EQUAL(name_of(2021y / 12 / 27), "Christmas Day (substitute)");
  CAF_CHECK_EQUAL(name_of(2021y / 12 / 28), "Boxing Day (substitute)");
  CAF_CHECK_EQUAL(name_of(2022y / 12 / 26), "Boxing Day");
  CAF_CHECK_EQUAL(name_of(2022y / 12 / 27), "Christmas Day (substitute)");
  CAF_CHECK_EQUAL(name_of(2023y / 12 / 25), "Christmas Day");
  CAF_CHECK_EQUAL(name_of(2023y / 12 / 26), "Boxing Day");
  CAF_CHECK_EQUAL(name_of(2023y / 12 / 27), "");
}

CAF_TEST(the birthday is the second monday of june of queen then king) {
  CAF_CHECK_EQUAL(name_of(2022y / 6 / 13), "Queen's Birthday");
  CAF_CHECK_EQUAL(name_of(2023y / 6 / 12), "King's Birthday");
  CAF_CHECK_EQUAL(name_of(2026y / 6 / 8), "King's Birthday");
}

CAF_TEST(single closures come from the dated table) {
  CAF_CHECK_EQUAL(name_of(1999y / 12 / 31), "Year 2000 rollover");
  CAF_CHECK_EQUAL(name_of(2022y / 9 / 22), "National Day of Mourning");
  auto table = dated_exceptions();
  CAF_CHECK(std::is_sorted(table.begin(), table.end(),
                           [](const auto& a, const auto& b) {
                             return a.date < b.date;
                           }));
}

CAF_TEST(every year has eight holidays but for listed ones) {
  for (int y = 1997; y <= 2030; ++y) {
    std::size_t expected = 8;
    // Anzac Day on a weekend that no weekday replaces.
    for (int without : {1998, 1999, 2004, 2009, 2015, 2020, 2021, 2026, 2027})
      if (y == without)
        --expected;
    // The rollover and the day of mourning.
    if (y == 1999 || y == 2022)
      ++expected;
    auto rows = asx_holidays(year{y});
    CAF_MESSAGE(y);
    CAF_CHECK_EQUAL(rows.size(), expected);
    std::set<trading_date> dates;
    for (const auto& row : rows) {
      weekday day{sys_days{row.date}};
      CAF_CHECK(day != Saturday && day != Sunday);
      CAF_CHECK(row.date.year() == year{y});
      dates.insert(row.date);
    }
    CAF_CHECK_EQUAL(dates.size(), rows.size());
  }
}

CAF_TEST(half days by era) {
  CAF_CHECK_EQUAL(half_days_of(1999), "");
  CAF_CHECK_EQUAL(half_days_of(2000), "04-20 ");
  CAF_CHECK_EQUAL(half_days_of(2001), "12-24 12-31 ");
  CAF_CHECK_EQUAL(half_days_of(2002), "");
  CAF_CHECK_EQUAL(half_days_of(2003), "12-24 12-31 ");
  CAF_CHECK_EQUAL(half_days_of(2004), "01-02 04-08 12-24 12-31 ");
  CAF_CHECK_EQUAL(half_days_of(2006), "04-13 12-22 12-29 ");
  CAF_CHECK_EQUAL(half_days_of(2008), "03-20 12-24 12-31 ");
  CAF_CHECK_EQUAL(half_days_of(2009), "12-24 12-31 ");
  CAF_CHECK_EQUAL(half_days_of(2016), "12-23 12-30 ");
}

CAF_TEST(since 2017 an eve on a weekend shortens no friday) {
  for (int y : {2017, 2022, 2023, 2028})
    CAF_CHECK_EQUAL(half_days_of(y), "");
  for (int y : {2018, 2021, 2024, 2025, 2026, 2027, 2029, 2030})
    CAF_CHECK_EQUAL(half_days_of(y), "12-24 12-31 ");
}

CAF_TEST(no half day is a holiday or on a weekend) {
  for (int y = 1997; y <= 2030; ++y)
    for (const auto& row : asx_half_days(year{y})) {
      weekday day{sys_days{row.date}};
      CAF_CHECK(day != Saturday && day != Sunday);
      CAF_CHECK_EQUAL(name_of(row.date), "");
    }
}

CAF_TEST(years outside are unknown) {
  for (auto y : {1996y, 2031y}) {
    CAF_CHECK(!within_known_years(y));
    CAF_CHECK(asx_holidays(y).empty());
    CAF_CHECK(asx_half_days(y).empty());
  }
}
