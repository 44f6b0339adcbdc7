#pragma once

/// What kind of news a headline is.

#include <cstdint>
#include <string_view>

namespace banksia::sentiment {

enum class headline_event : std::uint8_t {
  other = 0,
  dividend = 1,        ///< dividends, their franking and dates
  earnings = 2,        ///< results of a period
  regulation = 3,      ///< regulators, courts, fines, inquiries
  merger = 4,          ///< takeovers, stakes, sales of businesses
  leadership = 5,      ///< executives and directors come and go
  capital_raising = 6, ///< placements, notes, bonds, buybacks
  outlook = 7,         ///< guidance, forecasts, brokers' ratings and targets
};

/// "other", "dividend", … "outlook".
std::string_view to_string(headline_event x) noexcept;

/// The kind that most of a title's words speak for; of equal ones the first of
/// merger, capital_raising, leadership, regulation, dividend, outlook,
/// earnings. `other` where no word speaks.
headline_event event_of(std::string_view title);

} // namespace banksia::sentiment
