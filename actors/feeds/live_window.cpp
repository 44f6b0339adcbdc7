#include "actors/feeds/live_window.hpp"

#include "actors/intake/row_judge.hpp"
#include "actors/intake/series_rules.hpp"

#include <algorithm>
#include <utility>

namespace banksia {

namespace {

bar_revision revision_of(const bar& x, const bar_values& values,
                         bool withdrawn, std::string_view reason,
                         timestamp known_at) {
  bar_revision result;
  result.content = x;
  result.content.verdict = bar_verdict::repaired;
  result.content.known_at = known_at;
  put(result.content, values);
  result.withdrawn = withdrawn;
  result.reason = reason;
  return result;
}

quarantined_row refusal_of(const bar& x, const bar_values& as_came,
                           std::string_view reason) {
  return {1, x.symbol, x.source, std::string{reason},
          quarantined_text(x.opened_at, as_came), x.received_at};
}

void add_repairs(window_verdict& into, const bar& x, const bar_values& as_came,
                 std::string_view reason) {
  for (const auto& y : differences(as_came, values_of(x)))
    into.repairs.push_back({1, x.symbol, x.interval, x.opened_at,
                            std::string{to_string(y.field)}, real{y.from},
                            real{y.to}, std::string{reason}});
}

} // namespace

std::string quarantined_text(timestamp opened_at, const bar_values& x) {
  auto text = to_rfc3339(opened_at);
  for (auto value : {x.open, x.high, x.low, x.close, x.volume})
    text += " " + std::to_string(value);
  return text;
}

void live_window::recall(const std::vector<bar>& stored,
                         const std::vector<bar_revision>& revisions) {
  bars_.clear();
  auto first = stored.size() > bars_max ? stored.size() - bars_max : 0;
  for (auto i = first; i < stored.size(); ++i)
    bars_.push_back({stored[i], values_of(stored[i]), false, false, {}});
  for (const auto& x : revisions) {
    auto found = std::lower_bound(bars_.begin(), bars_.end(),
                                  x.content.opened_at,
                                  [](const kept_bar& a, timestamp t) {
                                    return a.content.opened_at < t;
                                  });
    if (found == bars_.end()
        || found->content.opened_at != x.content.opened_at)
      continue;
    found->withdrawn = x.withdrawn;
    if (!x.withdrawn)
      put(found->content, values_of(x.content));
  }
}

std::vector<series_row> live_window::rows() const {
  std::vector<series_row> result;
  result.reserve(bars_.size());
  for (const auto& x : bars_) {
    series_row row;
    row.at = x.content.opened_at;
    row.known_at = x.content.known_at;
    row.values = x.as_came;
    result.push_back(row);
  }
  return result;
}

/// A new bar takes its place among those to be stored.
void live_window::come(kept_bar& x, window_verdict& into) {
  x.is_new = false;
  if (!x.reason.empty()) {
    x.content.verdict = bar_verdict::repaired;
    add_repairs(into, x.content, x.as_came, x.reason);
  }
  into.bars.push_back(x.content);
}

/// A verdict that came after its bar.
void live_window::revise(kept_bar& x, const row_outcome& y, timestamp known_at,
                         window_verdict& into) {
  auto withdraw = y.action == quality_action::quarantine;
  into.revisions.push_back(
    revision_of(x.content, withdraw ? values_of(x.content) : y.values, withdraw,
                y.reason, known_at));
  if (withdraw)
    into.refused.push_back(refusal_of(x.content, x.as_came, y.reason));
  else
    put(x.content, y.values);
  x.withdrawn = withdraw;
}

/// Applies a verdict to a bar; false when the bar is refused as it came.
bool live_window::rule(kept_bar& x, const row_outcome& y, timestamp now,
                       window_verdict& into) {
  auto refused = y.action == quality_action::quarantine;
  auto stands = refused
                  ? intake::refusal_stands(y, x.content.interval)
                  : y.action == quality_action::repair;
  auto is_late = !x.is_new || y.known_at > x.content.known_at;
  auto was_new = x.is_new;
  if (refused && stands && !is_late) {
    into.refused.push_back(refusal_of(x.content, x.as_came, y.reason));
    ++into.quarantined;
    return false;
  }
  auto as_served = [&] {
    return !x.withdrawn && values_of(x.content) == y.values;
  };
  if (!refused && stands && !is_late && !as_served()) {
    put(x.content, y.values);
    x.reason = y.reason;
  }
  auto changes = stands && is_late && (refused ? !x.withdrawn : !as_served());
  auto known_at = was_new ? y.known_at : std::max(y.known_at, now);
  auto is_repaired = !x.reason.empty();
  if (was_new)
    come(x, into);
  if (changes)
    revise(x, y, known_at, into);
  if (was_new || changes) {
    if (changes && refused)
      ++into.quarantined;
    else if (changes || is_repaired)
      ++into.repaired;
    else
      ++into.accepted;
  }
  return true;
}

window_verdict
live_window::judge(std::vector<fresh_bar> fresh,
                   const std::vector<corporate_action>& actions,
                   const exchange_calendar& calendar, timestamp now) {
  window_verdict result;
  if (fresh.empty())
    return result;
  for (auto& x : fresh)
    bars_.push_back({std::move(x.content), x.as_came, false, true, x.reason});
  auto judged = rows();
  intake::put_actions(judged, actions);
  const auto& first = bars_.front().content;
  auto on_asx = intake::trades_on_asx(first.symbol);
  auto verdict = judge_series(
    judged, intake::series_context_for(calendar, on_asx, first.interval,
                                       price_basis::as_traded));
  auto outcomes = outcomes_of(judged, verdict);
  std::size_t i = 0;
  std::erase_if(bars_, [&](kept_bar& x) {
    return !rule(x, outcomes[i++], now, result);
  });
  if (bars_.size() > bars_max)
    bars_.erase(bars_.begin(),
                bars_.end() - static_cast<std::ptrdiff_t>(bars_max));
  return result;
}

} // namespace banksia
