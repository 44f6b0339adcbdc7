#define CAF_SUITE scoring_baselines
#include "models/scoring/baselines.hpp"
#include "models/scoring/proper_scores.hpp"

#include "tests/unit/scoring/forecasts.hpp"
#include "tests/unit/scoring/numbers.hpp"

#include "caf/test/unit_test.hpp"

#include <numeric>

using namespace banksia;
using namespace banksia::scoring_test;

namespace {

std::vector<std::uint32_t> all_of(const std::vector<forecast_sample>& xs) {
  std::vector<std::uint32_t> result(xs.size());
  std::iota(result.begin(), result.end(), 0u);
  return result;
}

} // namespace

CAF_TEST(constants majority and climatology come from counting) {
  // Band 0.01: 5 up, 3 flat (of which two below 1 %), 2 down.
  std::vector<forecast_sample> samples;
  for (auto r : {0.02, 0.02, 0.02, 0.02, 0.02, 0.005, 0.005, 0.0, -0.02, -0.02})
    samples.push_back(forecast_on(0, r));
  baseline_set x{samples, all_of(samples)};
  // One more of each class than was seen: (2 + 1) / 13, …
  CAF_CHECK(near(x.climatology()[0], 3.0 / 13.0, 1e-15));
  CAF_CHECK(near(x.climatology()[1], 4.0 / 13.0, 1e-15));
  CAF_CHECK(near(x.climatology()[2], 6.0 / 13.0, 1e-15));
  const auto& any = samples.front();
  CAF_CHECK(x.forecast(baseline::always_hold, any).action
            == trade_action::hold);
  // BUY was right on 7 (five large, two small rises), HOLD on 3, SELL on 3.
  CAF_CHECK(x.forecast(baseline::best_constant, any).action
            == trade_action::buy);
  CAF_CHECK(x.forecast(baseline::majority_class, any).action
            == trade_action::buy);
  CAF_CHECK(x.forecast(baseline::climatology, any).probabilities
            == x.climatology());
}

CAF_TEST(the best constant follows the plans rule and not the classes) {
  // Flat by the band, yet each rises: BUY is right on all, HOLD too; with one
  // move beyond 1 % BUY is better.
  std::vector<forecast_sample> samples;
  for (auto r : {0.005, 0.004, 0.006, 0.03})
    samples.push_back(forecast_on(0, r));
  samples.back().band = fraction{0.05};
  baseline_set x{samples, all_of(samples)};
  CAF_CHECK(x.forecast(baseline::best_constant, samples[0]).action
            == trade_action::buy);
  CAF_CHECK(x.forecast(baseline::majority_class, samples[0]).action
            == trade_action::hold);
}

CAF_TEST(persistence repeats and reversal mirrors the last class) {
  std::vector<forecast_sample> samples;
  for (int i = 0; i < 400; ++i) { // up follows down and down follows up
    auto r = i % 2 == 0 ? 0.02 : -0.02;
    samples.push_back(forecast_on(i, r));
    samples.back().last_return = fraction{-r};
  }
  baseline_set x{samples, all_of(samples)};
  auto rises = samples[0];
  auto same = x.forecast(baseline::persistence, rises);
  auto turned = x.forecast(baseline::reversal, rises);
  CAF_CHECK(same.action == trade_action::sell);
  CAF_CHECK(turned.action == trade_action::buy);
  CAF_CHECK(same.probabilities == turned.probabilities);
  // 200 ups of 200 drawn by 50 samples towards (201, 1, 201) / 403.
  CAF_CHECK(near(turned.probabilities[2],
                 (200.0 + 50.0 * 201.0 / 403.0) / 250.0, 1e-12));
  CAF_CHECK(!problem_of(turned.probabilities));
  rises.last_return.reset();
  auto blind = x.forecast(baseline::persistence, rises);
  CAF_CHECK(blind.action == trade_action::hold);
  CAF_CHECK(blind.probabilities == x.climatology());
}

CAF_TEST(the half hour has its own frequencies) {
  std::vector<forecast_sample> samples;
  for (int i = 0; i < 600; ++i) {
    samples.push_back(forecast_on(i / 3, i % 3 == 0   ? 0.02
                                         : i % 3 == 1 ? -0.02
                                                      : 0.0));
    samples.back().half_hour = static_cast<std::uint32_t>(i % 3);
  }
  baseline_set x{samples, all_of(samples)};
  auto at = [&](std::uint32_t half_hour) {
    auto sample = samples[0];
    sample.half_hour = half_hour;
    return x.forecast(baseline::half_hour, sample);
  };
  CAF_CHECK(at(0).action == trade_action::buy);
  CAF_CHECK(at(1).action == trade_action::sell);
  CAF_CHECK(at(2).action == trade_action::hold);
  CAF_CHECK(at(0).probabilities[2] > 0.8);
  CAF_CHECK(at(9).probabilities == x.climatology()); // never seen
}

CAF_TEST(baselines know their training part alone) {
  auto samples = noise(3, 300);
  auto folds = walk_forward(windows_of(samples),
                            {.test_days = 50, .min_training_days = 100});
  CAF_REQUIRE_EQUAL(folds.size(), 4u);
  auto run = run_baselines(samples, folds);
  CAF_REQUIRE_EQUAL(run.forecasts.size(), baselines.size());
  CAF_CHECK_EQUAL(run.tested.size(), 200u * 7u);
  // Outcomes of the second fold and later become garbage.
  auto garbage = samples;
  for (auto i = folds[1].test.front(); i < garbage.size(); ++i)
    garbage[i].actual_return = fraction{0.5};
  auto again = run_baselines(garbage, folds);
  auto known = folds[0].test.size() + folds[1].test.size();
  bool changed = false;
  for (std::size_t k = 0; k < baselines.size(); ++k) {
    const auto& a = run.forecasts[k];
    const auto& b = again.forecasts[k];
    CAF_CHECK_EQUAL(a.name, to_string(baselines[k]));
    CAF_REQUIRE_EQUAL(a.actions.size(), run.tested.size());
    for (std::size_t i = 0; i < run.tested.size(); ++i) {
      auto same = a.actions[i] == b.actions[i]
                  && a.probabilities[i] == b.probabilities[i];
      CAF_REQUIRE(same || i >= known);
      changed = changed || !same;
      CAF_REQUIRE(!problem_of(a.probabilities[i]));
    }
  }
  CAF_CHECK(changed); // the last folds did learn the garbage
}

CAF_TEST(a planted reversal is found in its probabilities) {
  auto samples = noise(4, 400);
  splitmix64 random{9};
  for (auto& x : samples)
    if (chance(random, 0.3))
      x.actual_return = fraction{x.last_return->value() > 0.0 ? -0.02 : 0.02};
  auto run = run_baselines(samples,
                           walk_forward(windows_of(samples),
                                        {.test_days = 100,
                                         .min_training_days = 100}));
  std::vector<move_class> labels;
  for (auto i : run.tested)
    labels.push_back(samples[i].label());
  auto loss = [&](baseline x) {
    const auto& p = run.forecasts[static_cast<std::size_t>(x)].probabilities;
    return score_probabilities(p, labels).log_loss;
  };
  CAF_CHECK_LESS(loss(baseline::reversal), loss(baseline::climatology) - 0.02);
}

CAF_TEST(nothing to train on is refused) {
  auto samples = noise(1, 10);
  CAF_CHECK(refusal_of([&] { baseline_set(samples, {}); })
              .starts_with("nothing to train on"));
  CAF_CHECK(run_baselines(samples, {}).tested.empty());
  CAF_CHECK(samples_at(samples, std::vector<std::uint32_t>{3, 5}).size() == 2);
}

CAF_TEST(unsound samples and forecasts are told) {
  auto nan = std::numeric_limits<double>::quiet_NaN();
  auto good = noise(1, 10);
  CAF_CHECK(!problem_of(good));
  auto says = [&](auto change) {
    auto bad = good;
    change(bad[3]);
    return problem_of(bad).value_or("");
  };
  CAF_CHECK(says([&](auto& x) { x.actual_return = fraction{nan}; })
              .starts_with("a return is not finite: sample 3"));
  CAF_CHECK(says([&](auto& x) { x.band = fraction{0.0}; })
              .starts_with("no flat band: sample 3"));
  CAF_CHECK(says([&](auto& x) { x.last_return = fraction{nan}; })
              .starts_with("the last return is not finite"));
  CAF_CHECK(says([&](auto& x) { x.day = std::chrono::year{2025} / 2 / 30; })
              .starts_with("not a real day"));
  CAF_CHECK(says([&](auto& x) { x.slot -= std::chrono::hours{900}; })
              .starts_with("out of order"));
  named_forecast x{.name = "x", .actions = {trade_action::buy},
                   .probabilities = {{0.2, 0.3, 0.5}}, .daily_returns = {}};
  CAF_CHECK(!problem_of(x, 1));
  CAF_CHECK(problem_of(x, 2)->starts_with("another number of forecasts"));
  x.actions = {trade_action::strong_buy};
  CAF_CHECK(problem_of(x, 1)->starts_with("a strong action: forecast x"));
  x.actions = {trade_action::none};
  x.probabilities = {{0.2, 0.3, 0.6}};
  CAF_CHECK(problem_of(x, 1)->starts_with("probabilities do not sum"));
  x.probabilities.clear();
  x.daily_returns = {-1.5};
  CAF_CHECK(problem_of(x, 1)->starts_with("a daily return"));
  CAF_CHECK(problem_of(named_forecast{}, 1)->starts_with("neither"));
}

CAF_TEST(actions follow the most likely class) {
  std::vector<class_probabilities> p{
    {0.6, 0.2, 0.2}, {0.2, 0.6, 0.2}, {0.2, 0.2, 0.6}};
  CAF_CHECK(actions_of(p)
            == (std::vector{trade_action::sell, trade_action::hold,
                            trade_action::buy}));
}
