#include "actors/intake/file_actions.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace banksia::intake {

namespace {

bool is_split(double x) noexcept {
  return std::isfinite(x) && x > 0.0 && x != 1.0;
}

bool is_dividend(double x) noexcept {
  return std::isfinite(x) && x > 0.0;
}

bool is_about_dividends(series_rule x) noexcept {
  switch (x) {
    case series_rule::dividend_unit:
    case series_rule::dividend_split:
    case series_rule::dividend_date:
    case series_rule::dividend_phantom:
    case series_rule::dividend_unclear:
      return true;
    default:
      return false;
  }
}

} // namespace

void file_actions::begin_file(bar_interval interval, price_basis basis,
                              bool has_actions) {
  interval_ = interval;
  basis_ = basis;
  has_actions_ = has_actions && interval == bar_interval::d1;
  is_long_ = false;
  held_ = 0;
  rows_.clear();
  left_out_ = 0;
}

void file_actions::take(const placed_row& row) {
  if (!has_actions_ || row.problem != row_problem::none
      || !row.times.market_open)
    return;
  series_row x;
  x.at = row.times.opened_at;
  x.known_at = row.times.known_at;
  x.values = row.values;
  x.adj_close = row.adj_close.value_or(x.adj_close);
  x.dividend = row.dividend.value_or(0.0);
  x.split = row.split.value_or(0.0);
  if (basis_ != price_basis::as_traded && is_split(x.split))
    leave_out(*row.symbol, action_kind::split, x.at, x.split);
  if (basis_ == price_basis::fully_adjusted) {
    if (is_dividend(x.dividend))
      leave_out(*row.symbol, action_kind::dividend, x.at, x.dividend);
    return;
  }
  is_long_ = is_long_ || ++held_ > rows_max;
  // Of a long file only the rows with an action are held.
  if (!is_long_ || is_split(x.split) || is_dividend(x.dividend))
    rows_[row.symbol->name].push_back(x);
}

void file_actions::leave_out(symbol_memory& symbol, action_kind kind,
                             timestamp at, double value) {
  ++left_out_;
  corporate_action x;
  x.kind = kind;
  x.effective_at = x.known_at = at;
  x.value = real{value};
  if (std::find(symbol.told.begin(), symbol.told.end(), x)
      == symbol.told.end())
    symbol.told.push_back(x);
}

void file_actions::put(const std::string& symbol, const series_row& row,
                       corporate_action_batch& into) const {
  corporate_action x;
  x.symbol = symbol;
  x.effective_at = x.known_at = row.at;
  if (basis_ == price_basis::as_traded && is_split(row.split)) {
    x.kind = action_kind::split;
    x.value = real{row.split};
    into.actions.push_back(x);
  }
  if (is_dividend(row.dividend)) {
    x.kind = action_kind::dividend;
    x.value = real{row.dividend};
    into.actions.push_back(x);
  }
}

corporate_action_batch file_actions::finish(timestamp received_at,
                                            const std::string& source,
                                            import_notes& notes) {
  corporate_action_batch result;
  series_context context;
  context.basis = basis_;
  for (auto& [symbol, rows] : std::exchange(rows_, {})) {
    if (is_long_) {
      for (const auto& row : rows)
        put(symbol, row, result);
      continue;
    }
    auto verdict = judge_series(rows, context);
    for (const auto& x : verdict.findings)
      if (is_about_dividends(x.rule))
        notes.add({symbol, interval_, verdict.rows[x.first_row].at,
                   reason_of(x), x.measured});
    for (const auto& row : verdict.rows)
      put(symbol, row, result);
  }
  for (auto& x : result.actions) {
    x.received_at = received_at;
    x.source = source;
  }
  notes.actions_left_out += std::exchange(left_out_, 0);
  return result;
}

} // namespace banksia::intake
