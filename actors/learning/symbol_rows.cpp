#include "actors/learning/symbol_rows.hpp"

#include "actors/evaluator/outcome_book.hpp"
#include "actors/horizon_band.hpp"
#include "actors/scheduler/slot_walk.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>
#include <iterator>
#include <map>
#include <memory>

namespace banksia::learning {

namespace {

constexpr std::uint32_t day_minutes = 24 * 60;
constexpr std::uint32_t half_hour_minutes = 30;

/// A predictor of the symbol as of `settled`, given everything.
std::unique_ptr<predictor> begin(const shared_plan& plan,
                                 const std::string& symbol,
                                 const prediction_inputs& inputs,
                                 timestamp settled) {
  auto made = std::make_unique<predictor>(plan, symbol, settled);
  for (const auto& x : inputs.actions)
    made->add(x);
  for (const auto& x : inputs.revisions)
    made->add(x);
  for (const auto& x : inputs.bars)
    made->add(x);
  for (const auto& x : inputs.headlines)
    made->add(x);
  return made;
}

/// The feature that is the return over a horizon which ended at the slot.
std::optional<std::size_t> last_return_feature(std::uint32_t horizon) {
  switch (horizon) {
    case 60: return feature_index("price_change_1h");
    case 240: return feature_index("price_change_4h");
    case day_minutes: return feature_index("price_change_1d");
    default: return std::nullopt;
  }
}

std::uint32_t half_hour_of(const run_plan& plan, timestamp slot) {
  auto current = plan.calendar.session_at(slot);
  if (!current || plan.interval == bar_interval::d1)
    return 0;
  auto since = std::chrono::duration_cast<std::chrono::minutes>(
    slot - current->opens_at);
  return static_cast<std::uint32_t>(since.count()) / half_hour_minutes;
}

/// The bars on which outcomes are made, oldest first, and what splits them.
class outcome_walk {
public:
  outcome_walk(const dataset_source& from, const prediction_inputs& inputs)
    : plan_(from.plan), inputs_(inputs), book_(from.plan) {
    if (!from.listed.is_plain())
      book_.know(std::make_shared<listings>(from.listed));
    for (const auto& x : inputs.actions)
      book_.add(x);
  }

  /// Everything known by `t`.
  void advance(timestamp t) {
    for (; next_ < inputs_.bars.size() && inputs_.bars[next_].known_at <= t;
         ++next_)
      if (inputs_.bars[next_].interval == plan_->data_interval)
        book_.add(inputs_.bars[next_]);
    book_.advance(t);
  }

  void owe(const prediction& p, timestamp due) {
    obligation x;
    x.prediction = p.id;
    x.symbol = p.symbol;
    x.interval = p.interval;
    x.slot = p.slot;
    x.due_at = due;
    x.horizon_minutes = p.horizon_minutes;
    x.action = p.action;
    x.entry_price = p.entry_price;
    book_.owe(x);
    book_.settle(p.slot);
  }

  std::vector<outcome> take() { return book_.take(); }

private:
  shared_plan plan_;
  const prediction_inputs& inputs_;
  outcome_book book_;
  std::size_t next_ = 0;
};

/// Rows that wait for their outcome, and those that have it.
class row_keeper {
public:
  row_keeper(const symbol_walk& walk, std::uint32_t symbol,
             dataset_counts& counts)
    : walk_(walk), symbol_(symbol), counts_(counts) {}

  /// @returns false when no outcome would be of use
  bool keep(const prediction& p, bar_window window) {
    const auto& plan = *walk_.from.plan;
    auto day = exchange_calendar::trading_date_of(p.slot);
    auto band = horizon_band(plan.calendar, p.slot,
                             plan.primary_horizon_minutes,
                             p.trace.inputs.volatility.value(),
                             walk_.options.flat_band);
    if (!day || !band) {
      ++counts_.unbanded;
      return false;
    }
    symbol_row row;
    row.features = p.features;
    row.window = std::move(window);
    row.rule = p.action;
    row.sample.symbol = symbol_;
    row.sample.day = *day;
    row.sample.slot = p.slot;
    row.sample.half_hour = half_hour_of(plan, p.slot);
    row.sample.band = *band;
    if (auto i = last_return_feature(plan.primary_horizon_minutes);
        i && p.features.has(*i))
      row.sample.last_return = fraction{p.features.values[*i]};
    waiting_.emplace(p.id, std::move(row));
    return true;
  }

  void take(const std::vector<outcome>& made) {
    for (const auto& x : made) {
      auto at = waiting_.find(x.prediction);
      if (at == waiting_.end())
        continue;
      auto row = std::move(at->second);
      waiting_.erase(at);
      if (x.is_void || !std::isfinite(x.actual_return.value()))
        ++counts_.open;
      else if (x.sessions_elapsed > 1)
        ++counts_.gaps;
      else {
        row.sample.actual_return = x.actual_return;
        row.sample.label_end = x.evaluation_timestamp;
        keep_newest(std::move(row));
      }
    }
  }

  std::vector<symbol_row> finish() {
    counts_.open += waiting_.size();
    std::sort(done_.begin(), done_.end(), [](const auto& a, const auto& b) {
      return a.sample.slot < b.sample.slot;
    });
    return {std::make_move_iterator(done_.begin()),
            std::make_move_iterator(done_.end())};
  }

private:
  void keep_newest(symbol_row row) {
    done_.push_back(std::move(row));
    if (done_.size() <= walk_.rows_max)
      return;
    done_.pop_front();
    ++counts_.older;
  }

  const symbol_walk& walk_;
  std::uint32_t symbol_;
  dataset_counts& counts_;
  std::map<prediction_id, symbol_row> waiting_;
  std::deque<symbol_row> done_; ///< about in the order of their slots
};

/// Whether a cycle at `slot` would have asked the symbol.
bool is_asked(const listings& listed, const std::string& symbol,
              timestamp slot) {
  if (listed.is_plain())
    return true;
  auto index = listed.index_of(symbol);
  if (!index)
    return false;
  auto followed = listed.predicted_at(slot);
  return std::find(followed.begin(), followed.end(), *index) != followed.end()
         && !listed.is_halted(*index, slot);
}

} // namespace

std::vector<symbol_row> rows_of(const symbol_walk& walk, std::uint32_t symbol,
                                const prediction_inputs& inputs,
                                dataset_counts& counts) {
  const auto& plan = walk.from.plan;
  const auto& name = plan->symbols[symbol];
  row_keeper rows{walk, symbol, counts};
  outcome_walk outcomes{walk.from, inputs};
  std::unique_ptr<predictor> model;
  for (std::size_t i = 0; i < walk.slots.size(); ++i) {
    auto slot = walk.slots[i];
    // Before its first bar there is nothing to ask about.
    if (inputs.bars.empty() || slot < inputs.bars.front().known_at)
      continue;
    outcomes.advance(slot);
    rows.take(outcomes.take());
    if (!is_asked(walk.from.listed, name, slot))
      continue;
    ++counts.slots;
    // As the symbol's actor does: what it learnt too late makes it begin again.
    if (!model || !model->fits(slot))
      model = begin(plan, name, inputs, slot);
    auto p = model->predict(make_slot(*plan, slot, slot), walk.contexts[i]);
    if (p.abstained) {
      ++counts.abstained;
      continue;
    }
    auto due = due_at(*plan, slot, plan->primary_horizon_minutes);
    if (!due)
      ++counts.open;
    else if (rows.keep(p, model->window()))
      outcomes.owe(p, *due);
  }
  outcomes.advance(walk.options.as_of);
  rows.take(outcomes.take());
  return rows.finish();
}

} // namespace banksia::learning
