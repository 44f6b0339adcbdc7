#include "actors/learning/dataset.hpp"

#include "actors/learning/market_walk.hpp"
#include "actors/learning/symbol_rows.hpp"
#include "models/decision/market_context_state.hpp"
#include "models/features/feature_assembly.hpp"
#include "models/features/recent_bars.hpp"
#include "models/market/bar_revisions.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>

namespace banksia::learning {

namespace {

/// Every headline there is.
constexpr std::int64_t all_headlines = std::numeric_limits<std::int64_t>::max();

forecast::direction_class class_of(move_class x) {
  switch (x) {
    case move_class::down: return forecast::direction_class::down;
    case move_class::up: return forecast::direction_class::up;
    case move_class::flat: break;
  }
  return forecast::direction_class::flat;
}

void append(dataset& to, symbol_row& row) {
  auto window = values_of(row.window);
  to.rows.inputs.add(row.features, window, row.window.mask, row.sample.symbol);
  to.rows.labels.push_back(class_of(row.sample.label()));
  to.rows.returns.push_back(row.sample.actual_return.value());
  to.rows.slots.push_back(row.sample.slot);
  to.rows.label_ends.push_back(row.sample.label_end);
  to.samples.push_back(row.sample);
  to.rules.push_back(row.rule);
}

/// What no symbol's own walk can know; no other feature is made from it, and no
/// rule decides by it.
void add_market(std::vector<symbol_row>& rows,
                std::span<const timestamp> slots,
                const std::vector<market_values>& markets) {
  for (auto& row : rows) {
    auto at = std::lower_bound(slots.begin(), slots.end(), row.sample.slot);
    set_market(row.features,
               markets[static_cast<std::size_t>(at - slots.begin())]);
  }
}

/// Moves the rows over by slot, then symbol.
void merge(dataset& to, std::vector<symbol_row> rows) {
  std::vector<std::uint32_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) {
    const auto& x = rows[a].sample;
    const auto& y = rows[b].sample;
    return x.slot != y.slot ? x.slot < y.slot : x.symbol < y.symbol;
  });
  for (auto i : order) {
    append(to, rows[i]);
    rows[i] = {};
  }
}

/// The index's bars and what was said of them later, in order.
class context_walk {
public:
  context_walk(const run_plan& plan, const prediction_inputs& inputs)
    : plan_(plan), bars_(inputs.index_bars), told_(inputs.index_revisions) {
    std::stable_sort(told_.begin(), told_.end(),
                     [](const bar_revision& a, const bar_revision& b) {
                       return a.content.known_at < b.content.known_at;
                     });
  }

  market_context at(timestamp slot) {
    if (learn(slot)) {
      state_ = {};
      next_ = 0;
      newest_ = {};
    }
    for (; next_ < bars_.size() && bars_[next_].known_at <= slot; ++next_) {
      const auto& x = bars_[next_];
      newest_ = std::max(newest_, x.opened_at);
      auto used = revised_.as_of(x, slot);
      if (auto ordinal = session_ordinal(plan_, x.opened_at);
          used && ordinal >= 0)
        state_.add(*used, ordinal);
    }
    return state_.at(session_ordinal(plan_, slot), plan_.interval, plan_.rules);
  }

private:
  /// @returns whether a bar that is part of the state is told anew
  bool learn(timestamp slot) {
    auto late = false;
    for (; told_next_ < told_.size()
           && told_[told_next_].content.known_at <= slot;
         ++told_next_) {
      const auto& x = told_[told_next_];
      late = late || x.content.opened_at <= newest_;
      revised_.add(x);
    }
    return late;
  }

  const run_plan& plan_;
  const std::vector<bar>& bars_;
  std::vector<bar_revision> told_; ///< by `known_at`
  std::size_t told_next_ = 0;
  std::size_t next_ = 0;
  timestamp newest_{};
  bar_revisions revised_;
  market_context_state state_;
};

} // namespace

std::vector<timestamp> slots_between(const run_plan& plan, timestamp from,
                                     timestamp as_of) {
  std::vector<timestamp> result;
  for (const auto& s : plan.calendar.sessions()) {
    if (s.opens_at > as_of)
      break;
    if (s.auction_ends_at < from)
      continue;
    for (auto slot : slots_of(plan, s))
      if (slot >= from && slot <= as_of)
        result.push_back(slot);
  }
  return result;
}

std::vector<market_context> contexts_at(const run_plan& plan,
                                        const prediction_inputs& inputs,
                                        std::span<const timestamp> slots) {
  context_walk walk{plan, inputs};
  std::vector<market_context> result;
  result.reserve(slots.size());
  for (auto slot : slots)
    result.push_back(walk.at(slot));
  return result;
}

dataset_source source_from(store::queries& ask, run_plan plan,
                           timestamp as_of) {
  dataset_source from;
  if (plan.run == "live") {
    from.listed = listings_of(plan.symbols, ask.listings(as_of));
    plan.symbols = from.listed.symbols();
  }
  from.plan = std::make_shared<const run_plan>(std::move(plan));
  from.read = [&ask, shared = from.plan](const std::string& symbol,
                                         timestamp until) {
    return read_inputs(ask, *shared, symbol, until, all_headlines);
  };
  for (auto series : from.plan->context)
    from.levels[series] = read_levels(ask, series, timestamp::min(), as_of);
  return from;
}

dataset make_dataset(const dataset_source& from, const dataset_options& options,
                     const dataset_progress& progress) {
  dataset made;
  const auto& plan = *from.plan;
  made.symbols = plan.symbols;
  made.rows.inputs.bar_channels = recent_bar_channels.size();
  auto slots = slots_between(plan, options.from, options.as_of);
  auto most = options.rows_max / std::max<std::size_t>(plan.symbols.size(), 1);
  std::vector<market_context> contexts;
  std::vector<symbol_row> rows;
  market_walk market{plan, from.listed, slots};
  for (const auto& [series, bars] : from.levels)
    market.add(series, bars);
  for (std::uint32_t i = 0; i < plan.symbols.size(); ++i) {
    auto inputs = from.read(plan.symbols[i], options.as_of);
    if (i == 0) {
      contexts = contexts_at(plan, inputs, slots);
      market.add_index(inputs);
    }
    market.add(plan.symbols[i], inputs);
    symbol_walk walk{from, options, slots, contexts, most};
    auto some = rows_of(walk, i, inputs, made.counts);
    std::move(some.begin(), some.end(), std::back_inserter(rows));
    if (progress)
      progress(static_cast<double>(i + 1)
               / static_cast<double>(plan.symbols.size()));
  }
  add_market(rows, slots, market.values());
  merge(made, std::move(rows));
  return made;
}

forecast::training_set rows_at(const dataset& of,
                               std::span<const std::uint32_t> indices) {
  forecast::training_set out;
  const auto& in = of.rows.inputs;
  auto width = in.bar_channels * forecast::window_bars;
  out.inputs.bar_channels = in.bar_channels;
  out.inputs.features.reserve(indices.size() * feature_count);
  out.inputs.bars.reserve(indices.size() * width);
  for (auto i : indices) {
    auto features = in.feature_row(i);
    out.inputs.features.insert(out.inputs.features.end(), features.begin(),
                               features.end());
    auto first = in.bars.begin() + static_cast<std::ptrdiff_t>(i * width);
    out.inputs.bars.insert(out.inputs.bars.end(), first,
                           first + static_cast<std::ptrdiff_t>(width));
    out.inputs.masks.push_back(in.masks[i]);
    out.inputs.bar_masks.push_back(in.bar_masks[i]);
    out.inputs.symbols.push_back(in.symbols[i]);
    out.labels.push_back(of.rows.labels[i]);
    out.returns.push_back(of.rows.returns[i]);
    out.slots.push_back(of.rows.slots[i]);
    out.label_ends.push_back(of.rows.label_ends[i]);
  }
  return out;
}

} // namespace banksia::learning
