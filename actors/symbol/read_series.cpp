#include "actors/symbol/read_series.hpp"

#include "actors/symbol/recompute.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace banksia {

namespace {

/// A context needs the closes of the last six sessions that have one.
constexpr std::chrono::days index_reach{60};

} // namespace

bool is_live(const run_plan& plan) {
  return plan.run == "live";
}

std::vector<bar_interval> intervals_of(const run_plan& plan) {
  if (is_live(plan) && plan.data_interval != bar_interval::d1)
    return {plan.data_interval, bar_interval::d1};
  return {plan.data_interval};
}

std::vector<bar> read_bars(store::queries& ask, const run_plan& plan,
                           const std::string& symbol, timestamp from,
                           timestamp until) {
  std::vector<bar> bars;
  for (auto interval : intervals_of(plan)) {
    auto some = ask.bars_since(symbol, interval, from, until);
    std::move(some.begin(), some.end(), std::back_inserter(bars));
  }
  std::stable_sort(bars.begin(), bars.end(), applied_before);
  return bars;
}

std::vector<bar_revision> read_revisions(store::queries& ask,
                                         const run_plan& plan,
                                         const std::string& symbol,
                                         timestamp until) {
  std::vector<bar_revision> revisions;
  for (auto interval : intervals_of(plan)) {
    auto some = ask.revisions(symbol, interval, until);
    std::move(some.begin(), some.end(), std::back_inserter(revisions));
  }
  return revisions;
}

index_series read_recent_index(store::queries& ask, const run_plan& plan,
                               timestamp slot) {
  index_series result;
  if (plan.index_symbol.empty())
    return result;
  const auto& symbol = plan.index_symbol;
  result.revisions = read_revisions(ask, plan, symbol, slot);
  result.bars = read_bars(ask, plan, symbol, slot - index_reach, slot);
  if (context_from(plan, result.bars, result.revisions, slot).flagged)
    result.bars = read_bars(ask, plan, symbol, timestamp::min(), slot);
  return result;
}

} // namespace banksia
