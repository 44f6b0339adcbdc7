#include "models/market/holidays.hpp"

#include <algorithm>
#include <array>

namespace banksia {

namespace {

using namespace std::chrono;

constexpr auto first_known = year{1997};
constexpr auto last_known = year{2030};

// Why each is no rule:
// - 2000-04-20 was the only early Easter Thursday before 2004.
// - 2001 had half-days before Christmas and New Year, 2000 and 2002 had none.
// - 1999-12-31: closed so that every system could be checked for the year 2000.
// - Anzac Day on a weekend moves nothing (2004, 2009, 2015, 2020, 2021, 2026:
//   traded on the Monday) but for 2010, when all states agreed on the Monday.
// - 2011: Anzac Day fell on Easter Monday, Easter Tuesday took its place.
constexpr std::array exceptions{
  dated_exception{1999y / 12 / 31, day_kind::closed, "Year 2000 rollover"},
  dated_exception{2000y / 4 / 20, day_kind::half, "Easter Thursday"},
  dated_exception{2001y / 12 / 24, day_kind::half, "Christmas Eve"},
  dated_exception{2001y / 12 / 31, day_kind::half, "New Year's Eve"},
  dated_exception{2004y / 1 / 2, day_kind::half, "Day after New Year's Day"},
  dated_exception{2010y / 4 / 26, day_kind::closed, "Anzac Day (substitute)"},
  dated_exception{2011y / 4 / 26, day_kind::closed, "Easter Tuesday"},
  dated_exception{2022y / 9 / 22, day_kind::closed,
                  "National Day of Mourning"},
};

bool is_weekend(trading_date date) {
  weekday day{sys_days{date}};
  return day == Saturday || day == Sunday;
}

/// `date`, or the Monday after it when it falls on a weekend.
trading_date moved_to_monday(trading_date date) {
  while (is_weekend(date))
    date = sys_days{date} + days{1};
  return date;
}

/// `date`, or the Friday before it when it falls on a weekend.
trading_date moved_to_friday(trading_date date) {
  while (is_weekend(date))
    date = sys_days{date} - days{1};
  return date;
}

void add_moved(std::vector<holiday>& out, trading_date date,
               std::string_view name, std::string_view substitute_name) {
  auto moved = moved_to_monday(date);
  out.push_back({moved, moved == date ? name : substitute_name});
}

/// Christmas and Boxing Day together are always two weekdays: what falls on a
/// weekend moves behind both.
void add_christmas(std::vector<holiday>& out, year y) {
  auto christmas = y / December / 25;
  auto boxing = y / December / 26;
  weekday day{sys_days{christmas}};
  if (day == Saturday || day == Sunday)
    out.push_back({y / December / 27, "Christmas Day (substitute)"});
  else
    out.push_back({christmas, "Christmas Day"});
  if (day == Friday || day == Saturday)
    out.push_back({y / December / 28, "Boxing Day (substitute)"});
  else
    out.push_back({boxing, "Boxing Day"});
}

void sort_by_date(auto& rows) {
  std::sort(rows.begin(), rows.end(),
            [](const auto& a, const auto& b) { return a.date < b.date; });
}

void override_with(std::vector<holiday>& closed, year y) {
  for (const auto& exception : exceptions) {
    if (exception.date.year() != y)
      continue;
    std::erase_if(closed, [&](const holiday& row) {
      return row.date == exception.date;
    });
    if (exception.kind == day_kind::closed)
      closed.push_back({exception.date, exception.name});
  }
}

void add_december_half_days(std::vector<half_day>& out, year y) {
  if (y < year{2003})
    return;
  auto eve = y / December / 24;
  auto last = y / December / 31;
  if (y >= year{2017}) {
    if (!is_weekend(eve))
      out.push_back({eve, "Christmas Eve"});
    if (!is_weekend(last))
      out.push_back({last, "New Year's Eve"});
    return;
  }
  out.push_back({moved_to_friday(eve), "Last day before Christmas"});
  out.push_back({moved_to_friday(last), "Last day of the year"});
}

} // namespace

std::span<const dated_exception> dated_exceptions() noexcept {
  return exceptions;
}

bool within_known_years(year y) noexcept {
  return y >= first_known && y <= last_known;
}

trading_date easter_sunday(year which) noexcept {
  // Letters as in the source.
  int y = static_cast<int>(which);
  int a = y % 19;
  int b = y / 100;
  int c = y % 100;
  int g = (b - (b + 8) / 25 + 1) / 3;
  int h = (19 * a + b - b / 4 - g + 15) % 30;
  int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
  int m = (a + 11 * h + 22 * l) / 451;
  int n = h + l - 7 * m + 114;
  return which / month{static_cast<unsigned>(n / 31)}
         / day{static_cast<unsigned>(n % 31 + 1)};
}

std::vector<holiday> asx_holidays(year y) {
  if (!within_known_years(y))
    return {};
  std::vector<holiday> result;
  add_moved(result, y / January / 1, "New Year's Day",
            "New Year's Day (substitute)");
  add_moved(result, y / January / 26, "Australia Day",
            "Australia Day (substitute)");
  auto easter = sys_days{easter_sunday(y)};
  result.push_back({easter - days{2}, "Good Friday"});
  result.push_back({easter + days{1}, "Easter Monday"});
  // Never on the same day twice: in 2011 both fell on 25 April.
  auto anzac = y / April / 25;
  if (!is_weekend(anzac) && anzac != trading_date{easter + days{1}})
    result.push_back({anzac, "Anzac Day"});
  // The sovereign's birthday as New South Wales keeps it; a king's since 2023.
  result.push_back({sys_days{y / June / Monday[2]},
                    y >= year{2023} ? "King's Birthday" : "Queen's Birthday"});
  add_christmas(result, y);
  override_with(result, y);
  sort_by_date(result);
  return result;
}

std::vector<half_day> asx_half_days(year y) {
  if (!within_known_years(y))
    return {};
  std::vector<half_day> result;
  if (y >= year{2004} && y <= year{2008})
    result.push_back({sys_days{easter_sunday(y)} - days{3}, "Easter Thursday"});
  add_december_half_days(result, y);
  for (const auto& exception : exceptions) {
    if (exception.date.year() != y)
      continue;
    std::erase_if(result, [&](const half_day& row) {
      return row.date == exception.date;
    });
    if (exception.kind == day_kind::half)
      result.push_back({exception.date, exception.name});
  }
  sort_by_date(result);
  return result;
}

} // namespace banksia
