#include "actors/intake/row_judge.hpp"

#include <algorithm>
#include <utility>

namespace banksia::intake {

bool trades_on_asx(std::string_view symbol) noexcept {
  return symbol.ends_with(".AX") || symbol.starts_with("^AX")
         || symbol == "^AORD";
}

session_lookup unknown_sessions() {
  session_lookup result;
  result.on = [](trading_date day) -> std::optional<session_times> {
    timestamp midnight{std::chrono::sys_days{day}};
    return session_times{midnight, midnight + std::chrono::days{1}};
  };
  result.trades_at = [](timestamp) { return true; };
  return result;
}

row_judge::row_judge(const exchange_calendar& calendar, history before)
  : calendar_(&calendar),
    before_(std::move(before)),
    asx_(asx_sessions(calendar)),
    elsewhere_(unknown_sessions()) {}

void row_judge::begin_file(bar_interval interval, price_basis basis) {
  interval_ = interval;
  basis_ = basis;
  ++file_;
}

symbol_memory& row_judge::memory_of(std::string_view symbol) {
  auto found = symbols_.find(symbol);
  if (found == symbols_.end()) {
    found = symbols_.try_emplace(std::string{symbol}).first;
    found->second.name = symbol;
    found->second.id = static_cast<std::uint32_t>(symbols_.size());
    found->second.on_asx = trades_on_asx(symbol);
  }
  return found->second;
}

placed_row row_judge::place(const raw_row& row) {
  placed_row result;
  result.symbol = &memory_of(row.symbol);
  result.line = row.line;
  result.problem = row.problem;
  result.values = row.values;
  result.dividend = row.dividend;
  result.split = row.split;
  result.adj_close = row.adj_close;
  result.text = row.text;
  if (row.problem != row_problem::none)
    return result;
  auto times = times_of(row, interval_,
                        result.symbol->on_asx ? asx_ : elsewhere_);
  if (times)
    result.times = *times;
  else
    result.problem = row_problem::no_zone;
  return result;
}

/// A daily row is ordered by its date, a stored bar knows its opening only.
void row_judge::recall(symbol_memory& symbol, timestamp before) const {
  symbol.file = file_;
  symbol.intervals.insert(interval_);
  symbol.seen = {};
  auto last = before_(symbol.name, interval_, before);
  if (!last)
    return;
  auto order = last->opened_at;
  if (interval_ == bar_interval::d1 && symbol.on_asx)
    if (auto day = calendar_->trading_date_of(last->opened_at))
      order = timestamp{std::chrono::sys_days{*day}};
  symbol.seen = {order, last->values, last->values.close};
}

quality_verdict row_judge::judge(const placed_row& row) {
  if (row.problem != row_problem::none) {
    raw_row malformed;
    malformed.problem = row.problem;
    malformed.values = row.values;
    return judge_malformed(malformed);
  }
  auto& symbol = *row.symbol;
  if (symbol.file != file_)
    recall(symbol, row.times.opened_at);
  if (basis_ != price_basis::as_traded) {
    symbol.basis = basis_;
    symbol.adjusted_from = std::min(
      symbol.adjusted_from.value_or(row.times.opened_at), row.times.opened_at);
  }
  auto verdict = judge_row(row.values, row.times.order, row.times.market_open,
                           symbol.seen);
  remember(symbol.seen, row.values, row.times.order, verdict);
  return verdict;
}

} // namespace banksia::intake
