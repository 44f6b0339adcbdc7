#include "models/market/row_outcomes.hpp"

#include <algorithm>

namespace banksia {

namespace {

constexpr std::array<series_field, 5> bar_fields{
  series_field::open, series_field::high, series_field::low,
  series_field::close, series_field::volume};

void refuse(row_outcome& into, const finding& x) {
  // The first refusal decides; what was repaired in a refused row is nothing.
  if (into.action == quality_action::quarantine)
    return;
  into.action = quality_action::quarantine;
  into.reason = reason_of(x);
  into.by_row_rule = x.rule == series_rule::row_rule;
  into.known_at = x.known_at;
}

void repair(row_outcome& into, const finding& x) {
  if (into.action == quality_action::quarantine)
    return;
  auto is_row_rule = x.rule == series_rule::row_rule;
  if (into.action == quality_action::accept
      || (into.by_row_rule && !is_row_rule)) {
    into.reason = reason_of(x);
    into.by_row_rule = is_row_rule;
  }
  into.action = quality_action::repair;
  into.known_at = std::max(into.known_at, x.known_at);
}

double value_of(const bar_values& x, series_field field) noexcept {
  series_row row;
  row.values = x;
  return field_of(static_cast<const series_row&>(row), field);
}

} // namespace

bool is_bar_field(series_field x) noexcept {
  return std::find(bar_fields.begin(), bar_fields.end(), x)
         != bar_fields.end();
}

std::vector<row_outcome>
outcomes_of(std::span<const series_row> as_they_came,
            const series_verdict& verdict) {
  std::vector<row_outcome> result(as_they_came.size());
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i].known_at = as_they_came[i].known_at;
    result[i].values = as_they_came[i].values;
  }
  for (const auto& x : verdict.findings)
    if (x.action == quality_action::quarantine)
      refuse(result[x.first_row], x);
  for (const auto& change : verdict.changes)
    if (is_bar_field(change.field))
      repair(result[change.row], verdict.findings[change.finding]);
  for (std::size_t i = 0; i < result.size(); ++i)
    if (result[i].action == quality_action::repair)
      result[i].values = verdict.rows[i].values;
  return result;
}

std::vector<value_difference> differences(const bar_values& from,
                                          const bar_values& to) {
  std::vector<value_difference> result;
  for (auto field : bar_fields)
    if (value_of(from, field) != value_of(to, field))
      result.push_back({field, value_of(from, field), value_of(to, field)});
  return result;
}

} // namespace banksia
