#pragma once

/// Dates as news feeds write them: RFC 822 with all that RFC 2822 and practice
/// made of it, and RFC 3339 with the shorter forms of W3CDTF.

#include "messages/time.hpp"

#include <cstdint>
#include <string_view>

namespace banksia {

enum class date_state : std::uint8_t {
  ok = 0,
  missing = 1, ///< no text
  bad = 2,     ///< no date, or one that does not exist
  no_zone = 3, ///< a date whose zone is missing or unknown; a guess is no time
};

/// "ok", "missing", "bad", "no_zone".
std::string_view to_string(date_state x) noexcept;

struct news_date {
  date_state state = date_state::missing;
  timestamp at; ///< when ok

  friend bool operator==(const news_date&, const news_date&) = default;
};

/// "Thu, 10 Sep 2026 19:29:06 +0000", "10 Sep 26 19:29 EST",
/// "2026-09-10T19:29:06Z", "2026-09-10T19:29+10:00". Zones: offsets, UT, UTC,
/// GMT, Z, the North American names of RFC 822 and the Australian ones. The
/// military letters were written with both signs (RFC 2822, 4.3) and are
/// `no_zone`. The name of the weekday is not checked.
news_date parse_news_date(std::string_view text);

} // namespace banksia
