#include "messages/time.hpp"

#include <charconv>
#include <cstdio>

namespace banksia {

namespace {

/// Reads exactly `digits` decimal digits at `pos`.
std::optional<int> digits_at(std::string_view text, std::size_t pos,
                             std::size_t digits) {
  if (pos + digits > text.size())
    return std::nullopt;
  int value = 0;
  for (auto i = pos; i < pos + digits; ++i) {
    if (text[i] < '0' || text[i] > '9')
      return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

std::optional<trading_date> make_date(std::optional<int> y,
                                      std::optional<int> m,
                                      std::optional<int> d) {
  if (!y || !m || !d)
    return std::nullopt;
  trading_date date{std::chrono::year{*y},
                    std::chrono::month{static_cast<unsigned>(*m)},
                    std::chrono::day{static_cast<unsigned>(*d)}};
  if (!date.ok())
    return std::nullopt;
  return date;
}

/// Parses the fraction of a second at `pos` (after the dot); advances `pos`.
std::optional<micros> fraction_at(std::string_view text, std::size_t& pos) {
  std::int64_t value = 0;
  int count = 0;
  for (; pos < text.size() && text[pos] >= '0' && text[pos] <= '9'; ++pos) {
    if (count < 6)
      value = value * 10 + (text[pos] - '0');
    ++count;
  }
  if (count == 0)
    return std::nullopt;
  for (; count < 6; ++count)
    value *= 10;
  return micros{value};
}

/// Parses `Z` or `±HH:MM` at the end of the text.
std::optional<std::chrono::minutes> offset_at(std::string_view text,
                                              std::size_t pos) {
  if (pos + 1 == text.size() && (text[pos] == 'Z' || text[pos] == 'z'))
    return std::chrono::minutes{0};
  if (pos + 6 != text.size() || text[pos + 3] != ':'
      || (text[pos] != '+' && text[pos] != '-'))
    return std::nullopt;
  auto hours = digits_at(text, pos + 1, 2);
  auto minutes = digits_at(text, pos + 4, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59)
    return std::nullopt;
  std::chrono::minutes offset{*hours * 60 + *minutes};
  return text[pos] == '-' ? -offset : offset;
}

} // namespace

std::string to_rfc3339(timestamp t) {
  using namespace std::chrono;
  auto day = floor<days>(t);
  trading_date date{day};
  auto since = t - day;
  auto h = duration_cast<hours>(since);
  auto m = duration_cast<minutes>(since - h);
  auto s = duration_cast<seconds>(since - h - m);
  auto us = (since - h - m - s).count();
  char buf[64];
  auto n = std::snprintf(buf, sizeof(buf), "%04d-%02u-%02uT%02d:%02d:%02d",
                         static_cast<int>(date.year()),
                         static_cast<unsigned>(date.month()),
                         static_cast<unsigned>(date.day()),
                         static_cast<int>(h.count()),
                         static_cast<int>(m.count()),
                         static_cast<int>(s.count()));
  std::string result(buf, static_cast<std::size_t>(n));
  if (us != 0) {
    n = std::snprintf(buf, sizeof(buf), ".%06d", static_cast<int>(us));
    result.append(buf, static_cast<std::size_t>(n));
  }
  result += 'Z';
  return result;
}

std::optional<timestamp> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  if (text.size() < 20 || text[4] != '-' || text[7] != '-'
      || (text[10] != 'T' && text[10] != 't' && text[10] != ' ')
      || text[13] != ':' || text[16] != ':')
    return std::nullopt;
  auto date = make_date(digits_at(text, 0, 4), digits_at(text, 5, 2),
                        digits_at(text, 8, 2));
  auto h = digits_at(text, 11, 2);
  auto m = digits_at(text, 14, 2);
  auto s = digits_at(text, 17, 2);
  if (!date || !h || !m || !s || *h > 23 || *m > 59 || *s > 60)
    return std::nullopt;
  std::size_t pos = 19;
  micros fraction{0};
  if (text[pos] == '.') {
    ++pos;
    auto parsed = fraction_at(text, pos);
    if (!parsed)
      return std::nullopt;
    fraction = *parsed;
  }
  auto offset = pos < text.size() ? offset_at(text, pos) : std::nullopt;
  if (!offset)
    return std::nullopt;
  return sys_days{*date} + hours{*h} + minutes{*m} + seconds{*s} + fraction
         - *offset;
}

std::string to_string(trading_date date) {
  char buf[32];
  auto n = std::snprintf(buf, sizeof(buf), "%04d-%02u-%02u",
                         static_cast<int>(date.year()),
                         static_cast<unsigned>(date.month()),
                         static_cast<unsigned>(date.day()));
  return {buf, static_cast<std::size_t>(n)};
}

std::optional<trading_date> parse_date(std::string_view text) {
  if (text.size() == 10 && text[4] == '-' && text[7] == '-')
    return make_date(digits_at(text, 0, 4), digits_at(text, 5, 2),
                     digits_at(text, 8, 2));
  if (text.size() == 8)
    return make_date(digits_at(text, 0, 4), digits_at(text, 4, 2),
                     digits_at(text, 6, 2));
  return std::nullopt;
}

} // namespace banksia
