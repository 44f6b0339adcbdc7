#include "actors/symbol/recompute.hpp"

#include "actors/symbol/predictor.hpp"
#include "models/decision/market_context_state.hpp"
#include "models/features/feature_table.hpp"
#include "models/market/bar_revisions.hpp"
#include "models/market/listings.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <iterator>

namespace banksia {

namespace {

bool is_live(const run_plan& plan) {
  return plan.run == "live";
}

/// The kinds of bars that the run is made of.
std::vector<bar_interval> intervals_of(const run_plan& plan) {
  if (is_live(plan) && plan.data_interval != bar_interval::d1)
    return {plan.data_interval, bar_interval::d1};
  return {plan.data_interval};
}

std::vector<bar> read_bars(store::queries& ask, const run_plan& plan,
                           const std::string& symbol, timestamp until) {
  std::vector<bar> bars;
  for (auto interval : intervals_of(plan)) {
    auto some = ask.bars(symbol, interval, until);
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

int session_ordinal(const run_plan& plan, timestamp t) {
  auto date = exchange_calendar::trading_date_of(t);
  auto index = date ? plan.calendar.session_index(*date) : std::nullopt;
  return index ? static_cast<int>(*index) : -1;
}

cycle_slot slot_at(const run_plan& plan, timestamp slot) {
  cycle_slot x;
  x.run = plan.run;
  x.interval = plan.interval;
  x.slot = x.issued_at = slot;
  x.id = make_cycle_id(plan.run, to_string(plan.interval), slot);
  return x;
}

// -- comparing ----------------------------------------------------------------

std::string exact_text(double x) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.17g", x);
  return text;
}

bool nearly(double a, double b) {
  auto scale = std::max({1.0, std::abs(a), std::abs(b)});
  return std::abs(a - b) <= build_tolerance * scale;
}

class comparer {
public:
  void text(std::string field, std::string_view a, std::string_view b) {
    ++result.compared;
    if (a != b)
      result.differences.push_back(
        {std::move(field), std::string{a}, std::string{b}, false});
  }

  void whole(std::string field, std::uint64_t a, std::uint64_t b) {
    text(std::move(field), std::to_string(a), std::to_string(b));
  }

  void flag(std::string field, bool a, bool b) {
    text(std::move(field), a ? "true" : "false", b ? "true" : "false");
  }

  /// Kept in a block of bytes: all bits count.
  void bits(std::string field, double a, double b) {
    ++result.compared;
    if (std::bit_cast<std::uint64_t>(a) != std::bit_cast<std::uint64_t>(b))
      result.differences.push_back(
        {std::move(field), exact_text(a), exact_text(b), nearly(a, b)});
  }

  /// Kept in a column.
  void number(std::string field, double a, double b) {
    bits(std::move(field), a + 0.0, b + 0.0);
  }

  field_comparison result;
};

void compare_context(comparer& to, const market_context& a,
                     const market_context& b) {
  to.text("context.trend", to_string(a.trend), to_string(b.trend));
  to.number("context.trend_return", a.trend_return.value(),
            b.trend_return.value());
  to.number("context.volatility", a.volatility.value(), b.volatility.value());
  to.number("context.multiplier", a.multiplier.value(), b.multiplier.value());
  to.number("context.buy_threshold", a.buy_threshold.value(),
            b.buy_threshold.value());
  to.number("context.sell_threshold", a.sell_threshold.value(),
            b.sell_threshold.value());
  to.number("context.stress", a.stress.value(), b.stress.value());
  to.flag("context.flagged", a.flagged, b.flagged);
  to.text("context.lineage", to_hex(0, a.lineage), to_hex(0, b.lineage));
}

void compare_features(comparer& to, const feature_vector& a,
                      const feature_vector& b) {
  to.whole("features.version", a.version, b.version);
  for (std::size_t i = 0; i < feature_count; ++i) {
    auto field = "features." + std::string{feature_names[i]};
    if (a.has(i) == b.has(i))
      to.bits(std::move(field), a.values[i], b.values[i]);
    else
      to.text(std::move(field), a.has(i) ? exact_text(a.values[i]) : "missing",
              b.has(i) ? exact_text(b.values[i]) : "missing");
  }
}

void compare_side(comparer& to, const std::string& side, const side_scores& a,
                  const side_scores& b) {
  auto bits = [&](std::string_view name, double x, double y) {
    to.bits(side + std::string{name}, x, y);
  };
  bits("technical_points", a.technical_points.value(),
       b.technical_points.value());
  bits("technical", a.technical.value(), b.technical.value());
  bits("news", a.news.value(), b.news.value());
  bits("volume", a.volume.value(), b.volume.value());
  bits("risk", a.risk.value(), b.risk.value());
  bits("weighted_sum", a.weighted_sum.value(), b.weighted_sum.value());
  bits("threshold", a.threshold.value(), b.threshold.value());
  bits("confidence", a.confidence.value(), b.confidence.value());
  to.whole(side + "gates", a.gates, b.gates);
  to.flag(side + "holds", a.holds, b.holds);
  to.flag(side + "strong", a.strong, b.strong);
}

void compare_trace(comparer& to, const decision_trace& a,
                   const decision_trace& b) {
  const auto& x = a.inputs;
  const auto& y = b.inputs;
  to.whole("trace.version", a.version, b.version);
  to.bits("trace.sma5", x.sma5.value(), y.sma5.value());
  to.bits("trace.sma20", x.sma20.value(), y.sma20.value());
  to.bits("trace.rsi14", x.rsi14.value(), y.rsi14.value());
  to.bits("trace.macd_histogram", x.macd_histogram.value(),
          y.macd_histogram.value());
  to.bits("trace.volume_ratio", x.volume_ratio.value(),
          y.volume_ratio.value());
  to.bits("trace.volume_trend", x.volume_trend.value(),
          y.volume_trend.value());
  to.bits("trace.volatility", x.volatility.value(), y.volatility.value());
  to.bits("trace.sentiment", x.sentiment.value(), y.sentiment.value());
  to.bits("trace.news_confidence", x.news_confidence.value(),
          y.news_confidence.value());
  to.flag("trace.has_macd", x.has_macd, y.has_macd);
  to.flag("trace.has_volume", x.has_volume, y.has_volume);
  to.flag("trace.has_news", x.has_news, y.has_news);
  compare_side(to, "trace.buy.", a.buy, b.buy);
  compare_side(to, "trace.sell.", a.sell, b.sell);
}

void compare_decision(comparer& to, const prediction& a, const prediction& b) {
  to.flag("abstained", a.abstained, b.abstained);
  to.text("reason", to_string(a.reason), to_string(b.reason));
  to.text("action", to_string(a.action), to_string(b.action));
  to.text("optimal_action", to_string(a.optimal_action),
          to_string(b.optimal_action));
  to.number("confidence", a.confidence.value(), b.confidence.value());
  to.text("predicted_direction", std::to_string(a.predicted_direction),
          std::to_string(b.predicted_direction));
  to.number("predicted_magnitude", a.predicted_magnitude.value(),
            b.predicted_magnitude.value());
  to.number("entry_price", a.entry_price.value(), b.entry_price.value());
}

} // namespace

namespace {

/// Bars and headlines under every code that the symbol had by then. A replay
/// knows no changes of listings.
void read_symbol(prediction_inputs& into, store::queries& ask,
                 const run_plan& plan, const std::string& symbol,
                 timestamp slot, std::int64_t headlines_max) {
  if (!is_live(plan)) {
    into.bars = read_bars(ask, plan, symbol, slot);
    into.actions = ask.actions(symbol, slot);
    into.revisions = read_revisions(ask, plan, symbol, slot);
    return;
  }
  auto codes = listings_of({}, ask.listings(slot)).codes_before(symbol);
  for (const auto& code : codes) {
    auto bars = read_bars(ask, plan, code.symbol, slot);
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
    inputs.index_bars = read_bars(ask, plan, plan.index_symbol, slot);
    inputs.index_revisions
      = read_revisions(ask, plan, plan.index_symbol, slot);
  }
  return inputs;
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

prediction predict_from(shared_plan plan, const std::string& symbol,
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
  return model.predict(cycle, context);
}

namespace {

/// Whether the stored changes of listings say so too.
bool was_halted(store::queries& ask, const run_plan& plan,
                const prediction& p) {
  auto listed = listings_of(plan.symbols, ask.listings(p.slot));
  auto index = listed.index_of(p.symbol);
  return index && listed.is_halted(*index, p.slot);
}

} // namespace

field_comparison compare(const prediction& a, const prediction& b) {
  comparer to;
  to.text("prediction_id", to_string(a.id), to_string(b.id));
  to.text("cycle_id", to_string(a.cycle), to_string(b.cycle));
  to.text("symbol", a.symbol, b.symbol);
  to.text("interval", to_string(a.interval), to_string(b.interval));
  to.text("timestamp", to_rfc3339(a.slot), to_rfc3339(b.slot));
  to.whole("horizon_minutes", a.horizon_minutes, b.horizon_minutes);
  to.text("model_version", a.model_version, b.model_version);
  to.text("input_lineage", to_hex(0, a.input_lineage),
          to_hex(0, b.input_lineage));
  to.whole("input_count", a.input_count, b.input_count);
  compare_context(to, a.context, b.context);
  compare_features(to, a.features, b.features);
  compare_decision(to, a, b);
  compare_trace(to, a.trace, b.trace);
  return std::move(to.result);
}

bool recomputation::within_tolerance() const noexcept {
  return std::all_of(fields.differences.begin(), fields.differences.end(),
                     [](const auto& x) { return x.within_tolerance; });
}

recomputation recompute(store::queries& ask,
                        const store::stored_prediction& stored,
                        shared_plan plan) {
  recomputation result;
  const auto& p = result.stored = stored.content;
  result.stored_build = ask.build_text(stored.build_id);
  auto inputs = read_inputs(ask, *plan, p.symbol, p.slot);
  result.bars = inputs.bars.size();
  result.headlines = inputs.headlines.size();
  result.index_bars = inputs.index_bars.size();
  result.recomputed = predict_from(plan, p.symbol, inputs, p.slot);
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
  }
  result.fields = compare(p, result.recomputed);
  return result;
}

} // namespace banksia
