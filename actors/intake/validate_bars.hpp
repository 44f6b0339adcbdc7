#pragma once

/// Judges bars that somebody shows, by the rules of an import, and stores
/// nothing.

#include "messages/domain.hpp"
#include "models/market/calendar.hpp"
#include "models/market/row_outcomes.hpp"
#include "models/market/repair/judge_series.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::intake {

/// A bar as it was shown. Prices that are missing are NaN.
struct shown_bar {
  timestamp opened_at; ///< of a daily one any time of its day, in Sydney
  bar_values values;
};

struct shown_series {
  std::string symbol;
  bar_interval interval = bar_interval::d1;
  price_basis basis = price_basis::as_traded;
  std::vector<shown_bar> bars; ///< in the order they came
  std::vector<corporate_action> actions; ///< kind, effective_at, value
};

/// How one field came from what was shown.
struct derived_field {
  value_difference change;
  std::string_view reason; ///< of static storage
};

struct shown_verdict {
  timestamp opened_at; ///< of a daily bar its session's, or midnight without
  row_outcome outcome;
  std::vector<derived_field> derivation; ///< of a repaired bar
};

struct shown_note {
  std::size_t bar = 0; ///< its position
  std::string_view reason;
  double measured = 0.0;
};

struct shown_report {
  std::vector<shown_verdict> bars; ///< as many as were shown
  std::vector<shown_note> notes;   ///< found and kept as it is
};

/// Rows go through the rules of rows in the order they came, then those that
/// may be stored through the rules of series.
shown_report validate_bars(const shown_series& shown,
                           const exchange_calendar& calendar);

} // namespace banksia::intake
