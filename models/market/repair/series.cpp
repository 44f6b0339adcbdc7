#include "models/market/repair/series.hpp"

namespace banksia {

namespace {

constexpr std::array<std::string_view, series_field_count> field_names{
  "open", "high", "low", "close", "adj_close", "volume", "dividend", "split"};

constexpr std::array<std::string_view, series_rule_count> rule_names{
  "out_of_order",        "duplicate_time",   "row_rule",
  "missing_rows",        "flat_fill",        "unit_field",       "unit_block",
  "split_field",         "split_missed",     "split_false",
  "split_undeclared",    "level_break",      "spike",
  "field_spike",         "sources_differ",   "wrong_symbol",
  "dividend_unit",       "dividend_split",   "dividend_date",
  "dividend_phantom",    "dividend_unadjusted", "adjustment_wrong",
  "capital_gain_twice",  "dividend_unclear"};

} // namespace

std::string_view to_string(series_field x) noexcept {
  return field_names[static_cast<std::size_t>(x)];
}

std::string_view to_string(series_rule x) noexcept {
  return rule_names[static_cast<std::size_t>(x)];
}

std::string_view reason_of(const finding& x) noexcept {
  if (x.rule != series_rule::row_rule)
    return to_string(x.rule);
  quality_verdict verdict;
  verdict.rule = x.row_rule;
  return reason_of(verdict);
}

double& field_of(series_row& row, series_field field) noexcept {
  switch (field) {
    case series_field::open:
      return row.values.open;
    case series_field::high:
      return row.values.high;
    case series_field::low:
      return row.values.low;
    case series_field::close:
      return row.values.close;
    case series_field::adj_close:
      return row.adj_close;
    case series_field::volume:
      return row.values.volume;
    case series_field::dividend:
      return row.dividend;
    case series_field::split:
      break;
  }
  return row.split;
}

double field_of(const series_row& row, series_field field) noexcept {
  return field_of(const_cast<series_row&>(row), field);
}

} // namespace banksia
