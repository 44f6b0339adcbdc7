#define CAF_SUITE learning_market

// A simulated market whose headlines tell a part of the next session, stored and
// read back as a live node's.

#include "actors/store/ledger.hpp"
#include "actors/store/schema.hpp"
#include "models/market/simulator.hpp"
#include "models/scoring/correlation.hpp"
#include "tests/integration/commands/program.hpp"
#include "tests/unit/learning/planted_rows.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>

using namespace banksia;
using namespace banksia::learning;
using namespace banksia::test;

namespace {

constexpr std::size_t sessions_simulated = 700;

run_plan market_plan() {
  run_plan plan;
  plan.run = "live"; // a live run knows the headlines
  plan.interval = plan.data_interval = bar_interval::d1;
  plan.symbols = {"CBA.AX", "WBC.AX", "ANZ.AX", "NAB.AX",
                  "MQG.AX", "QBE.AX", "SUN.AX"};
  plan.index_symbol = "^AXJO";
  plan.primary_horizon_minutes = 1440;
  plan.horizons_minutes = {1440};
  return plan;
}

/// Simulates, stores and reads back as rows.
dataset simulated(double signal_strength, std::uint64_t seed) {
  program place;
  std::filesystem::path file = place.file("market.db");
  auto db = store::open_for_writing(file);
  auto plan = market_plan();
  simulation::simulator_settings settings;
  settings.seed = seed;
  settings.symbols = plan.symbols;
  settings.regime_drift = real{0.0};
  settings.signal_strength = fraction{signal_strength};
  simulation::market_simulator market{settings};
  auto sessions = plan.calendar.sessions(std::chrono::year{2018});
  auto all = plan.calendar.sessions_between(sessions.front().date,
                                            exchange_calendar::last_date)
               ->first(sessions_simulated);
  {
    store::ledger ledger{db};
    storage::transaction writing{db};
    for (const auto& s : all) {
      auto made = market.next({s.date, s.opens_at, s.closes_at,
                               s.auction_ends_at});
      for (const auto& x : made.daily)
        ledger.write(x);
      headline_batch news;
      news.headlines = std::move(made.headlines);
      ledger.write(news);
    }
    writing.commit();
  }
  dataset_options options;
  options.from = all.front().opens_at;
  options.as_of = all.back().auction_ends_at;
  store::queries ask{db};
  return make_dataset(source_from(ask, plan, options.as_of), options);
}

/// How often the sign of the sentiment alone is that of the return.
mean_estimate sentiment_accuracy(const dataset& x, const walk_result& judged) {
  std::vector<trading_date> days;
  std::vector<double> hits;
  for (auto i : judged.tested) {
    auto told = x.rows.inputs.feature_row(i)[feature_index("sentiment_score")];
    days.push_back(x.samples[i].day);
    hits.push_back((told > 0.0) == (x.samples[i].actual_return.value() > 0.0)
                     ? 1.0
                     : 0.0);
  }
  return estimate_mean(days, hits);
}

struct judged_market {
  dataset data;
  walk_result result;
  model_verdict verdict;
};

judged_market judged_with(double signal_strength, std::uint64_t seed) {
  judged_market x;
  x.data = simulated(signal_strength, seed);
  auto walk = small_walk(x.data, forecast::model_kind::mlp);
  x.result = walk_forward_over(x.data, walk);
  x.verdict = judge(x.result, nullptr);
  return x;
}

} // namespace

CAF_TEST(what headlines tell is found as well as they tell it and promoted) {
  constexpr double strength = 0.15;
  auto found = judged_with(strength, 5);
  CAF_REQUIRE(found.data.size() > 4000u);
  CAF_CHECK(found.verdict.promote);
  CAF_CHECK(!found.verdict.leak_suspected);
  auto accuracy = sign_accuracy(found.result);
  CAF_CHECK(accuracy.interval->lower > 0.5);
  // The tone explains this share of a third of the variance: who knew it itself
  // could do no better.
  auto best = best_accuracy(std::sqrt(strength / 3.0));
  CAF_CHECK(accuracy.interval->lower <= best);
  auto told = sentiment_accuracy(found.data, found.result);
  CAF_CHECK(accuracy.interval->lower <= told.value);
  CAF_CHECK(told.value <= accuracy.interval->upper);
}

CAF_TEST(where headlines tell nothing of what comes nothing is promoted) {
  auto found = judged_with(0.0, 6);
  CAF_REQUIRE(found.data.size() > 4000u);
  CAF_CHECK(!found.verdict.promote);
  CAF_CHECK(!found.verdict.direction_gain.above_zero());
}
