#include "actors/intake/series_rules.hpp"

#include <algorithm>

namespace banksia::intake {

namespace {

/// Sessions that opened strictly between the two.
std::size_t sessions_between(const exchange_calendar& calendar, timestamp a,
                             timestamp b) {
  auto all = calendar.sessions();
  auto first = std::upper_bound(all.begin(), all.end(), a,
                                [](timestamp t, const session& s) {
                                  return t < s.opens_at;
                                });
  // Nearly always the next one is the other row's.
  if (first == all.end() || first->opens_at >= b)
    return 0;
  auto end = std::lower_bound(first, all.end(), b,
                              [](const session& s, timestamp t) {
                                return s.opens_at < t;
                              });
  return static_cast<std::size_t>(end - first);
}

} // namespace

series_context series_context_for(const exchange_calendar& calendar,
                                  bool on_asx, bar_interval interval,
                                  price_basis basis) {
  series_context result;
  result.basis = basis;
  // Their errors show in adjusted closes, which a bar has not.
  result.rules.dividends = false;
  if (interval == bar_interval::d1 && on_asx)
    result.sessions_between = [&calendar](timestamp a, timestamp b) {
      return sessions_between(calendar, a, b);
    };
  return result;
}

void put_actions(std::vector<series_row>& rows,
                 std::span<const corporate_action> actions) {
  for (const auto& x : actions) {
    auto row = std::lower_bound(rows.begin(), rows.end(), x.effective_at,
                                [](const series_row& a, timestamp t) {
                                  return a.at < t;
                                });
    if (row == rows.begin() || row == rows.end())
      continue;
    if (x.kind == action_kind::dividend)
      row->dividend += x.value.value();
    else
      row->split = (row->split > 0.0 ? row->split : 1.0) * x.value.value();
  }
}

bool refusal_stands(const row_outcome& x, bar_interval interval) noexcept {
  return !x.by_row_rule
         && (interval == bar_interval::d1
             || x.reason != to_string(series_rule::flat_fill));
}

} // namespace banksia::intake
