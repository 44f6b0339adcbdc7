#pragma once

/// A whole series of bars with its dividends and splits, what the rules found
/// in it, and what they changed. Values only; the rules: `judge_series.hpp`.

#include "messages/time.hpp"
#include "models/market/quality.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

namespace banksia {

// -- rows ---------------------------------------------------------------------

/// One bar and what happened to the security at its beginning.
struct series_row {
  timestamp at;       ///< orders the rows, as in `row_times::order`
  timestamp known_at; ///< from when on the row may be used
  bar_values values;  ///< NaN where the source had nothing
  /// The close adjusted for dividends (and splits); NaN where not given.
  double adj_close = std::numeric_limits<double>::quiet_NaN();
  double dividend = 0.0; ///< a share, ex at this row, in the prices' unit
  double split = 0.0; ///< new shares for one old one; 0 or 1: no split
  double capital_gain = 0.0; ///< distributed by a fund, within `dividend`
};

enum class series_field : std::uint8_t {
  open,
  high,
  low,
  close,
  adj_close,
  volume,
  dividend,
  split,
};

inline constexpr std::size_t series_field_count = 8;

/// "open", …, "adj_close", "volume", "dividend", "split".
std::string_view to_string(series_field x) noexcept;

double& field_of(series_row& row, series_field field) noexcept;
double field_of(const series_row& row, series_field field) noexcept;

// -- findings -----------------------------------------------------------------

/// The rule that found something; docs/data_quality.md has the table.
enum class series_rule : std::uint8_t {
  out_of_order,       ///< quarantine: not later than the rows before
  duplicate_time,     ///< quarantine: a second row of one time
  row_rule,           ///< what `judge_row` says; `finding::row_rule`
  missing_rows,       ///< accept: sessions without a row before this one, or
                      ///< after the last
  flat_fill,          ///< quarantine: no trade where trade is usual
  unit_field,         ///< repair: one price of a bar is 100 times off
  unit_block,         ///< repair: whole bars are 100 times off
  split_field,        ///< repair: one price of a bar misses the split
  split_missed,       ///< repair: bars before a split are not adjusted
  split_false,        ///< repair: bars are adjusted for what did not happen
  split_undeclared,   ///< repair: bars step aside by a ratio, and back
  level_break,        ///< accept: a step that nothing explains
  spike,              ///< quarantine: far from the bars on both sides
  field_spike,        ///< a high or low far outside the bar: repair; the
                      ///< close: repair with `adj_close`, else quarantine
  sources_differ,     ///< another source's bar tells which is right: repair
  wrong_symbol,       ///< quarantine: the price of another security
  dividend_unit,      ///< repair: a dividend is 100 times off
  dividend_split,     ///< repair: a dividend misses the split
  dividend_date,      ///< repair: the price fell on another day
  dividend_phantom,   ///< repair: the same dividend twice within days
  dividend_unadjusted,///< repair: `adj_close` misses a dividend
  adjustment_wrong,   ///< repair: `adj_close` steps by another amount
  capital_gain_twice, ///< repair: `adj_close` counts a gain twice
  dividend_unclear,   ///< accept: dividend and adjustment contradict
};

inline constexpr std::size_t series_rule_count = 24;

/// The reason code, as named above.
std::string_view to_string(series_rule x) noexcept;

/// One verdict about some rows, with its evidence. `accept` means: kept as it
/// came, noted for a person.
struct finding {
  series_rule rule = series_rule::row_rule;
  quality_action action = quality_action::accept;
  quality_rule row_rule = quality_rule::none; ///< with `series_rule::row_rule`
  std::size_t first_row = 0; ///< position among the rows as they came
  std::size_t row_count = 1;
  /// When the last row that the verdict rests on was known.
  timestamp known_at;
  double factor = 1.0; ///< what the fields were multiplied by
  /// What was expected: the neighbours' level (a price), or a yield.
  double expected = 0.0;
  double measured = 0.0; ///< what was found in place of it
  double scale = 0.0; ///< one usual step of the series, as a log return
};

/// The reason code of a finding: the row rule's where one decided.
std::string_view reason_of(const finding& x) noexcept;

/// One changed field, and the finding it follows from.
struct series_change {
  std::size_t finding = 0;
  std::size_t row = 0;
  series_field field = series_field::open;
  double from = 0.0;
  double to = 0.0;
};

/// What came out. `from` of a change is the value before that change: a field
/// changed twice has two, in order.
struct series_verdict {
  std::vector<series_row> rows; ///< all rows, in the order they came
  std::vector<bool> refused;    ///< quarantined; as many as rows
  std::vector<finding> findings;
  std::vector<series_change> changes;
};

} // namespace banksia
