#include "models/news/news_date.hpp"

#include <array>
#include <optional>
#include <string>

namespace banksia {

namespace {

using std::chrono::minutes;

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr char upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t\r\n\f\v";
  auto first = text.find_first_not_of(blanks);
  if (first == text.npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Takes words and numbers off the beginning of a text.
struct reader {
  std::string_view rest;

  void skip_blanks() { rest = trimmed(rest); }

  bool skip(char c) {
    skip_blanks();
    if (!rest.starts_with(c))
      return false;
    rest.remove_prefix(1);
    return true;
  }

  std::string word() {
    skip_blanks();
    std::string result;
    while (!rest.empty() && is_letter(rest[0]) && result.size() < 16) {
      result += upper(rest[0]);
      rest.remove_prefix(1);
    }
    return result;
  }

  /// One to `digits_max` digits; nothing where there are none or more.
  std::optional<int> number(std::size_t digits_max) {
    skip_blanks();
    std::size_t size = 0;
    int result = 0;
    while (size < rest.size() && is_digit(rest[size]) && size <= digits_max)
      result = result * 10 + (rest[size++] - '0');
    if (size == 0 || size > digits_max)
      return std::nullopt;
    digits = size;
    rest.remove_prefix(size);
    return result;
  }

  std::size_t digits = 0; ///< of the last number
};

std::optional<unsigned> month_of(const std::string& word) {
  constexpr std::string_view names = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
  if (word.size() < 3)
    return std::nullopt;
  for (unsigned i = 0; i < 12; ++i)
    if (names.substr(i * 3, 3) == std::string_view{word}.substr(0, 3))
      return i + 1;
  return std::nullopt;
}

/// East of Greenwich. EST is New York's, as RFC 822 has it.
std::optional<minutes> zone_of(const std::string& name) {
  struct entry {
    std::string_view name;
    int minutes_east;
  };
  constexpr std::array<entry, 18> zones{{
    {"UT", 0},      {"UTC", 0},     {"GMT", 0},    {"Z", 0},
    {"EST", -300},  {"EDT", -240},  {"CST", -360}, {"CDT", -300},
    {"MST", -420},  {"MDT", -360},  {"PST", -480}, {"PDT", -420},
    {"AEST", 600},  {"AEDT", 660},  {"ACST", 570}, {"ACDT", 630},
    {"AWST", 480},  {"NZST", 720},
  }};
  for (const auto& zone : zones)
    if (zone.name == name)
      return minutes{zone.minutes_east};
  return std::nullopt;
}

/// "+1000", "-10:00", "GMT"; the rest of the text may be a comment.
std::optional<minutes> read_zone(reader& from) {
  auto plus = from.skip('+');
  if (!plus && !from.skip('-'))
    return zone_of(from.word());
  auto first = from.number(4);
  if (!first || from.digits == 3 || from.digits == 1)
    return std::nullopt;
  int hours = from.digits == 4 ? *first / 100 : *first;
  int rest = from.digits == 4 ? *first % 100 : 0;
  if (from.digits == 2 && from.skip(':')) {
    auto second = from.number(2);
    if (!second)
      return std::nullopt;
    rest = *second;
  }
  if (hours > 15 || rest > 59)
    return std::nullopt;
  auto size = minutes{hours * 60 + rest};
  return plus ? size : -size;
}

/// Of two digits as RFC 2822, 4.3, has it.
int whole_year(int year, std::size_t digits) {
  if (digits == 2)
    return year < 50 ? year + 2000 : year + 1900;
  return digits == 3 ? year + 1900 : year;
}

news_date read_rfc822(std::string_view text) {
  reader from{text};
  constexpr news_date bad{date_state::bad, {}};
  if (!from.word().empty())
    from.skip(','); // a weekday
  auto day = from.number(2);
  from.skip('-');
  auto month = month_of(from.word());
  from.skip('.');
  from.skip('-');
  auto year = from.number(4);
  if (!day || !month || !year || from.digits == 1)
    return bad;
  auto whole = whole_year(*year, from.digits);
  auto hour = from.number(2);
  if (!hour || !from.skip(':'))
    return bad;
  auto minute = from.number(2);
  std::optional<int> second = 0;
  if (from.skip(':'))
    second = from.number(2);
  std::chrono::year_month_day date{
    std::chrono::year{whole}, std::chrono::month{*month},
    std::chrono::day{static_cast<unsigned>(*day)}};
  if (!minute || !second || !date.ok() || *hour > 23 || *minute > 59
      || *second > 60)
    return bad;
  auto zone = read_zone(from);
  if (!zone)
    return {date_state::no_zone, {}};
  from.skip_blanks();
  if (!from.rest.empty() && !from.rest.starts_with('('))
    return bad;
  auto local = std::chrono::sys_days{date} + std::chrono::hours{*hour}
               + minutes{*minute} + std::chrono::seconds{*second};
  return {date_state::ok, timestamp{local - *zone}};
}

news_date read_w3c(std::string_view text) {
  if (auto whole = parse_rfc3339(text))
    return {date_state::ok, *whole};
  // W3CDTF may leave out the seconds: 2026-09-10T19:29+10:00.
  if (text.size() > 16) {
    std::string longer{text.substr(0, 16)};
    longer += ":00";
    longer += text.substr(16);
    if (auto whole = parse_rfc3339(longer))
      return {date_state::ok, *whole};
  }
  if (text.size() == 10 && parse_date(text))
    return {date_state::no_zone, {}};
  auto naive = parse_rfc3339(std::string{text} + 'Z');
  return {naive ? date_state::no_zone : date_state::bad, {}};
}

} // namespace

std::string_view to_string(date_state x) noexcept {
  constexpr std::array<std::string_view, 4> names{"ok", "missing", "bad",
                                                  "no_zone"};
  return names[static_cast<std::size_t>(x)];
}

news_date parse_news_date(std::string_view text) {
  text = trimmed(text);
  if (text.empty())
    return {};
  if (text.size() > 64)
    return {date_state::bad, {}};
  auto is_year_first = text.size() >= 5 && is_digit(text[0])
                       && is_digit(text[1]) && is_digit(text[2])
                       && is_digit(text[3]) && text[4] == '-';
  return is_year_first ? read_w3c(text) : read_rfc822(text);
}

} // namespace banksia
