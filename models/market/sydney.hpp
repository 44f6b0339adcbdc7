#pragma once

/// The zone of the exchange. Daylight saving comes from the tz database, so
/// that past changes of its rules (the Olympic year 2000, 2006, 2008) hold.
/// Every function throws `std::runtime_error` when the machine has no tz
/// database (Debian: package tzdata).

#include "messages/time.hpp"

#include <string>

namespace banksia {

/// The instant at which a clock in Sydney shows `since_midnight` on `date`.
/// Daylight saving starts and ends on Sundays at night, so that no hour of a
/// trading day is skipped or doubled; of a doubled hour the first is meant, and
/// a skipped time gives the instant of the change.
timestamp from_sydney(trading_date date, micros since_midnight);

/// The day in Sydney at `t`.
trading_date sydney_date(timestamp t);

/// What Sydney is ahead of UTC at `t`: 10 or 11 hours.
std::chrono::minutes sydney_offset(timestamp t);

/// "10:00", or "10:02:15" where seconds are not zero: Sydney's clock at `t`.
std::string sydney_clock(timestamp t);

} // namespace banksia
