#include "models/market/calendar_text.hpp"

#include "models/market/sydney.hpp"

#include <algorithm>
#include <array>

namespace banksia {

using namespace std::chrono;

namespace {

/// The time of day of an RFC 3339 text: "23:00Z".
std::string utc_clock(const std::string& rfc3339) {
  return rfc3339.substr(11, 5) + 'Z';
}

calendar_row row_of(const session& s, const std::vector<half_day>& early) {
  calendar_row row;
  row.date = to_string(s.date);
  row.weekday = weekday_name(s.date);
  row.opens_sydney = sydney_clock(s.opens_at);
  row.closes_sydney = sydney_clock(s.closes_at);
  row.auction_sydney = sydney_clock(s.auction_ends_at);
  row.opens_utc = to_rfc3339(s.opens_at);
  row.closes_utc = to_rfc3339(s.closes_at);
  row.auction_utc = to_rfc3339(s.auction_ends_at);
  row.half_day = s.half_day;
  auto named = std::find_if(early.begin(), early.end(), [&](const half_day& x) {
    return x.date == s.date;
  });
  if (s.half_day && named != early.end())
    row.half_day_name = named->name;
  return row;
}

} // namespace

std::string_view weekday_name(trading_date date) noexcept {
  static constexpr std::array<std::string_view, 7> names{
    "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  return names[weekday{sys_days{date}}.c_encoding()];
}

std::optional<calendar_page> describe_year(const exchange_calendar& calendar,
                                           year y) {
  auto sessions = calendar.sessions(y);
  if (sessions.empty())
    return std::nullopt;
  auto early = asx_half_days(y);
  calendar_page page;
  page.year = static_cast<int>(y);
  for (const auto& s : sessions)
    page.sessions.push_back(row_of(s, early));
  for (const auto& day : calendar.holidays(y))
    page.holidays.push_back({to_string(day.date),
                             std::string{weekday_name(day.date)},
                             std::string{day.name}});
  return page;
}

std::string render(const calendar_page& page) {
  auto half_days = std::count_if(page.sessions.begin(), page.sessions.end(),
                                 [](const auto& row) { return row.half_day; });
  std::string out = "ASX " + std::to_string(page.year) + ": "
                    + std::to_string(page.sessions.size()) + " sessions, "
                    + std::to_string(half_days) + " half-days, "
                    + std::to_string(page.holidays.size()) + " holidays\n";
  out += "\nholidays\n";
  for (const auto& row : page.holidays)
    out += row.date + "  " + row.weekday + "  " + row.name + '\n';
  out += "\ndate        day  Sydney               UTC\n";
  for (const auto& row : page.sessions) {
    out += row.date + "  " + row.weekday + "  " + row.opens_sydney + '-'
           + row.closes_sydney + " (" + row.auction_sydney + ")  "
           + utc_clock(row.opens_utc) + '-' + utc_clock(row.closes_utc) + " ("
           + utc_clock(row.auction_utc) + ')';
    if (row.half_day)
      out += "  half-day: " + row.half_day_name;
    out += '\n';
  }
  return out;
}

} // namespace banksia
