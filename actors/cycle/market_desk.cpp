#include "actors/cycle/market_desk.hpp"

#include <algorithm>

namespace banksia {

namespace {

/// Nothing is known yet.
constexpr int no_session = std::numeric_limits<int>::max();

} // namespace

void market_desk::begin(const run_plan& plan, bool told) {
  board_.begin(plan.index_symbol);
  reaches_.clear();
  heard_.reset();
  told_ = told;
  levels_read = false;
  if (!plan.index_symbol.empty())
    take_up(plan.index_symbol);
  follow(plan);
}

void market_desk::take_up(const std::string& symbol) {
  if (reaches_.contains(symbol))
    return;
  reaches_[symbol].open_end = told_;
  if (auto closes = board_.find(symbol); closes && !told_)
    closes->know_from(no_session);
}

void market_desk::follow(const run_plan& plan) {
  for (const auto& symbol : plan.symbols) {
    board_.follow(symbol);
    take_up(symbol);
  }
}

void market_desk::add(const run_plan& plan, const bar& x) {
  if (auto closes = board_.find(x.symbol))
    if (auto ordinal = session_ordinal(plan, x.opened_at); ordinal >= 0)
      closes->add(x, ordinal);
}

bool market_desk::add_if_level(const run_plan& plan, const bar& x) {
  auto series = context_series_of(x.symbol);
  if (!series
      || std::find(plan.context.begin(), plan.context.end(), *series)
           == plan.context.end())
    return false;
  add_level(*series, x);
  return true;
}

void market_desk::add(const bar_revision& x) {
  if (auto closes = board_.find(x.content.symbol))
    closes->add(x);
}

void market_desk::add(const corporate_action& x) {
  if (auto closes = board_.find(x.symbol))
    closes->add(x);
}

void market_desk::add_level(context_series series, const bar& x) {
  board_.level(series).add(x);
}

void market_desk::hear(timestamp watermark) {
  if (!heard_)
    heard_ = watermark;
}

std::vector<std::string>
market_desk::unread_at(const run_plan& plan, timestamp slot,
                       const std::vector<std::string>* among) const {
  std::vector<std::string> result;
  auto first = session_ordinal(plan, slot) - session_closes::needed_sessions;
  auto look = [&](const std::string& symbol) {
    auto closes = board_.find(symbol);
    auto known = reaches_.find(symbol);
    if (!closes || known == reaches_.end())
      return;
    const auto& reach = known->second;
    if (closes->complete_from() > first
        || (!reach.open_end && slot > reach.until))
      result.push_back(symbol);
  };
  if (!plan.index_symbol.empty())
    look(plan.index_symbol);
  for (const auto& symbol : among ? *among : plan.symbols)
    look(symbol);
  return result;
}

void market_desk::end_reading(const run_plan& plan, timestamp slot,
                              const std::vector<std::string>& symbols) {
  auto first = session_ordinal(plan, slot) - session_closes::needed_sessions;
  for (const auto& symbol : symbols) {
    if (auto closes = board_.find(symbol))
      closes->know_from(first);
    auto& reach = reaches_[symbol];
    reach.until = std::max(reach.until, slot);
    // What the feed told before this desk listened may be later than the slot:
    // then only that far.
    reach.open_end = reach.open_end || (heard_ && *heard_ <= slot);
  }
}

/// Nobody delivers what is not followed, so it would have to be read again.
void market_desk::leave_all_but(std::vector<std::string> kept) {
  std::sort(kept.begin(), kept.end());
  for (auto& [symbol, reach] : reaches_) {
    if (std::binary_search(kept.begin(), kept.end(), symbol))
      continue;
    if (auto closes = board_.find(symbol))
      closes->know_from(no_session);
    reach = {};
  }
}

market_values market_desk::at(const run_plan& plan, timestamp slot,
                              const std::vector<std::string>* among) {
  auto when = moment_of(plan, slot);
  auto result = board_.at(when, among);
  if (when.ordinal >= 0)
    board_.forget_before(when.ordinal);
  if (among && among->size() < plan.symbols.size()) {
    auto kept = *among;
    kept.push_back(plan.index_symbol);
    leave_all_but(std::move(kept));
  }
  return result;
}

} // namespace banksia
