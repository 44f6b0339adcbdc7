#pragma once

/// A year of the exchange calendar for people and scripts.

#include "models/market/calendar.hpp"

#include <optional>
#include <string>
#include <vector>

namespace banksia {

/// A session, all as text.
struct calendar_row {
  std::string date;            ///< "2025-07-01"
  std::string weekday;         ///< "Tue"
  std::string opens_sydney;    ///< "10:00"
  std::string closes_sydney;   ///< "16:00"
  std::string auction_sydney;  ///< "16:10", the closing auction's end
  std::string opens_utc;       ///< RFC 3339
  std::string closes_utc;      ///< RFC 3339
  std::string auction_utc;     ///< RFC 3339
  std::string half_day_name;   ///< "Christmas Eve", empty on full days
  bool half_day = false;
};

/// A weekday without trade.
struct calendar_holiday_row {
  std::string date;
  std::string weekday;
  std::string name;
};

struct calendar_page {
  int year = 0;
  std::vector<calendar_row> sessions;
  std::vector<calendar_holiday_row> holidays;
};

/// "Mon" to "Sun".
std::string_view weekday_name(trading_date date) noexcept;

/// Nothing when the calendar does not cover `year`.
std::optional<calendar_page> describe_year(const exchange_calendar& calendar,
                                           std::chrono::year year);

/// The page as lines: a heading, the holidays, then a line a session. Ends with
/// a newline.
std::string render(const calendar_page& page);

} // namespace banksia
