#define CAF_SUITE learning_walk
#include "actors/learning/error.hpp"
#include "actors/learning/results.hpp"
#include "models/scoring/baselines.hpp"
#include "runtime/json/text.hpp"
#include "tests/unit/learning/planted_rows.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>
#include <limits>

using namespace banksia;
using namespace banksia::learning;
using namespace banksia::test;
using forecast::model_kind;

namespace {

struct judged {
  walk_result result;
  model_verdict verdict;
};

judged run(const dataset& x, model_kind kind) {
  judged out;
  out.result = walk_forward_over(x, small_walk(x, kind));
  out.verdict = judge(out.result, nullptr);
  return out;
}

planted_law strong() {
  planted_law law;
  law.strength = 0.2;
  law.days = 800;
  return law;
}

std::string failure_of(const dataset& x, const walk_options& options) {
  try {
    walk_forward_over(x, options);
  } catch (const learning_error& error) {
    return error.what();
  }
  return "";
}

} // namespace

CAF_TEST(a planted signal is found as well as it can be and promoted) {
  auto data = plant_rows(strong());
  auto found = run(data, model_kind::mlp);
  CAF_CHECK(found.verdict.promote);
  CAF_CHECK_EQUAL(found.verdict.text, "skill shown");
  CAF_CHECK(!found.verdict.leak_suspected);
  auto accuracy = sign_accuracy(found.result);
  auto best = best_accuracy(0.2);
  CAF_CHECK(accuracy.interval->lower > 0.5);
  CAF_CHECK(accuracy.interval->lower <= best);
  CAF_CHECK(best <= accuracy.interval->upper);
}

CAF_TEST(with outcomes dealt out anew nothing is found) {
  auto data = plant_rows(strong());
  shuffle_outcomes(data, 3);
  auto found = run(data, model_kind::mlp);
  CAF_CHECK(!found.verdict.promote);
  CAF_CHECK(found.verdict.text.starts_with("no skill shown"));
}

CAF_TEST(nothing is found in noise) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    planted_law law;
    law.seed = seed;
    auto found = run(plant_rows(law), model_kind::logistic);
    CAF_CHECK(!found.verdict.promote);
    CAF_CHECK(!found.verdict.leak_suspected);
  }
}

CAF_TEST(knowing how restless it gets is no reason to serve) {
  planted_law law;
  law.restless = true;
  law.days = 800;
  auto found = run(plant_rows(law), model_kind::mlp);
  // There is something to know, and it is found; it is not a direction.
  CAF_CHECK(found.verdict.evidence.gain_over_climatology.above_zero());
  CAF_CHECK(!found.verdict.direction_gain.above_zero());
  CAF_CHECK(!found.verdict.promote);
}

CAF_TEST(features of one bar later are taken for a leak) {
  auto data = plant_rows(strong());
  shift_one_bar_ahead(data);
  auto found = run(data, model_kind::mlp);
  CAF_CHECK(found.verdict.leak_suspected);
  CAF_CHECK(!found.verdict.promote);
  const auto& last = found.verdict.reasons.back();
  CAF_CHECK(last.starts_with("not believed: directions right "));
}

CAF_TEST(what comes after a slot has no say in what is said at it) {
  auto data = plant_rows(strong());
  auto options = small_walk(data, model_kind::mlp);
  auto before = walk_forward_over(data, options);
  // From the middle of the first fold's test on everything is something else.
  auto first_test = before.tested.front();
  auto changed = first_test + 5 * 20;
  auto& in = data.rows.inputs;
  for (auto i = changed; i < data.size(); ++i) {
    for (std::size_t f = 0; f < feature_count; ++f)
      in.features[i * feature_count + f]
        = 1e6 * (1.0 + in.features[i * feature_count + f]);
    data.samples[i].actual_return = fraction{0.5};
    data.rows.labels[i] = forecast::direction_class::up;
    data.rows.returns[i] = 0.5;
  }
  options.folds.test_days *= 4; // one fold: later ones cannot be trained on this
  auto after = walk_forward_over(data, options);
  CAF_REQUIRE_EQUAL(after.tested.front(), first_test);
  for (std::uint32_t i = 0; first_test + i < changed; ++i)
    CAF_CHECK(before.model().probabilities[i]
              == after.model().probabilities[i]);
  CAF_CHECK(before.model().probabilities[100]
            != after.model().probabilities[100]);
}

CAF_TEST(the same run gives the same bytes and another seed others) {
  auto data = plant_rows({});
  auto text_of = [&](std::uint64_t seed) {
    auto options = small_walk(data, model_kind::ensemble);
    options.training.epochs = 2;
    options.training.seed = seed;
    options.evaluation.bootstrap.resamples = 100;
    auto result = walk_forward_over(data, options);
    return json_text(learning::to_json(data, result, judge(result, nullptr)));
  };
  auto first = text_of(1);
  CAF_CHECK(first == text_of(1));
  CAF_CHECK(first != text_of(2));
}

CAF_TEST(the report has every baseline and follows from its numbers) {
  auto data = plant_rows({});
  auto options = small_walk(data, model_kind::mlp);
  options.evaluation.trials = 3;
  auto result = walk_forward_over(data, options);
  auto verdict = judge(result, nullptr);
  CAF_CHECK_EQUAL(result.report.forecasts.size(), 3u);
  CAF_CHECK_EQUAL(result.report.forecasts[1].name, "logistic");
  CAF_CHECK_EQUAL(result.report.forecasts[2].name, "rules");
  CAF_CHECK_EQUAL(result.report.baselines.size(), baselines.size());
  CAF_CHECK_EQUAL(result.folds.size(), 4u);
  auto text = learning::to_text(data, result, verdict);
  CAF_CHECK(text.starts_with("verdict: no skill shown"));
  CAF_CHECK(text.find("not promoted\n") != std::string::npos);
  for (auto x : baselines)
    CAF_CHECK(text.find(to_string(x)) != std::string::npos);
  auto document = learning::to_json(data, result, verdict);
  CAF_CHECK_EQUAL(document.at("verdict").at("promote").as_bool(), false);
  CAF_CHECK_EQUAL(document.at("folds").as_array().size(), 4u);
  CAF_CHECK_EQUAL(document.at("dataset").at("rows").to_number<int>(), 3000);
  CAF_CHECK_EQUAL(document.at("trials").to_number<int>(), 3);
}

CAF_TEST(a champion is met only on what it cannot have learned from) {
  auto data = plant_rows(strong());
  auto options = small_walk(data, model_kind::logistic);
  auto result = walk_forward_over(data, options);
  std::vector<std::uint32_t> past;
  for (std::uint32_t i = 0; i < 1000; ++i)
    past.push_back(i);
  auto champion = fit(data, past, options.training);
  auto middle = result.samples[result.samples.size() / 2].slot;
  auto showing = show_champion(champion.model, "old", middle, data, result);
  CAF_REQUIRE(!showing.judged.empty());
  for (auto i : showing.judged)
    CAF_CHECK(result.samples[i].slot > middle);
  CAF_CHECK_EQUAL(showing.probabilities.size(), showing.judged.size());
  // A champion that says the same is not replaced, one that is wrong is.
  auto same = showing;
  auto poor = showing;
  for (std::size_t i = 0; i < showing.judged.size(); ++i) {
    same.probabilities[i] = result.model().probabilities[showing.judged[i]];
    poor.probabilities[i] = {0.8, 0.1, 0.1};
  }
  auto kept = judge(result, &same);
  CAF_REQUIRE(kept.evidence.gain_over_champion);
  CAF_CHECK(!kept.evidence.gain_over_champion->above_zero());
  CAF_CHECK(!kept.promote);
  auto replaced = judge(result, &poor);
  CAF_CHECK(replaced.evidence.gain_over_champion->above_zero());
  CAF_CHECK(replaced.promote);
  // A champion of today has nothing to be compared on yet.
  auto today = show_champion(champion.model, "new",
                             result.samples.back().slot, data, result);
  CAF_CHECK(today.judged.empty());
  auto unproven = judge(result, &today);
  CAF_CHECK(!unproven.promote);
}

CAF_TEST(too little data and a loss that is none end it with the reason) {
  auto data = plant_rows({});
  auto options = small_walk(data, model_kind::mlp);
  options.training.rate = 1e30;
  auto reason = failure_of(data, options);
  CAF_CHECK(reason.starts_with("nan_loss: "));
  CAF_CHECK(reason.find("the model that says 20") != std::string::npos);
  options = small_walk(data, model_kind::mlp);
  options.training.rows_min = 100'000;
  CAF_CHECK(failure_of(data, options).starts_with("too_little_data: "));
  options.folds.min_training_days = 100'000;
  CAF_CHECK(failure_of(data, options).find("has no fold after")
            != std::string::npos);
  CAF_CHECK(failure_of(dataset{}, options).starts_with("too_little_data: no "));
}

CAF_TEST(a few days make no folds) {
  auto reason_with = [](std::uint32_t days) -> std::string {
    planted_law few;
    few.days = days;
    try {
      recent_folds(plant_rows(few), 4);
    } catch (const learning_error& error) {
      return error.what();
    }
    return "";
  };
  CAF_CHECK(reason_with(7).starts_with("too_little_data: outcomes of 7 days"));
  CAF_CHECK_EQUAL(reason_with(8), "");
}
