#pragma once

/// The times of a session's phases, in Sydney's clock, as they were at a date.
///
/// | from       | opening                                             |
/// |------------|-----------------------------------------------------|
/// | (1997)     | five alphabetical groups, 10:00:00 to 10:09:00      |
/// | 2025-06-23 | one auction for all (ASX Service Release 15), 10:00 |
///
/// | from       | the closing auction ends, minutes after the close   |
/// |------------|-----------------------------------------------------|
/// | (1997)     | 0: there was none                                   |
/// | 1997-02-10 | 5                                                   |
/// | 2001-11-30 | 5, on the last session of a month 10                |
/// | 2006-01-03 | 10                                                  |
///
/// Sources: for 1997 Aitken, Comerton-Forde and Frino, "Closing call auctions
/// and liquidity" (2005); for 2001 Comerton-Forde and Rydge, "Call auction
/// algorithm design and market manipulation" (2006), also for the 15 minutes
/// at the quarter's end on 2001-03-30 and 2001-06-29. For 2006 only the year
/// is known: 5 minutes were still usual on 2005-06-20 and on the half-days of
/// December 2005 (notices of the exchange). The true instants are random
/// within 15 to 60 seconds of these; on 2001-09-28 a random close replaced the
/// auction.

#include "messages/time.hpp"

#include <string_view>

namespace banksia {

/// Continuous trading begins (that of the first group): 10:00.
inline constexpr std::chrono::minutes regular_open{10 * 60};

/// Continuous trading ends on a full day: 16:00.
inline constexpr std::chrono::minutes regular_close{16 * 60};

/// How long after the session's open `symbol` begins to trade at `date`.
/// Case and a suffix (".AX") do not matter. A name that begins with neither
/// letter nor digit (an index, "^AXJO") follows the first group.
micros opening_delay(trading_date date, std::string_view symbol) noexcept;

/// When continuous trading ends on a half-day, minutes after midnight: 13:00
/// in 2000 and 2001, 14:00 since.
std::chrono::minutes half_day_close(trading_date date) noexcept;

/// How long the closing auction takes. `last_of_month`: no session follows in
/// the same month. On half-days of 2001-2005 it stayed at 5 minutes.
std::chrono::minutes closing_auction_length(trading_date date,
                                            bool last_of_month,
                                            bool is_half_day) noexcept;

} // namespace banksia
