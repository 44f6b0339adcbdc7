#include "models/market/repair/dividends.hpp"

#include <algorithm>

namespace banksia::repair {

bool dividend_event::adjusted_is(double x) const noexcept {
  // Adjusted closes come rounded to some 1e-5 of the price.
  return std::abs(adjusted - x) < std::max(0.1 * std::abs(x), 3e-5);
}

bool price_rejects(const dividend_event& x, double yield) noexcept {
  auto fall = std::max(x.fall, x.fall_low);
  return fall < yield / 3.0 && yield - fall > 3.0 * x.scale;
}

std::size_t note(workbench& bench, dividend_event& x, series_rule rule,
                 quality_action action, double expected, double measured,
                 std::size_t evidence_live) {
  const auto& live = bench.live();
  finding result;
  result.rule = rule;
  result.action = action;
  result.first_row = x.row;
  result.known_at = bench.known_at(
    live[std::min(evidence_live, live.size() - 1)]);
  result.known_at = std::max(result.known_at, bench.known_at(x.row));
  result.expected = expected;
  result.measured = measured;
  result.scale = x.scale;
  x.finding = bench.add(result);
  return x.finding;
}

std::vector<dividend_event> measure_dividends(const workbench& bench) {
  std::vector<dividend_event> result;
  const auto& live = bench.live();
  for (std::size_t i = 0; i < bench.size(); ++i) {
    if (!(bench.row(i).dividend > 0.0))
      continue;
    auto k = static_cast<std::size_t>(
      std::lower_bound(live.begin(), live.end(), i) - live.begin());
    if (k == 0 || k >= live.size())
      continue; // nothing to measure it by
    const auto& before = bench.row(live[k - 1]);
    const auto& row = bench.row(live[k]);
    dividend_event x;
    x.row = i;
    x.live = x.paid = k;
    x.close_before = before.values.close;
    x.declared = x.yield = bench.row(i).dividend / x.close_before;
    x.adjusted = 1.0
                 - before.adj_close / before.values.close
                     / (row.adj_close / row.values.close);
    x.gain = bench.row(i).capital_gain / x.close_before;
    x.fall = 1.0 - row.values.close / x.close_before;
    x.fall_early = x.fall;
    if (row.values.open > 0.0)
      x.fall_early = 0.7 * (1.0 - row.values.open / x.close_before)
                     + 0.3 * x.fall;
    x.fall_low = 1.0 - row.values.low / x.close_before;
    x.scale = usual_step_before(bench, k, 40);
    result.push_back(x);
  }
  return result;
}

namespace {

/// Writes the decided amounts and days into the rows.
void apply_amounts(workbench& bench, std::span<const dividend_event> events) {
  const auto& live = bench.live();
  for (const auto& x : events) {
    if (x.finding == dividend_event::npos)
      continue;
    auto amount = x.is_phantom ? 0.0 : x.yield * x.close_before;
    if (x.paid == x.live) {
      if (std::abs(x.yield - x.declared) > 1e-12 || x.is_phantom)
        bench.change(x.finding, x.row, series_field::dividend, amount);
    } else {
      auto moved = bench.row(live[x.paid]).dividend + amount;
      bench.change(x.finding, x.row, series_field::dividend, 0.0);
      bench.change(x.finding, live[x.paid], series_field::dividend, moved);
    }
  }
}

/// What all adjusted closes before a live position are multiplied by.
struct correction {
  std::size_t live;
  double factor;
  std::size_t finding;
};

/// The steps of the adjusted close as the decided dividends want them.
std::vector<correction>
corrections(const workbench& bench, std::span<const dividend_event> events) {
  std::vector<correction> result;
  for (const auto& x : events) {
    if (x.finding == dividend_event::npos || std::isnan(x.adjusted))
      continue;
    auto yield = x.is_phantom ? 0.0 : x.yield;
    auto undo = 1.0 / (1.0 - x.adjusted);
    if (x.paid == x.live) {
      if (!x.adjusted_is(yield))
        result.push_back({x.live, (1.0 - yield) * undo, x.finding});
      continue;
    }
    auto close = bench.row(bench.live()[x.paid - 1]).values.close;
    auto amount = yield * x.close_before;
    result.push_back({x.live, undo, x.finding});
    result.push_back({x.paid, 1.0 - amount / close, x.finding});
  }
  std::sort(result.begin(), result.end(),
            [](const auto& a, const auto& b) { return a.live > b.live; });
  return result;
}

void apply_adjustments(workbench& bench,
                       std::span<const correction> wanted) {
  if (wanted.empty())
    return;
  auto next = wanted.begin();
  double factor = 1.0;
  std::size_t source = 0;
  for (auto k = bench.live().size(); k-- > 0;) {
    auto i = bench.live()[k];
    for (; next != wanted.end() && next->live == k + 1; ++next) {
      factor *= next->factor;
      source = next->finding;
      bench.at(source).factor = next->factor;
    }
    if (factor != 1.0)
      bench.change(source, i, series_field::adj_close,
                   bench.row(i).adj_close * factor);
  }
}

} // namespace

void repair_dividends(workbench& bench) {
  bench.collect_live();
  auto events = measure_dividends(bench);
  if (events.empty())
    return;
  find_phantoms(bench, events);
  if (bench.context().basis != price_basis::fully_adjusted) {
    find_split_dividends(bench, events);
    find_twice_counted_gains(bench, events);
    settle_contradictions(bench, events);
    find_misplaced_and_oversized(bench, events);
    find_undersized(bench, events);
    find_unadjusted(bench, events);
  }
  auto wanted = corrections(bench, events);
  apply_amounts(bench, events);
  apply_adjustments(bench, wanted);
}

} // namespace banksia::repair
