#define CAF_SUITE scoring_evaluation
#include "models/scoring/evaluation_report.hpp"

#include "models/scoring/baselines.hpp"
#include "models/scoring/correlation.hpp"
#include "models/scoring/report.hpp"

#include "tests/unit/scoring/forecasts.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::scoring_test;

namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

evaluation_report judge(const std::vector<forecast_sample>& samples,
                        const named_forecast& forecast,
                        const evaluation_options& options = {}) {
  std::vector<named_forecast> forecasts{forecast};
  std::vector<named_forecast> others{even_climatology(samples.size())};
  return evaluate_forecasts(samples, forecasts, others, options);
}

std::vector<move_class> labels_of(const std::vector<forecast_sample>& xs) {
  std::vector<move_class> result;
  for (const auto& x : xs)
    result.push_back(x.label());
  return result;
}

} // namespace

CAF_TEST(foresight is shown in all that measures it) {
  // Right in 41 % of the classes and, where it acts, in 56 % of directions;
  // where it leans to flat it abstains.
  auto samples = noise(1, 1500);
  auto forecast = leaning(samples, 0.12, 1);
  for (auto& action : forecast.actions)
    if (action == trade_action::hold)
      action = trade_action::none;
  auto x = judge(samples, forecast).forecasts[0];
  CAF_REQUIRE(x.actions.has_value() && x.probabilities.has_value());
  CAF_CHECK(x.skill_shown);
  CAF_CHECK(x.verdict.starts_with("skill shown: success "));
  CAF_CHECK(x.probabilities->log_loss_gain.above_zero());
  CAF_CHECK_GREATER(x.probabilities->brier_skill.interval->lower, 0.0);
  CAF_CHECK_LESS(x.probabilities->loss_test->statistic, -3.0);
  CAF_CHECK_LESS(x.probabilities->loss_test->p_value, 0.01);
  CAF_CHECK_GREATER(x.probabilities->rank_ic->interval->lower, 0.05);
  CAF_CHECK_GREATER(x.probabilities->confusion.mcc(), 0.1);
  CAF_CHECK_LESS(x.probabilities->ece, 0.02); // it says what it knows
  CAF_CHECK_LESS(x.actions->direction_test_by_day->p_value, 0.01);
  CAF_CHECK_GREATER(x.actions->all.success_rate.value, 0.54);
  CAF_CHECK(!x.actions->leak.leak_suspected);
}

CAF_TEST(shuffled outcomes kill the skill) {
  auto samples = noise(1, 250);
  auto forecast = leaning(samples, 0.2, 1);
  int gains = 0, successes = 0, directions = 0, ranks = 0;
  constexpr int rounds = 20;
  for (int round = 1; round <= rounds; ++round) {
    auto shuffled = with_shuffled_outcomes(
      samples, static_cast<std::uint64_t>(round));
    auto x = judge(shuffled, forecast, {.bootstrap = {.resamples = 400}})
               .forecasts[0];
    CAF_CHECK(!x.skill_shown);
    CAF_CHECK(has(x.verdict, "no advantage to show"));
    gains += x.probabilities->log_loss_gain.above_zero();
    successes += x.actions->all.skill_shown;
    directions += x.actions->direction_test_by_day->p_value < 0.05;
    ranks += x.probabilities->rank_ic->interval->lower > 0.0;
  }
  CAF_CHECK_EQUAL(gains, 0);
  CAF_CHECK_EQUAL(successes, 0);
  // One of 20 and one of 40 by chance; more than four would be strange.
  CAF_CHECK_LESS(directions, 5);
  CAF_CHECK_LESS(ranks, 5);
}

CAF_TEST(figures are those of the parts) {
  auto samples = noise(2, 60);
  auto labels = labels_of(samples);
  auto forecast = leaning(samples, 0.3, 2);
  auto other = even_climatology(samples.size());
  auto report = judge(samples, forecast);
  const auto& x = *report.forecasts[0].probabilities;
  auto own = score_probabilities(forecast.probabilities, labels);
  auto theirs = score_probabilities(other.probabilities, labels);
  CAF_CHECK_EQUAL(x.scores.log_loss, own.log_loss);
  CAF_CHECK(near(x.log_loss_gain.value, theirs.log_loss - own.log_loss, 1e-12));
  CAF_CHECK(near(x.brier_skill.value, 1.0 - own.brier / theirs.brier, 1e-12));
  std::vector<trading_date> days;
  std::vector<double> gains, leanings, returns;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto& p = forecast.probabilities[i];
    days.push_back(samples[i].day);
    gains.push_back(log_loss_of(other.probabilities[i], labels[i])
                    - log_loss_of(p, labels[i]));
    leanings.push_back(p[2] - p[0]);
    returns.push_back(samples[i].actual_return.value());
  }
  auto mean = estimate_mean(days, gains);
  CAF_CHECK(near(x.log_loss_gain.interval->lower, mean.interval->lower, 1e-12));
  CAF_CHECK(near(x.log_loss_gain.interval->upper, mean.interval->upper, 1e-12));
  CAF_CHECK(near(x.rank_ic->value, *spearman(leanings, returns), 1e-12));
  CAF_CHECK(x.plain_ic == pearson(leanings, returns));
  CAF_CHECK_EQUAL(x.ece, std::max(x.equal_width.expected_error,
                                  x.equal_mass.expected_error));
  CAF_CHECK_EQUAL(x.confusion.samples(), samples.size());
  CAF_CHECK_EQUAL(x.coverage_curve.back().coverage, 1.0);
  CAF_CHECK_EQUAL(report.samples, 420u);
  CAF_CHECK_EQUAL(report.days, 60u);
  CAF_CHECK(report.last_day == nth_day(59));
}

CAF_TEST(actions are judged like the performance report) {
  auto samples = noise(3, 60);
  auto forecast = leaning(samples, 0.3, 3);
  for (std::size_t i = 0; i < samples.size(); i += 5)
    forecast.actions[i] = trade_action::none;
  auto x = *judge(samples, forecast).forecasts[0].actions;
  std::vector<scored_sample> book;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    scored_sample s;
    s.day = samples[i].day;
    s.action = forecast.actions[i];
    s.actual_return = samples[i].actual_return;
    s.success = plan_success(s.action, s.actual_return);
    if (s.action != trade_action::none)
      book.push_back(s);
  }
  auto report = make_report(book, {});
  auto same = [](group_performance a, const group_performance& b) {
    a.mean_confidence = b.mean_confidence;
    return a == b;
  };
  CAF_CHECK(same(x.all, report));
  CAF_CHECK(same(x.buy, report.by_action[0]));
  CAF_CHECK(same(x.sell, report.by_action[1]));
  CAF_CHECK(same(x.directional, report.directional));
  CAF_CHECK(x.days_needed == report.days_needed);
  CAF_CHECK(near(x.coverage, 0.8, 1e-12));
  CAF_CHECK(near(x.buy_coverage,
                 static_cast<double>(report.by_action[0].samples) / 420.0,
                 1e-12));
  CAF_CHECK_EQUAL(x.leak.told, report.directional.samples);
  CAF_CHECK_EQUAL(x.leak.accuracy, report.directional.success_rate.value);
}

CAF_TEST(climatology gains nothing over itself) {
  auto samples = noise(4, 60);
  auto x = judge(samples, leaning(samples, 0.2, 4)).baselines[0];
  CAF_CHECK_EQUAL(x.name, "climatology");
  CAF_CHECK_EQUAL(x.probabilities->log_loss_gain.value, 0.0);
  CAF_CHECK(!x.probabilities->loss_test.has_value());
  CAF_CHECK(!x.probabilities->rank_ic.has_value());
  CAF_CHECK_EQUAL(x.probabilities->brier_skill.value, 0.0);
  CAF_CHECK(!x.skill_shown);
  CAF_CHECK_EQUAL(x.probabilities->confusion.mcc(), 0.0);
}

CAF_TEST(the verdict says how many more days it takes) {
  auto samples = noise(5, 20);
  auto forecast = leaning(samples, 0.15, 2);
  forecast.actions.clear();
  auto x = judge(samples, forecast).forecasts[0];
  const auto& gain = x.probabilities->log_loss_gain;
  CAF_CHECK(!x.actions.has_value());
  CAF_REQUIRE(gain.value > 0.0 && !gain.above_zero());
  auto more = *gain.days_needed - 20;
  CAF_CHECK(has(x.verdict, "about " + std::to_string(more)
                             + " more trading days needed"));
  CAF_CHECK(x.verdict.starts_with("no skill shown: log loss "));
}

CAF_TEST(a verdict follows from its numbers) {
  forecast_evaluation x;
  CAF_CHECK_EQUAL(verdict_of(x), "nothing to judge");
  auto& actions = x.actions.emplace();
  CAF_CHECK_EQUAL(verdict_of(x), "no skill shown: never acted");
  actions.all.samples = 100;
  actions.all.days = 50;
  actions.all.success_rate = {0.55, std::nullopt};
  actions.all.best_constant = trade_action::hold;
  actions.all.best_constant_rate = {0.53, std::nullopt};
  actions.all.difference = {0.02, std::nullopt};
  CAF_CHECK_EQUAL(verdict_of(x),
                  "no skill shown: success 55.0 % vs best constant (always "
                  "HOLD) 53.0 %, difference +2.0 points, too few days to tell");
  actions.all.difference.interval = interval95{-0.01, 0.05};
  actions.days_needed = 113;
  CAF_CHECK(verdict_of(x).ends_with(
    "[-1.0, +5.0], about 63 more trading days needed"));
  actions.days_needed = 50; // the lower end is zero: one more
  CAF_CHECK(verdict_of(x).ends_with("about 1 more trading day needed"));
  actions.all.difference.value = -0.02;
  CAF_CHECK(verdict_of(x).ends_with("no advantage to show"));
  auto& p = x.probabilities.emplace();
  p.scores.log_loss = 1.08;
  p.log_loss_gain.value = 0.01;
  p.log_loss_gain.interval = interval95{0.002, 0.018};
  CAF_CHECK(verdict_of(x).starts_with("skill shown in part: "));
  CAF_CHECK(verdict_of(x).ends_with("log loss 1.0800, gain over climatology "
                                    "+0.0100 [+0.0020, +0.0180]"));
  p.log_loss_gain.interval.reset();
  CAF_CHECK(verdict_of(x).starts_with("no skill shown: "));
  CAF_CHECK(verdict_of(x).ends_with("+0.0100, too few days to tell"));
  actions.leak = {.told = 100, .days = 50, .accuracy = 0.7,
                  .interval = {0.6, 0.8}, .leak_suspected = true};
  CAF_CHECK(verdict_of(x).ends_with(
    "directions right 70.0 % of the time: a leak until shown otherwise"));
}

CAF_TEST(too much foresight is called a leak) {
  auto samples = noise(6, 100);
  auto x = judge(samples, leaning(samples, 0.8, 6)).forecasts[0];
  CAF_CHECK(x.actions->leak.leak_suspected);
  CAF_CHECK(has(x.verdict, "a leak until shown otherwise"));
}

CAF_TEST(an account is judged by the trials that were counted) {
  auto samples = noise(7, 60);
  auto forecast = leaning(samples, 0.2, 7);
  splitmix64 random{3};
  for (int i = 0; i < 250; ++i)
    forecast.daily_returns.push_back(0.001 + 0.01 * normal(random));
  auto plain = judge(samples, forecast).forecasts[0].account;
  CAF_REQUIRE(plain.has_value());
  CAF_CHECK(!plain->deflated.has_value());
  CAF_CHECK(near(plain->sharpe_a_year,
                 sharpe_ratio(plain->moments) * std::sqrt(252.0), 1e-12));
  auto one = judge(samples, forecast, {.trials = 1, .trial_variance = 0.002})
               .forecasts[0]
               .account;
  CAF_CHECK(one->deflated == plain->probabilistic);
  auto many = judge(samples, forecast, {.trials = 50, .trial_variance = 0.002})
                .forecasts[0]
                .account;
  CAF_CHECK(many->deflated < one->deflated);
  // Fifty trials of unknown spread must not look like one.
  auto unknown = judge(samples, forecast, {.trials = 50}).forecasts[0].account;
  CAF_CHECK(!unknown->deflated.has_value());
  forecast.daily_returns.assign(50, 0.0);
  CAF_CHECK(!judge(samples, forecast).forecasts[0].account.has_value());
}

CAF_TEST(answers without knowledge show no skill on a walk forward) {
  auto samples = noise(8, 400);
  auto folds = walk_forward(windows_of(samples),
                            {.test_days = 100, .min_training_days = 100});
  auto run = run_baselines(samples, folds);
  auto report = evaluate_forecasts(samples_at(samples, run.tested), {},
                                   run.forecasts);
  CAF_CHECK_EQUAL(report.baselines.size(), baselines.size());
  for (const auto& x : report.baselines) {
    CAF_CHECK(!x.skill_shown);
    CAF_CHECK_LESS(std::abs(x.probabilities->log_loss_gain.value), 0.01);
    CAF_CHECK(!x.actions->leak.leak_suspected);
  }
}

CAF_TEST(the same input gives the same report and another seed another) {
  auto samples = noise(9, 40);
  auto forecast = leaning(samples, 0.2, 9);
  auto gain = [&](std::uint64_t seed) {
    return judge(samples, forecast, {.bootstrap = {.seed = seed}})
      .forecasts[0]
      .probabilities->log_loss_gain;
  };
  CAF_CHECK(gain(1).interval == gain(1).interval);
  CAF_CHECK(gain(1).interval != gain(2).interval);
  CAF_CHECK_EQUAL(gain(1).value, gain(2).value);
}

CAF_TEST(few days and no resamples show nothing) {
  auto samples = noise(10, 4);
  auto few = judge(samples, leaning(samples, 0.9, 1)).forecasts[0];
  CAF_CHECK(!few.skill_shown);
  CAF_CHECK(has(few.verdict, "too few days to tell"));
  samples = noise(10, 100);
  auto none = judge(samples, leaning(samples, 0.5, 1),
                    {.bootstrap = {.resamples = 0}})
                .forecasts[0];
  CAF_CHECK(!none.skill_shown);
  CAF_CHECK(!none.probabilities->rank_ic->interval.has_value());
}

CAF_TEST(what cannot be judged is refused) {
  auto samples = noise(11, 10);
  auto forecast = leaning(samples, 0.2, 1);
  CAF_CHECK(refusal_of([&] { judge({}, {}); }).starts_with("no samples"));
  CAF_CHECK(refusal_of([&] {
              evaluate_forecasts(samples, std::vector{forecast}, {});
            }).starts_with("no baseline climatology"));
  auto silent = even_climatology(samples.size());
  silent.probabilities.clear();
  CAF_CHECK(refusal_of([&] {
              evaluate_forecasts(samples, {}, std::vector{silent});
            }).starts_with("no baseline climatology"));
  forecast.probabilities.pop_back();
  CAF_CHECK(refusal_of([&] { judge(samples, forecast); })
              .starts_with("another number of forecasts than samples: forecast "
                           "model"));
  std::swap(samples[0], samples[50]);
  CAF_CHECK(refusal_of([&] { judge(samples, leaning(samples, 0.2, 1)); })
              .starts_with("out of order: sample 1"));
}
