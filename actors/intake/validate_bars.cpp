#include "actors/intake/validate_bars.hpp"

#include "actors/intake/row_judge.hpp"
#include "actors/intake/series_rules.hpp"

#include <cmath>
#include <optional>
#include <utility>

namespace banksia::intake {

namespace {

row_times place(const shown_bar& x, const shown_series& shown, bool on_asx,
                const session_lookup& sessions) {
  raw_row row;
  row.at = x.opened_at;
  auto day = on_asx ? exchange_calendar::trading_date_of(x.opened_at)
                    : std::nullopt;
  row.day = day.value_or(
    trading_date{std::chrono::floor<std::chrono::days>(x.opened_at)});
  return times_of(row, shown.interval, sessions).value();
}

bool lacks_a_value(const bar_values& x) noexcept {
  return std::isnan(x.open) || std::isnan(x.high) || std::isnan(x.low)
         || std::isnan(x.close) || std::isnan(x.volume);
}

row_outcome outcome_of(const quality_verdict& verdict, timestamp known_at) {
  return {verdict.action, reason_of(verdict), true, known_at, verdict.values};
}

} // namespace

shown_report validate_bars(const shown_series& shown,
                           const exchange_calendar& calendar) {
  auto on_asx = trades_on_asx(shown.symbol);
  auto sessions = on_asx ? asx_sessions(calendar) : unknown_sessions();
  shown_report result;
  std::vector<series_row> rows;
  std::vector<std::size_t> places; // of the rows among those shown
  seen_rows seen;
  for (const auto& x : shown.bars) {
    auto times = place(x, shown, on_asx, sessions);
    quality_verdict verdict;
    if (lacks_a_value(x.values)) {
      raw_row malformed;
      malformed.problem = row_problem::missing_value;
      malformed.values = x.values;
      verdict = judge_malformed(malformed);
    } else {
      verdict = judge_row(x.values, times.order, times.market_open, seen);
      remember(seen, x.values, times.order, verdict);
    }
    if (verdict.action != quality_action::quarantine) {
      series_row row;
      row.at = times.opened_at;
      row.known_at = times.known_at;
      row.values = x.values;
      rows.push_back(row);
      places.push_back(result.bars.size());
    }
    result.bars.push_back(
      {times.opened_at, outcome_of(verdict, times.known_at), {}});
  }
  put_actions(rows, shown.actions);
  auto verdict = judge_series(
    rows, series_context_for(calendar, on_asx, shown.interval, shown.basis));
  auto outcomes = outcomes_of(rows, verdict);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto& into = result.bars[places[i]];
    if (outcomes[i].action != quality_action::quarantine
        || refusal_stands(outcomes[i], shown.interval))
      into.outcome = outcomes[i];
    if (into.outcome.action == quality_action::repair)
      for (const auto& x : differences(rows[i].values, into.outcome.values))
        into.derivation.push_back({x, into.outcome.reason});
  }
  for (const auto& x : verdict.findings)
    if (x.action == quality_action::accept)
      result.notes.push_back({places[x.first_row], reason_of(x), x.measured});
  return result;
}

} // namespace banksia::intake
