#ifndef BANKSIA_MESSAGES_TIME_HPP
#define BANKSIA_MESSAGES_TIME_HPP

/// Points in time. Everything inside the system is UTC in microseconds; zones
/// appear only at its edges (the exchange calendar, file formats).

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace banksia {

using micros = std::chrono::microseconds;

/// Microseconds since 1970-01-01T00:00:00Z.
using timestamp = std::chrono::sys_time<micros>;

/// A calendar day without a zone (a trading date).
using trading_date = std::chrono::year_month_day;

constexpr std::int64_t to_micros(timestamp t) noexcept {
  return t.time_since_epoch().count();
}

constexpr timestamp from_micros(std::int64_t us) noexcept {
  return timestamp{micros{us}};
}

/// RFC 3339 in UTC with `Z`; the fraction is printed only when it is not zero:
/// `2025-07-01T00:00:00Z`, `2025-07-01T00:00:00.250000Z`.
std::string to_rfc3339(timestamp t);

/// Parses RFC 3339 with `Z` or an offset. Nothing on a naive time: a time
/// without a zone is a guess, and guesses were the legacy system's disease.
std::optional<timestamp> parse_rfc3339(std::string_view text);

/// `YYYY-MM-DD`.
std::string to_string(trading_date date);

/// Parses `YYYY-MM-DD` or `YYYYMMDD`; nothing when it is not a real day.
std::optional<trading_date> parse_date(std::string_view text);

} // namespace banksia

#endif // BANKSIA_MESSAGES_TIME_HPP
