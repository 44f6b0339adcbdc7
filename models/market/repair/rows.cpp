/// Rules for rows by themselves: their time, their session, what `judge_row`
/// says, and bars without trade where there is trade on every day.

#include "models/market/repair/workbench.hpp"

#include <bit>

namespace banksia::repair {

namespace {

/// The rows before, one bit each: whether there was trade.
class trade_memory {
public:
  void take(bool traded) {
    bits_ = bits_ << 1 | (traded ? 1u : 0u);
    count_ = std::min(count_ + 1, 64);
  }

  /// Trade in at least 19 of 20 rows, of which there were 20.
  bool is_active() const {
    return count_ >= 20 && 20 * std::popcount(bits_) >= 19 * count_;
  }

private:
  std::uint64_t bits_ = 0;
  int count_ = 0;
};

bool is_flat(const bar_values& x) noexcept {
  return x.volume == 0.0 && x.open == x.close && x.high == x.close
         && x.low == x.close;
}

/// Sessions between row `before` and a later time, the next row's or the end.
void note_missing(workbench& bench, std::size_t before, std::size_t i,
                  timestamp at, timestamp known_at) {
  const auto& sessions = bench.context().sessions_between;
  if (!sessions)
    return;
  auto missing = sessions(bench.row(before).at, at);
  if (missing == 0)
    return;
  finding x;
  x.rule = series_rule::missing_rows;
  x.first_row = i;
  x.known_at = known_at;
  x.measured = static_cast<double>(missing);
  bench.add(x);
}

void refuse_by_row_rule(workbench& bench, std::size_t i, quality_rule rule) {
  auto f = bench.refuse(i, series_rule::row_rule, bench.known_at(i));
  bench.at(f).row_rule = rule;
}

} // namespace

void refuse_rows(workbench& bench) {
  // Rows that no other rule could work with go in any case.
  const auto& context = bench.context();
  seen_rows seen;
  trade_memory trades;
  std::size_t last = 0;
  for (std::size_t i = 0; i < bench.size(); ++i) {
    const auto& row = bench.row(i);
    if (seen.last_at && row.at < *seen.last_at) {
      bench.refuse(i, series_rule::out_of_order, row.known_at);
      continue;
    }
    // A row in the place of a refused one is judged as if it stood alone.
    if (seen.last_at && row.at == *seen.last_at && bench.is_live(last)) {
      auto wins = reconcile(bench.row(last).values, row.values)
                  == reconciliation::take_incoming;
      bench.refuse(wins ? last : i, series_rule::duplicate_time, row.known_at);
      if (!wins)
        continue;
    }
    if (context.rules.rows && seen.last_at)
      note_missing(bench, last, i, row.at, row.known_at);
    auto open = !context.market_open || !context.rules.rows
                || context.market_open(row.at);
    auto verdict = judge_row(row.values, row.at, open, seen);
    remember(seen, row.values, row.at, verdict);
    last = i;
    auto is_fatal = verdict.rule != quality_rule::stale_copy
                    || context.rules.rows;
    if (verdict.action == quality_action::quarantine && is_fatal)
      refuse_by_row_rule(bench, i, verdict.rule);
    else if (context.rules.rows && is_flat(row.values) && trades.is_active())
      bench.refuse(i, series_rule::flat_fill, row.known_at);
    if (open)
      trades.take(row.values.volume > 0.0);
  }
  if (context.rules.rows && context.expected_until && seen.last_at
      && *context.expected_until > *seen.last_at)
    note_missing(bench, last, last, *context.expected_until,
                 *context.expected_until);
}

void repair_row_order(workbench& bench) {
  seen_rows seen;
  for (auto i : bench.live()) {
    const auto values = bench.row(i).values;
    seen.last = {};
    auto verdict = judge_row(values, bench.row(i).at, true, seen);
    if (verdict.action == quality_action::quarantine) {
      // A repair that led out of the range of numbers.
      refuse_by_row_rule(bench, i, verdict.rule);
      continue;
    }
    seen.last_at = bench.row(i).at;
    seen.accepted_close = verdict.values.close;
    if (verdict.action != quality_action::repair)
      continue;
    finding x;
    x.row_rule = verdict.rule;
    x.action = quality_action::repair;
    x.first_row = i;
    x.known_at = bench.known_at(i);
    auto f = bench.add(x);
    bench.change(f, i, series_field::open, verdict.values.open);
    bench.change(f, i, series_field::high, verdict.values.high);
    bench.change(f, i, series_field::low, verdict.values.low);
  }
}

} // namespace banksia::repair
