#define CAF_SUITE learning_dataset
#include "actors/learning/symbol_rows.hpp"
#include "tests/unit/actors/change_samples.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <cmath>

using namespace banksia;
using namespace banksia::learning;
using namespace banksia::actors_test;

namespace {

constexpr auto cba = "CBA.AX";
constexpr std::size_t days = 120;

/// Daily bars of a simulated market, as the store would give them.
struct market_fixture {
  std::map<std::string, prediction_inputs> held;
  run_plan plan;
  std::vector<bar> rates; ///< of the Australian dollar

  explicit market_fixture(std::uint64_t seed = 7) {
    plan = *daily_bars_plan();
    plan.index_symbol = "^AXJO";
    simulation::market_simulator market{small_market(seed)};
    std::vector<bar> index;
    for (const auto& s : sessions_before(days))
      for (auto& x : market.next(to_sim(s)).daily)
        if (x.symbol == plan.index_symbol)
          index.push_back(std::move(x));
        else
          held[x.symbol].bars.push_back(std::move(x));
    for (auto& [symbol, inputs] : held)
      inputs.index_bars = index;
    plan.context = {context_series::aud_usd};
    for (const auto& s : sessions_before(days)) {
      rates.push_back(daily_bar("AUDUSD=X", s, 0.6 + 0.001 * rates.size()));
      rates.back().known_at = s.opens_at;
    }
  }

  timestamp end() const { return sessions_before(1).front().auction_ends_at; }

  dataset_source source() const {
    dataset_source from;
    from.plan = std::make_shared<const run_plan>(plan);
    from.read = [this](const std::string& symbol, timestamp until) {
      auto x = held.at(symbol);
      auto later = [until](const auto& b) { return b.known_at > until; };
      std::erase_if(x.bars, later);
      std::erase_if(x.index_bars, later);
      std::erase_if(x.actions, later);
      auto told_later = [until](const bar_revision& r) {
        return r.content.known_at > until;
      };
      std::erase_if(x.revisions, told_later);
      std::erase_if(x.index_revisions, told_later);
      return x;
    };
    from.levels[context_series::aud_usd] = rates;
    return from;
  }

  dataset make(timestamp as_of, dataset_options options = {}) const {
    options.as_of = as_of;
    options.from = std::max(options.from,
                            sessions_before(days).front().opens_at);
    return make_dataset(source(), options);
  }

  /// What a cycle would say at the slot, all told at once.
  market_values values_at(timestamp slot) const {
    market_board board;
    board.begin(plan.index_symbol);
    // Of bars without end, told before anybody asks, the first are forgotten.
    auto from = market_begin(plan, slot);
    auto tell = [&](session_closes& to, const std::vector<bar>& bars,
                    const std::vector<bar_revision>& revisions) {
      for (const auto& x : bars)
        if (x.opened_at >= from && x.known_at <= slot)
          to.add(x, session_ordinal(plan, x.opened_at));
      for (const auto& x : revisions)
        to.add(x);
    };
    for (const auto& [symbol, x] : held) {
      board.follow(symbol);
      tell(*board.find(symbol), x.bars, x.revisions);
      for (const auto& action : x.actions)
        board.find(symbol)->add(action);
    }
    const auto& any = held.begin()->second;
    tell(*board.find(plan.index_symbol), any.index_bars, any.index_revisions);
    for (const auto& x : rates)
      board.level(context_series::aud_usd).add(x);
    return board.at(moment_of(plan, slot));
  }

  const bar& bar_of(const std::string& symbol, std::size_t i) const {
    return held.at(symbol).bars[i];
  }
};

feature_vector features_at(const dataset& x, std::size_t row) {
  feature_vector out;
  out.mask = x.rows.inputs.masks[row];
  auto values = x.rows.inputs.feature_row(row);
  std::copy(values.begin(), values.end(), out.values.begin());
  return out;
}

} // namespace

CAF_TEST(each row is what the predictor says at its slot) {
  market_fixture market;
  auto& cba_inputs = market.held.at(cba);
  // Learnt after the bars they are about: the predictor begins again.
  const auto& day = cba_inputs.bars[60];
  cba_inputs.revisions.push_back(
    make_revision(cba_inputs.bars[50], day.close.value() * 1.1, day.known_at));
  cba_inputs.revisions.push_back(
    make_withdrawal(cba_inputs.bars[55], cba_inputs.bars[80].known_at));
  cba_inputs.actions.push_back(make_action(
    action_kind::dividend, cba, cba_inputs.bars[70].opened_at, 0.5,
    cba_inputs.bars[40].known_at));
  for (auto& [symbol, inputs] : market.held)
    inputs.index_revisions.push_back(make_revision(
      inputs.index_bars[30], 9000.0, inputs.index_bars[90].known_at));
  auto data = market.make(market.end());
  auto plan = std::make_shared<const run_plan>(market.plan);
  CAF_REQUIRE(data.size() > 200u);
  CAF_CHECK_EQUAL(data.rows.rows(), data.size());
  CAF_CHECK_EQUAL(data.samples.size(), data.size());
  for (std::size_t row = 0; row < data.size(); row += 7) {
    const auto& sample = data.samples[row];
    const auto& symbol = data.symbols[sample.symbol];
    auto inputs = market.source().read(symbol, sample.slot);
    inputs.market = market.values_at(sample.slot);
    CAF_CHECK(inputs.market.has_sector && inputs.market.has_index_change);
    CAF_CHECK(inputs.market.has_aud_usd && !inputs.market.has_vix);
    auto p = predict_from(plan, symbol, inputs, sample.slot).content;
    CAF_CHECK(!p.abstained);
    CAF_CHECK(features_at(data, row) == p.features);
    CAF_CHECK(data.rules[row] == p.action);
  }
}

CAF_TEST(a label is the next close and is known when that is) {
  market_fixture market;
  auto data = market.make(market.end());
  const auto& bars = market.held.at(cba).bars;
  std::size_t checked = 0;
  for (std::size_t row = 0; row < data.size(); ++row) {
    const auto& sample = data.samples[row];
    if (data.symbols[sample.symbol] != cba)
      continue;
    auto at = std::find_if(bars.begin(), bars.end(), [&](const bar& x) {
      return x.known_at == sample.slot;
    });
    CAF_REQUIRE(at != bars.end() && at + 1 != bars.end());
    auto next = at + 1;
    CAF_CHECK(sample.actual_return == return_between(at->close, next->close));
    CAF_CHECK(sample.label_end == next->known_at);
    auto volatility
      = data.rows.inputs.feature_row(row)[feature_index("volatility_20d")];
    CAF_CHECK(std::abs(sample.band.value() - 0.43 * volatility) < 1e-15);
    CAF_CHECK(static_cast<std::size_t>(data.rows.labels[row])
              == index_of(sample.label()));
    CAF_REQUIRE(sample.last_return);
    CAF_CHECK(*sample.last_return
              == fraction{data.rows.inputs.feature_row(
                row)[feature_index("price_change_1d")]});
    ++checked;
  }
  CAF_CHECK(checked > 80);
}

CAF_TEST(what is known later changes no row before it by one byte) {
  market_fixture market;
  auto middle = market.bar_of(cba, 90).known_at;
  auto then = market.make(middle);
  auto garbage = market;
  for (auto& [symbol, inputs] : garbage.held) {
    for (auto* bars : {&inputs.bars, &inputs.index_bars})
      for (auto& x : *bars)
        if (x.known_at > middle) {
          x.open = x.high = x.low = x.close = price{0.013};
          x.volume = shares{1e12};
        }
    inputs.actions.push_back(make_action(action_kind::split, symbol,
                                         inputs.bars[80].opened_at, 7.0,
                                         middle + 1us));
    inputs.revisions.push_back(
      make_revision(inputs.bars[70], 1e5, middle + 1us));
  }
  auto later = garbage.make(garbage.end());
  CAF_REQUIRE(later.size() > then.size());
  CAF_REQUIRE(then.size() > 100u);
  // The rows whose outcome is not known yet come between.
  for (std::size_t row = 0; row < then.size(); ++row) {
    CAF_CHECK(then.samples[row].slot == later.samples[row].slot);
    CAF_CHECK(features_at(then, row) == features_at(later, row));
    CAF_CHECK(then.samples[row].actual_return
              == later.samples[row].actual_return);
    CAF_CHECK(then.samples[row].band == later.samples[row].band);
  }
  auto width = forecast::window_bars * then.rows.inputs.bar_channels;
  CAF_CHECK(std::equal(then.rows.inputs.bars.begin(),
                       then.rows.inputs.bars.begin()
                         + static_cast<std::ptrdiff_t>(then.size() * width),
                       later.rows.inputs.bars.begin()));
  for (auto end : then.rows.label_ends)
    CAF_CHECK(end <= middle);
}

CAF_TEST(contexts are those of cycles) {
  market_fixture market;
  const auto& inputs = market.held.at(cba);
  auto some = inputs;
  some.index_revisions.push_back(make_revision(
    some.index_bars[30], 9000.0, some.index_bars[33].known_at));
  some.index_revisions.push_back(
    make_withdrawal(some.index_bars[60], some.index_bars[61].known_at));
  auto slots = slots_between(market.plan, {}, market.end());
  slots.erase(slots.begin(), slots.end() - days);
  auto found = contexts_at(market.plan, some, slots);
  CAF_REQUIRE_EQUAL(found.size(), days);
  for (std::size_t i = 0; i < slots.size(); ++i)
    CAF_CHECK(found[i]
              == context_from(market.plan, some.index_bars,
                              some.index_revisions, slots[i]));
}

CAF_TEST(what cannot be learned from is counted and left out) {
  market_fixture market;
  auto& bars = market.held.at(cba).bars;
  auto whole = market.make(market.end());
  CAF_CHECK_EQUAL(whole.counts.slots, 3 * days);
  CAF_CHECK_EQUAL(whole.counts.open, 3u); // the last day's
  CAF_CHECK_EQUAL(whole.counts.gaps, 0u);
  CAF_CHECK_EQUAL(whole.size() + whole.counts.abstained + whole.counts.open,
                  whole.counts.slots);
  bars.erase(bars.begin() + 100);
  auto gap = market.make(market.end());
  CAF_CHECK_EQUAL(gap.counts.gaps, 1u);
  CAF_CHECK_EQUAL(gap.size() + 2, whole.size()); // nor is the day itself asked
}

CAF_TEST(a halted symbol is not asked) {
  market_fixture market;
  market.plan.run = "live";
  auto from = market.source();
  std::vector<listing_change> changes(2);
  for (auto& x : changes)
    x.symbol = cba;
  changes[0].event = listing_event::halted;
  changes[0].effective_at = changes[0].known_at
    = market.bar_of(cba, 90).opened_at;
  changes[1].event = listing_event::resumed;
  changes[1].effective_at = changes[1].known_at
    = market.bar_of(cba, 95).opened_at;
  from.listed = listings_of(market.plan.symbols, changes);
  dataset_options options;
  options.from = sessions_before(days).front().opens_at;
  options.as_of = market.end();
  auto data = make_dataset(from, options);
  CAF_CHECK_EQUAL(data.counts.slots, 3 * days - 5);
  for (const auto& x : data.samples)
    CAF_CHECK(data.symbols[x.symbol] != cba
              || x.slot < changes[0].effective_at
              || x.slot >= changes[1].effective_at);
}

CAF_TEST(rows are in order and the oldest go first) {
  market_fixture market;
  dataset_options options;
  options.rows_max = 90;
  auto data = market.make(market.end(), options);
  CAF_CHECK_EQUAL(data.size(), 90u);
  auto whole = market.make(market.end());
  CAF_CHECK_EQUAL(data.counts.older, whole.size() - 90u);
  CAF_CHECK_EQUAL(whole.counts.older, 0u);
  CAF_CHECK(data.samples.back().slot == whole.samples.back().slot);
  CAF_CHECK(data.samples.front().slot
            == whole.samples[whole.size() - 90].slot);
  for (std::size_t i = 1; i < data.size(); ++i)
    CAF_CHECK(data.samples[i - 1].slot < data.samples[i].slot
              || data.samples[i - 1].symbol < data.samples[i].symbol);
}

CAF_TEST(rows that are picked are those that were asked for) {
  market_fixture market;
  auto data = market.make(market.end());
  std::vector<std::uint32_t> picked{5, 17, 40};
  auto rows = rows_at(data, picked);
  CAF_REQUIRE_EQUAL(rows.rows(), 3u);
  CAF_CHECK(!forecast::problem_of(rows, data.symbols.size()));
  for (std::size_t i = 0; i < picked.size(); ++i) {
    CAF_CHECK(rows.slots[i] == data.rows.slots[picked[i]]);
    CAF_CHECK(std::equal(rows.inputs.feature_row(i).begin(),
                         rows.inputs.feature_row(i).end(),
                         data.rows.inputs.feature_row(picked[i]).begin()));
    CAF_CHECK(std::equal(rows.inputs.bar(i, 31).begin(),
                         rows.inputs.bar(i, 31).end(),
                         data.rows.inputs.bar(picked[i], 31).begin()));
  }
}

CAF_TEST(within the day a label is the last trade of the horizon) {
  auto plan = *intraday_plan();
  plan.run = "live";
  plan.symbols = {cba};
  plan.index_symbol.clear();
  auto past = past_of(cba, 60);
  prediction_inputs inputs;
  inputs.bars = past.all();
  inputs.headlines = past.headlines;
  dataset_source from;
  from.plan = std::make_shared<const run_plan>(plan);
  from.read = [&](const std::string&, timestamp) { return inputs; };
  dataset_options options;
  options.from = first_day().opens_at;
  options.as_of = first_day().auction_ends_at;
  auto data = make_dataset(from, options);
  CAF_CHECK_EQUAL(data.counts.slots, 12u);
  // Those after 12:00 in Sydney are due when trading is over.
  CAF_REQUIRE_EQUAL(data.size(), 4u);
  CAF_CHECK_EQUAL(data.counts.open, 7u);
  // Nothing is traded after the close, so nothing is up, flat or down.
  CAF_CHECK_EQUAL(data.counts.unbanded, 1u);
  for (std::size_t row = 0; row < data.size(); ++row) {
    const auto& x = data.samples[row];
    CAF_CHECK(x.slot == slot_time(static_cast<int>(row)));
    CAF_CHECK_EQUAL(x.half_hour, row + 1);
    auto close_at = [&](timestamp t) {
      return known_by(past.intraday, t).back().close;
    };
    CAF_CHECK(x.actual_return
              == return_between(close_at(x.slot), close_at(x.slot + 4h)));
    CAF_CHECK(x.label_end == x.slot + 4h);
    auto volatility
      = data.rows.inputs.feature_row(row)[feature_index("volatility_20d")];
    CAF_CHECK(std::abs(x.band.value()
                       - 0.43 * volatility * std::sqrt(240.0 / 360.0))
              < 1e-3 * volatility);
    CAF_CHECK((data.rows.inputs.masks[row]
               >> feature_index("sentiment_score") & 1) == 1);
    CAF_CHECK_EQUAL(data.rows.inputs.bar_masks[row] >> 31, 1u);
  }
}
