#pragma once

/// The days on which the ASX cash market is closed or closes early. Computed
/// from rules, then overridden by a table of dated exceptions; both follow the
/// exchange's own yearly notices ("Trading days, business days and settlement")
/// and are valid for 1997-2030 only.
///
/// State holidays (Labour Day, the Melbourne Cup, the NSW bank holiday, …) do
/// not count: the exchange trades on them and only does not settle.

#include "messages/time.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace banksia {

/// A weekday on which the exchange does not trade.
struct holiday {
  trading_date date;
  std::string_view name; ///< static text: "Good Friday"

  friend bool operator==(const holiday&, const holiday&) = default;
};

/// A session that ends early.
struct half_day {
  trading_date date;
  std::string_view name; ///< static text: "Christmas Eve"

  friend bool operator==(const half_day&, const half_day&) = default;
};

enum class day_kind : std::uint8_t { closed, half, full };

/// A day that no rule predicts.
struct dated_exception {
  trading_date date;
  day_kind kind;
  std::string_view name;
};

/// The table that overrides the rules, sorted by date.
std::span<const dated_exception> dated_exceptions() noexcept;

/// Easter Sunday by the Gregorian computus (Meeus, Astronomical Algorithms,
/// chapter 8); valid from 1583.
trading_date easter_sunday(std::chrono::year year) noexcept;

/// The weekdays of `year` without trade, sorted. Empty outside 1997-2030.
std::vector<holiday> asx_holidays(std::chrono::year year);

/// The half-days of `year`, sorted. Empty outside 1997-2030.
///
/// - Easter Thursday: 2000 and 2004-2008.
/// - The last session before Christmas and the last of the year: 2001 and
///   2003-2016; since 2017 only when 24 and 31 December themselves are
///   weekdays (so not in 2017, 2022, 2023 and 2028).
/// - The notices of 2000 and 2002 list none of the latter; for 1997-1999 no
///   notice was found, so those sessions count as full.
std::vector<half_day> asx_half_days(std::chrono::year year);

/// 1997 to 2030: outside, nothing is known and nothing is guessed.
bool within_known_years(std::chrono::year year) noexcept;

} // namespace banksia
