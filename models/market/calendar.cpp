#include "models/market/calendar.hpp"

#include "models/market/session_phases.hpp"
#include "models/market/sydney.hpp"

#include <algorithm>

namespace banksia {

using namespace std::chrono;

namespace {

constexpr minutes day_length{24 * 60};

bool is_weekend(trading_date date) noexcept {
  weekday day{sys_days{date}};
  return day == Saturday || day == Sunday;
}

template <class Row>
bool has_date(const std::vector<Row>& rows, trading_date date) noexcept {
  return std::any_of(rows.begin(), rows.end(),
                     [=](const Row& row) { return row.date == date; });
}

/// The rows with a date in [first, last].
template <class Row>
std::span<const Row> part(std::span<const Row> rows, trading_date first,
                          trading_date last) noexcept {
  auto begin = std::lower_bound(
    rows.begin(), rows.end(), first,
    [](const Row& row, trading_date date) { return row.date < date; });
  auto end = std::upper_bound(
    begin, rows.end(), last,
    [](trading_date date, const Row& row) { return date < row.date; });
  return {begin, end};
}

/// The hours the exchange itself keeps. The auction follows in a second step,
/// because it depends on what the month's last session is.
session exchange_hours(trading_date date, bool half) {
  auto close = half ? half_day_close(date) : regular_close;
  auto closes_at = from_sydney(date, close);
  return {date, from_sydney(date, regular_open), closes_at, closes_at, half};
}

session fixed_hours(trading_date date, utc_hours hours) {
  timestamp opens_at = sys_days{date} + hours.opens;
  // Sydney is ahead of UTC: from its afternoon on, UTC's time of day is the
  // next day's there.
  if (sydney_date(opens_at) != date)
    opens_at -= day_length;
  auto length = (hours.closes - hours.opens + day_length) % day_length;
  return {date, opens_at, opens_at + length, opens_at + length, false};
}

void add_closing_auctions(std::vector<session>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto& row = rows[i];
    bool last = i + 1 == rows.size()
                || rows[i + 1].date.month() != row.date.month();
    row.auction_ends_at
      += closing_auction_length(row.date, last, row.half_day);
  }
}

/// For each session, how long those before it traded continuously.
std::vector<minutes> lengths_before(const std::vector<session>& rows) {
  std::vector<minutes> result;
  result.reserve(rows.size());
  minutes sum{0};
  for (const auto& row : rows) {
    result.push_back(sum);
    sum += duration_cast<minutes>(row.closes_at - row.opens_at);
  }
  return result;
}

bool is_time_of_day(minutes x) noexcept {
  return x >= minutes{0} && x < day_length;
}

} // namespace

struct exchange_calendar::table {
  std::vector<session> sessions;
  std::vector<minutes> open_before; ///< of each session
  std::vector<holiday> holidays;
  bool has_fixed_hours = false;
};

// -- construction -------------------------------------------------------------

exchange_calendar::exchange_calendar()
  : exchange_calendar(std::optional<utc_hours>{}) {}

exchange_calendar::exchange_calendar(std::optional<utc_hours> hours) {
  auto made = std::make_shared<table>();
  made->has_fixed_hours = hours.has_value();
  for (auto y = first_date.year(); y <= last_date.year(); ++y) {
    auto closed = asx_holidays(y);
    auto early = asx_half_days(y);
    for (sys_days day{y / January / 1}; day <= sys_days{y / December / 31};
         day += days{1}) {
      trading_date date{day};
      if (is_weekend(date) || has_date(closed, date))
        continue;
      made->sessions.push_back(
        hours ? fixed_hours(date, *hours)
              : exchange_hours(date, has_date(early, date)));
    }
    made->holidays.insert(made->holidays.end(), closed.begin(), closed.end());
  }
  if (!hours)
    add_closing_auctions(made->sessions);
  made->open_before = lengths_before(made->sessions);
  table_ = std::move(made);
}

std::variant<exchange_calendar, std::string>
exchange_calendar::with_utc_hours(utc_hours hours) {
  for (auto [name, value] : {std::pair{"market_hours_start_utc", hours.opens},
                             std::pair{"market_hours_end_utc", hours.closes}})
    if (!is_time_of_day(value))
      return std::string{name} + " is minute " + std::to_string(value.count())
             + " of the day, it must be from 0 to 1439 (00:00 to 23:59)";
  if (hours.opens == hours.closes)
    return std::string{"market_hours_start_utc and market_hours_end_utc are "
                       "the same; the market would never be open: set two "
                       "times, or neither to follow the exchange"};
  return exchange_calendar{std::optional{hours}};
}

// -- days ---------------------------------------------------------------------

bool exchange_calendar::covers(trading_date date) noexcept {
  return date.ok() && date >= first_date && date <= last_date;
}

std::optional<trading_date> exchange_calendar::trading_date_of(timestamp t) {
  // The zone's rules are asked only near the known years.
  if (t < sys_days{first_date} - days{1} || t > sys_days{last_date} + days{1})
    return std::nullopt;
  auto date = sydney_date(t);
  if (!covers(date))
    return std::nullopt;
  return date;
}

const session* exchange_calendar::session_on(trading_date date) const noexcept {
  if (!covers(date))
    return nullptr;
  auto found = part(sessions(), date, date);
  return found.empty() ? nullptr : &found.front();
}

std::string_view
exchange_calendar::reason_closed(trading_date date) const noexcept {
  if (!covers(date))
    return "unknown: the calendar covers 1997-2030";
  if (is_weekend(date))
    return "weekend";
  auto found = part(std::span<const holiday>{table_->holidays}, date, date);
  return found.empty() ? std::string_view{} : found.front().name;
}

// -- instants -----------------------------------------------------------------

namespace {

/// The first session that opens after `t`.
auto first_opening_after(std::span<const session> rows, timestamp t) noexcept {
  return std::upper_bound(
    rows.begin(), rows.end(), t,
    [](timestamp x, const session& row) { return x < row.opens_at; });
}

} // namespace

const session* exchange_calendar::session_at(timestamp t) const noexcept {
  auto rows = sessions();
  auto next = first_opening_after(rows, t);
  if (next == rows.begin())
    return nullptr;
  const auto& row = *std::prev(next);
  return t <= row.auction_ends_at ? &row : nullptr;
}

const session* exchange_calendar::next_session_after(timestamp t) const {
  if (!trading_date_of(t))
    return nullptr;
  auto rows = sessions();
  auto next = first_opening_after(rows, t);
  return next == rows.end() ? nullptr : &*next;
}

const session* exchange_calendar::previous_session_before(timestamp t) const {
  if (!trading_date_of(t))
    return nullptr;
  auto rows = sessions();
  auto next = std::lower_bound(
    rows.begin(), rows.end(), t,
    [](const session& row, timestamp x) { return row.auction_ends_at < x; });
  return next == rows.begin() ? nullptr : &*std::prev(next);
}

timestamp
exchange_calendar::opening_of(const session& s,
                              std::string_view symbol) const noexcept {
  return table_->has_fixed_hours ? s.opens_at
                                 : s.opens_at + opening_delay(s.date, symbol);
}

// -- counting -----------------------------------------------------------------

std::span<const session> exchange_calendar::sessions() const noexcept {
  return table_->sessions;
}

std::span<const session>
exchange_calendar::sessions(year y) const noexcept {
  return part(sessions(), y / January / 1, y / December / 31);
}

std::optional<std::span<const session>>
exchange_calendar::sessions_between(trading_date first,
                                    trading_date last) const noexcept {
  if (!covers(first) || !covers(last))
    return std::nullopt;
  return part(sessions(), first, last);
}

std::optional<std::size_t>
exchange_calendar::session_index(trading_date date) const noexcept {
  auto found = session_on(date);
  if (!found)
    return std::nullopt;
  return static_cast<std::size_t>(found - table_->sessions.data());
}

std::optional<minutes>
exchange_calendar::open_minutes_before(trading_date date) const noexcept {
  auto index = session_index(date);
  if (!index)
    return std::nullopt;
  return table_->open_before[*index];
}

std::optional<minutes>
exchange_calendar::open_minutes_between(timestamp from, timestamp to) const {
  if (!trading_date_of(from) || !trading_date_of(to))
    return std::nullopt;
  micros sum{0};
  auto rows = sessions();
  auto row = first_opening_after(rows, from);
  // The one before may still be open.
  if (row != rows.begin())
    --row;
  for (; row != rows.end() && row->opens_at < to; ++row)
    sum += std::max(micros{0}, std::min(to, row->closes_at)
                                 - std::max(from, row->opens_at));
  return duration_cast<minutes>(sum);
}

std::span<const holiday>
exchange_calendar::holidays(year y) const noexcept {
  return part(std::span<const holiday>{table_->holidays}, y / January / 1,
              y / December / 31);
}

std::vector<timestamp> slots(const session& s, minutes interval) {
  if (interval <= minutes{0})
    return {};
  if (interval > s.closes_at - s.opens_at)
    return {s.auction_ends_at};
  std::vector<timestamp> result;
  for (auto t = s.opens_at + interval; t <= s.closes_at; t += interval)
    result.push_back(t);
  return result;
}

} // namespace banksia
