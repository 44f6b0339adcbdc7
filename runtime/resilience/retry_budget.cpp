#include "runtime/resilience/retry_budget.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace banksia {

using std::chrono::milliseconds;

std::string_view to_string(retry_refusal x) noexcept {
  constexpr std::array<std::string_view, 4> names{
    "", "not_idempotent", "attempts_spent", "budget_spent"};
  return names[static_cast<std::size_t>(x)];
}

retry_budget::retry_budget(retry_rule rule, std::uint64_t seed)
  : rule_(rule), random_(seed), tokens_(rule.tokens_max) {}

retry_decision retry_budget::failed(const failed_attempt& of) {
  if (!of.idempotent)
    return {retry_refusal::not_idempotent, {}};
  if (of.attempt >= rule_.attempts_max)
    return {retry_refusal::attempts_spent, {}};
  if (tokens_ < 1.0)
    return {retry_refusal::budget_spent, {}};
  tokens_ -= 1.0;
  auto longest = longest_pause(rule_.pause, of.attempt);
  auto pause = milliseconds{static_cast<std::int64_t>(
    random_.below(static_cast<std::uint64_t>(longest.count()) + 1))};
  if (of.retry_after)
    pause += std::clamp(*of.retry_after, milliseconds{0},
                        rule_.retry_after_max);
  return {retry_refusal::none, pause};
}

void retry_budget::succeeded() noexcept {
  tokens_ = std::min(rule_.tokens_max, tokens_ + rule_.earned);
}

// -- dates --------------------------------------------------------------------

namespace {

/// Takes parts off the beginning of a text; `good` says whether all fitted.
struct cursor {
  std::string_view rest;
  bool good = true;

  void literal(std::string_view text) {
    good = good && rest.starts_with(text);
    if (good)
      rest.remove_prefix(text.size());
  }

  /// Exactly so many digits; with `padded` the first may be a space.
  int number(std::size_t digits, bool padded = false) {
    int result = 0;
    if (rest.size() < digits)
      good = false;
    for (std::size_t i = 0; good && i < digits; ++i) {
      if (padded && i == 0 && rest[0] == ' ')
        continue;
      good = rest[i] >= '0' && rest[i] <= '9';
      result = result * 10 + (rest[i] - '0');
    }
    if (good)
      rest.remove_prefix(digits);
    return result;
  }

  /// One of the names; its place from 0.
  template <std::size_t N>
  unsigned name(const std::array<std::string_view, N>& names) {
    for (unsigned i = 0; good && i < N; ++i)
      if (rest.starts_with(names[i])) {
        rest.remove_prefix(names[i].size());
        return i;
      }
    good = false;
    return 0;
  }
};

constexpr std::array<std::string_view, 12> months{
  "Jan", "Feb", "Mar", "Apr", "May", "Jun",
  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> long_days{
  "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
  "Sunday"};
constexpr std::array<std::string_view, 7> short_days{
  "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

struct civil_time {
  int year = 0;
  unsigned month = 0; ///< from 1
  int day = 0, hour = 0, minute = 0, second = 0;
};

void read_clock(cursor& from, civil_time& out) {
  out.hour = from.number(2);
  from.literal(":");
  out.minute = from.number(2);
  from.literal(":");
  out.second = from.number(2);
}

/// "06 Nov 1994 08:49:37 GMT", or with hyphens and two digits of the year.
void read_dated(cursor& from, civil_time& out, bool two_digits, int this_year) {
  std::string_view between = two_digits ? "-" : " ";
  out.day = from.number(2);
  from.literal(between);
  out.month = from.name(months) + 1;
  from.literal(between);
  out.year = from.number(two_digits ? 2 : 4);
  if (two_digits) {
    out.year += this_year / 100 * 100;
    if (out.year > this_year + 50)
      out.year -= 100;
  }
  from.literal(" ");
  read_clock(from, out);
  from.literal(" GMT");
}

} // namespace

std::optional<std::chrono::sys_seconds>
parse_http_date(std::string_view text, std::chrono::sys_seconds now) {
  using namespace std::chrono;
  auto this_year = static_cast<int>(
    year_month_day{floor<days>(now)}.year());
  cursor from{text};
  civil_time t;
  auto comma = text.find(',');
  if (comma == std::string_view::npos) { // asctime
    from.name(short_days);
    from.literal(" ");
    t.month = from.name(months) + 1;
    from.literal(" ");
    t.day = from.number(2, true);
    from.literal(" ");
    read_clock(from, t);
    from.literal(" ");
    t.year = from.number(4);
  } else {
    auto two_digits = comma > 3;
    if (two_digits)
      from.name(long_days);
    else
      from.name(short_days);
    from.literal(", ");
    read_dated(from, t, two_digits, this_year);
  }
  year_month_day date{year{t.year}, month{t.month},
                      day{static_cast<unsigned>(t.day)}};
  if (!from.good || !from.rest.empty() || !date.ok() || t.hour > 23
      || t.minute > 59 || t.second > 60)
    return std::nullopt;
  return sys_days{date} + hours{t.hour} + minutes{t.minute}
         + seconds{t.second};
}

std::optional<milliseconds> parse_retry_after(std::string_view text,
                                              std::chrono::sys_seconds now) {
  auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return std::nullopt;
  text = text.substr(first, text.find_last_not_of(" \t") - first + 1);
  std::uint64_t seconds = 0;
  auto [end, failure]
    = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (end == text.data() + text.size()
      && failure != std::errc::invalid_argument) {
    // Beyond any cap; the product must not overflow.
    constexpr std::uint64_t most = 1'000'000'000;
    if (failure == std::errc::result_out_of_range)
      seconds = most;
    return milliseconds{
      static_cast<std::int64_t>(std::min(seconds, most)) * 1000};
  }
  auto date = parse_http_date(text, now);
  if (!date)
    return std::nullopt;
  return std::max(milliseconds{0}, milliseconds{*date - now});
}

} // namespace banksia
