#include "models/news/headline_times.hpp"

#include "models/news/news_date.hpp"

#include <date/tz.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace banksia {

namespace {

constexpr std::chrono::minutes future_max{10};

/// A date of a row. A day alone is a span.
struct read_date {
  date_state state = date_state::missing;
  timestamp begin;
  timestamp end; ///< equals `begin` unless it is a day
};

bool is_nothing(std::string_view text) {
  std::string lower;
  for (char c : text.substr(0, 8))
    lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text.empty() || lower == "null" || lower == "none" || lower == "nan"
         || lower == "nat" || lower == "n/a";
}

/// Unix time in seconds, perhaps with a fraction, or in milliseconds.
std::optional<timestamp> unix_time(std::string_view text) {
  double value = 0;
  auto [end, error]
    = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  // 1973 to 5138 in seconds: no year or day of eight digits lies there.
  constexpr double least = 1e8, most = 1e11;
  if (value >= least * 1000 && value < most * 1000)
    value /= 1000;
  if (value < least || value >= most)
    return std::nullopt;
  return from_micros(static_cast<std::int64_t>(value * 1e6));
}

/// UTC of a local time. Where the clocks go back the later one is meant:
/// nobody knows it too early. Nothing for a time that they skip.
std::optional<timestamp> to_utc(const std::string& zone, timestamp local) {
  date::local_time<micros> there{local.time_since_epoch()};
  auto info = date::locate_zone(zone)->get_info(there);
  if (info.result == date::local_info::nonexistent)
    return std::nullopt;
  auto offset = info.result == date::local_info::ambiguous
                  ? info.second.offset
                  : info.first.offset;
  return timestamp{local.time_since_epoch() - offset};
}

/// A time without a zone, as if it were UTC.
std::optional<timestamp> naive_time(std::string_view text) {
  std::string longer{text};
  if (longer.size() == 16)
    longer += ":00";
  if (auto found = parse_rfc3339(longer + "Z"))
    return found;
  auto rfc822 = parse_news_date(std::string{text} + " GMT");
  if (rfc822.state != date_state::ok)
    return std::nullopt;
  return rfc822.at;
}

read_date read(std::string_view text, const std::string& zone) {
  read_date result;
  if (is_nothing(text))
    return result;
  if (auto at = unix_time(text))
    return {date_state::ok, *at, *at};
  auto day = parse_date(text);
  auto found = parse_news_date(text);
  // Without seconds it is naive too.
  auto naive = day || (found.state == date_state::bad && naive_time(text));
  result.state = naive ? date_state::no_zone : found.state;
  result.begin = result.end = found.at;
  if (result.state != date_state::no_zone || zone.empty())
    return result;
  result.state = date_state::bad;
  auto local = day ? timestamp{std::chrono::sys_days{*day}}
                   : naive_time(text).value_or(timestamp{});
  if (local == timestamp{})
    return result;
  auto begin = to_utc(zone, local);
  auto end = day ? to_utc(zone, local + std::chrono::days{1}) : begin;
  if (!begin || !end)
    return result;
  return {date_state::ok, *begin, *end};
}

std::string_view problem_of(date_state x) {
  return x == date_state::no_zone ? "no_zone" : "bad_date";
}

bool is_unreadable(const read_date& x) {
  return x.state == date_state::bad || x.state == date_state::no_zone
         || (x.state == date_state::ok && x.begin <= timestamp{});
}

} // namespace

std::optional<std::string> known_zone(const std::string& name) {
  try {
    return date::locate_zone(name)->name();
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

headline_times times_of_headline(std::string_view published,
                                 std::string_view fetched,
                                 const std::string& zone,
                                 timestamp received_at) {
  headline_times result;
  auto said = read(published, zone);
  auto seen = read(fetched, zone);
  for (const auto* x : {&said, &seen}) {
    if (is_unreadable(*x))
      result.problem = problem_of(x->state);
    else if (x->state == date_state::ok && x->begin > received_at + future_max)
      result.problem = "future_date";
    if (!result.problem.empty())
      return result;
  }
  auto has_seen = seen.state == date_state::ok;
  if (said.state == date_state::missing) {
    if (!has_seen) {
      result.problem = "no_date";
      return result;
    }
    result.published_at = result.known_at = seen.end;
    result.repair = "no_date";
    return result;
  }
  result.published_at = said.begin;
  result.known_at = said.end;
  if (!has_seen)
    return result;
  if (said.begin > seen.end + future_max) {
    result.published_at = result.known_at = seen.end;
    result.repair = "future_date";
    return result;
  }
  result.known_at = std::max(said.begin, seen.end);
  return result;
}

} // namespace banksia
