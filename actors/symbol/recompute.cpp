#include "actors/symbol/recompute.hpp"

#include "actors/symbol/predictor.hpp"
#include "actors/symbol/read_series.hpp"
#include "models/decision/market_context_state.hpp"
#include "models/decision/policy.hpp"
#include "models/features/feature_table.hpp"
#include "models/market/bar_revisions.hpp"
#include "models/market/listings.hpp"

#include <algorithm>
#include <iterator>

namespace banksia {

namespace {

constexpr auto before_all = timestamp::min();

/// A level counts for so long and is known within a day after its bar's end.
constexpr auto levels_read = level_series::age_max + std::chrono::days{3};

cycle_slot slot_at(const run_plan& plan, timestamp slot) {
  cycle_slot x;
  x.run = plan.run;
  x.interval = plan.interval;
  x.slot = x.issued_at = slot;
  x.id = make_cycle_id(plan.run, to_string(plan.interval), slot);
  return x;
}

/// Bars and headlines under every code that the symbol had by then. A replay
/// knows no changes of listings.
void read_symbol(prediction_inputs& into, store::queries& ask,
                 const run_plan& plan, const std::string& symbol,
                 timestamp slot, std::int64_t headlines_max) {
  if (!is_live(plan)) {
    into.bars = read_bars(ask, plan, symbol, before_all, slot);
    into.actions = ask.actions(symbol, slot);
    into.revisions = read_revisions(ask, plan, symbol, slot);
    if (plan.news)
      into.headlines = ask.headlines(symbol, slot, headlines_max);
    return;
  }
  auto codes = listings_of({}, ask.listings(slot)).codes_before(symbol);
  for (const auto& code : codes) {
    auto bars = read_bars(ask, plan, code.symbol, before_all, slot);
    keep_of_code(bars, code);
    std::move(bars.begin(), bars.end(), std::back_inserter(into.bars));
    auto news = ask.headlines(code.symbol, slot, headlines_max);
    std::move(news.begin(), news.end(), std::back_inserter(into.headlines));
    auto actions = ask.actions(code.symbol, slot);
    auto revisions = read_revisions(ask, plan, code.symbol, slot);
    keep_of_code(actions, code);
    keep_of_code(revisions, code);
    std::move(actions.begin(), actions.end(),
              std::back_inserter(into.actions));
    std::move(revisions.begin(), revisions.end(),
              std::back_inserter(into.revisions));
  }
  if (codes.size() > 1)
    std::stable_sort(into.bars.begin(), into.bars.end(), applied_before);
}

} // namespace

prediction_inputs read_inputs(store::queries& ask, const run_plan& plan,
                              const std::string& symbol, timestamp slot,
                              std::int64_t headlines_max) {
  prediction_inputs inputs;
  read_symbol(inputs, ask, plan, symbol, slot, headlines_max);
  if (!plan.index_symbol.empty()) {
    inputs.index_bars
      = read_bars(ask, plan, plan.index_symbol, before_all, slot);
    inputs.index_revisions
      = read_revisions(ask, plan, plan.index_symbol, slot);
  }
  return inputs;
}

market_values read_market(store::queries& ask, const run_plan& plan,
                          timestamp slot,
                          const std::vector<std::string>& followed) {
  auto when = moment_of(plan, slot);
  auto from = market_begin(plan, slot);
  market_board board;
  board.begin(plan.index_symbol);
  auto codes = followed;
  for (const auto& symbol : followed)
    board.follow(symbol);
  if (!plan.index_symbol.empty())
    codes.push_back(plan.index_symbol);
  for (const auto& symbol : codes) {
    auto& closes = *board.find(symbol);
    for (auto interval : intervals_of(plan)) {
      for (const auto& x : ask.bars_since(symbol, interval, from, slot))
        if (auto ordinal = session_ordinal(plan, x.opened_at); ordinal >= 0)
          closes.add(x, ordinal);
      for (const auto& x : ask.revisions(symbol, interval, slot))
        closes.add(x);
    }
    // The context is made from an index's prices as they are, and so is this.
    if (symbol != plan.index_symbol)
      for (const auto& x : ask.actions(symbol, slot))
        closes.add(x);
  }
  for (auto series : plan.context)
    for (const auto& x : read_levels(ask, series, slot - levels_read, slot))
      board.level(series).add(x);
  return board.at(when);
}

std::vector<bar> read_levels(store::queries& ask, context_series series,
                             timestamp from, timestamp until) {
  std::vector<bar> result;
  for (auto interval : all_bar_intervals) {
    auto some = ask.bars_since(symbol_of(series), interval, from, until);
    std::move(some.begin(), some.end(), std::back_inserter(result));
  }
  return result;
}

std::vector<std::string> followed_at(store::queries& ask, const run_plan& plan,
                                     timestamp slot) {
  if (!is_live(plan))
    return plan.symbols;
  auto listed = listings_of(plan.symbols, ask.listings(slot));
  std::vector<std::string> result;
  for (auto index : listed.predicted_at(slot))
    result.push_back(listed.symbols()[index]);
  return result;
}

market_context context_from(const run_plan& plan,
                            const std::vector<bar>& index_bars,
                            const std::vector<bar_revision>& revisions,
                            timestamp slot) {
  bar_revisions revised;
  for (const auto& x : revisions)
    revised.add(x);
  market_context_state state;
  for (const auto& x : index_bars) {
    if (x.known_at > slot)
      break;
    auto used = revised.as_of(x, slot);
    if (!used)
      continue;
    if (auto ordinal = session_ordinal(plan, x.opened_at); ordinal >= 0)
      state.add(*used, ordinal);
  }
  return state.at(session_ordinal(plan, slot), plan.interval, plan.rules);
}

made_prediction predict_from(shared_plan plan, const std::string& symbol,
                             const prediction_inputs& inputs, timestamp slot) {
  auto context = context_from(*plan, inputs.index_bars, inputs.index_revisions,
                              slot);
  auto cycle = slot_at(*plan, slot);
  predictor model{std::move(plan), symbol, slot};
  for (const auto& x : inputs.actions)
    model.add(x);
  for (const auto& x : inputs.revisions)
    model.add(x);
  for (const auto& x : inputs.bars)
    model.add(x);
  for (const auto& x : inputs.headlines)
    model.add(x);
  made_prediction made;
  made.content = model.predict(cycle, context, inputs.market);
  made.row = {symbol, made.content.features, model.window()};
  return made;
}

namespace {

/// Whether the stored changes of listings say so too.
bool was_halted(store::queries& ask, const run_plan& plan,
                const prediction& p) {
  auto listed = listings_of(plan.symbols, ask.listings(p.slot));
  auto index = listed.index_of(p.symbol);
  return index && listed.is_halted(*index, p.slot);
}

/// Adds the stored forecasts, made again where that can be done, and decides by
/// them as the cycle did.
void decide_again(recomputation& x, const run_plan& plan,
                  const forecast_row& row, const forecast_again& models) {
  const auto& p = x.stored;
  if (p.forecasts.empty() && p.reason != abstain_reason::no_model)
    return;
  for (auto said : p.forecasts) {
    auto problem = models ? models(said, row)
                          : std::string{"forecasts are not made again here"};
    if (!problem.empty())
      x.unchecked.push_back(said.model_version + ": " + problem);
    x.recomputed.forecasts.push_back(std::move(said));
  }
  apply_policy(x.recomputed,
               horizon_sessions(plan, p.slot, plan.primary_horizon_minutes),
               plan.policy, plan.rules);
}

} // namespace

bool recomputation::within_tolerance() const noexcept {
  return std::all_of(fields.differences.begin(), fields.differences.end(),
                     [](const auto& x) { return x.within_tolerance; });
}

recomputation recompute(store::queries& ask,
                        const store::stored_prediction& stored,
                        shared_plan plan, const forecast_again& models) {
  recomputation result;
  const auto& p = result.stored = stored.content;
  result.stored_build = ask.build_text(stored.build_id);
  auto inputs = read_inputs(ask, *plan, p.symbol, p.slot);
  result.bars = inputs.bars.size();
  result.headlines = inputs.headlines.size();
  result.index_bars = inputs.index_bars.size();
  // A live cycle's rows tell who was followed then, whatever became of the
  // configuration since.
  inputs.market = read_market(ask, *plan, p.slot,
                              is_live(*plan) ? ask.symbols_beside(p)
                                             : plan->symbols);
  auto made = predict_from(plan, p.symbol, inputs, p.slot);
  result.recomputed = std::move(made.content);
  // A prediction of an older build owes what that build computed.
  result.recomputed.features
    = as_version(result.recomputed.features, p.features.version);
  auto asked = p.reason != abstain_reason::symbol_unavailable;
  if (p.reason == abstain_reason::halted)
    asked = !was_halted(ask, *plan, p);
  if (!asked) {
    result.had_inputs = false;
    auto context = result.recomputed.context;
    result.recomputed = p;
    result.recomputed.context = context;
  } else {
    made.row.features = result.recomputed.features;
    decide_again(result, *plan, made.row, models);
  }
  result.fields = compare(p, result.recomputed);
  return result;
}

} // namespace banksia
