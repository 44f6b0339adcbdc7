#define CAF_SUITE scoring_promotion
#include "models/scoring/promotion.hpp"

#include "tests/unit/scoring/forecasts.hpp"

#include "caf/test/unit_test.hpp"

#include <limits>

using namespace banksia;
using namespace banksia::scoring_test;

namespace {

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();

mean_estimate gain(double value, double lower, double upper) {
  mean_estimate x;
  x.value = value;
  x.interval = interval95{lower, upper};
  x.days = 250;
  return x;
}

const promotion_evidence worthy{.gain_over_climatology
                                = gain(0.02, 0.01, 0.03),
                                .gain_over_champion = gain(0.01, 0.002, 0.018),
                                .ece = 0.03};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

CAF_TEST(a challenger that beats both and is calibrated is promoted) {
  auto x = judge_promotion(worthy);
  CAF_CHECK(x.promote);
  CAF_CHECK_EQUAL(x.reasons.size(), 3u);
  CAF_CHECK_EQUAL(
    x.text(),
    "promoted: better than climatology: log loss gain over climatology "
    "+0.0200 [+0.0100, +0.0300] over 250 trading days; better than the "
    "champion: log loss gain over the champion +0.0100 [+0.0020, +0.0180] over "
    "250 trading days; calibrated: error 0.030, bound 0.050");
}

CAF_TEST(each condition alone can refuse) {
  auto says = [](auto change, std::string_view reason) {
    auto x = worthy;
    change(x);
    auto verdict = judge_promotion(x);
    CAF_CHECK(!verdict.promote);
    CAF_CHECK(verdict.text().starts_with("not promoted: "));
    CAF_CHECK(has(verdict.text(), reason));
    int failed = 0;
    for (const auto& text : verdict.reasons)
      failed += text.starts_with("not ");
    CAF_CHECK_EQUAL(failed, 1);
  };
  says([](auto& x) { x.gain_over_climatology = gain(0.02, -0.001, 0.04); },
       "not shown better than climatology");
  says([](auto& x) { x.gain_over_climatology = gain(0.02, 0.0, 0.04); },
       "not shown better than climatology");
  says([](auto& x) { x.gain_over_champion = gain(-0.01, -0.02, -0.001); },
       "not shown better than the champion");
  says([](auto& x) { x.gain_over_champion->interval.reset(); },
       "not shown better than the champion, too few days to tell");
  says([](auto& x) { x.ece = 0.0501; }, "not calibrated: error 0.050");
  says([](auto& x) { x.ece = nan; }, "not calibrated");
}

CAF_TEST(the bound itself is within it and can be moved) {
  auto x = worthy;
  x.ece = 0.05;
  CAF_CHECK(judge_promotion(x).promote);
  CAF_CHECK(!judge_promotion(x, {.largest_ece = 0.04}).promote);
}

CAF_TEST(without a champion climatology alone is to be beaten) {
  auto x = worthy;
  x.gain_over_champion.reset();
  auto verdict = judge_promotion(x);
  CAF_CHECK(verdict.promote);
  CAF_CHECK(has(verdict.text(), "there is no champion to beat"));
  x.gain_over_climatology = gain(-0.01, -0.02, 0.01);
  CAF_CHECK(!judge_promotion(x).promote);
}

CAF_TEST(evidence comes from forecasts of the same samples) {
  auto samples = noise(1, 250);
  auto climatology = even_climatology(samples.size());
  auto weak = leaning(samples, 0.1, 1);
  auto strong = leaning(samples, 0.4, 2);
  auto judge = [&](const named_forecast& x, const named_forecast* champion) {
    return judge_promotion(
      gather_promotion_evidence(samples, x, champion, climatology));
  };
  CAF_CHECK(judge(strong, &weak).promote);
  CAF_CHECK(judge(strong, nullptr).promote);
  CAF_CHECK(!judge(weak, &strong).promote);
  CAF_CHECK(!judge(strong, &strong).promote); // no better than itself
  CAF_CHECK(!judge(climatology, nullptr).promote);
  auto evidence
    = gather_promotion_evidence(samples, strong, &weak, climatology);
  CAF_CHECK_EQUAL(evidence.gain_over_champion->days, 250u);
  CAF_CHECK_LESS(evidence.ece, 0.05);
}

CAF_TEST(a better challenger that overstates itself stays out) {
  auto samples = noise(2, 250);
  auto climatology = even_climatology(samples.size());
  auto sharp = leaning(samples, 0.4, 3);
  for (auto& p : sharp.probabilities) // right in 60 %, says 72 %
    for (auto& x : p)
      x = x > 0.5 ? 0.72 : 0.14;
  auto evidence
    = gather_promotion_evidence(samples, sharp, nullptr, climatology);
  CAF_CHECK(evidence.gain_over_climatology.above_zero());
  CAF_CHECK_GREATER(evidence.ece, 0.05);
  CAF_CHECK(!judge_promotion(evidence).promote);
}

CAF_TEST(noise is hardly ever promoted) {
  int promoted = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    auto samples = noise(seed, 60);
    auto x = leaning(samples, 0.05, seed);
    x.probabilities = leaning(with_shuffled_outcomes(samples, seed), 0.05, seed)
                        .probabilities;
    promoted += judge_promotion(
                  gather_promotion_evidence(samples, x, nullptr,
                                            even_climatology(samples.size()),
                                            {.resamples = 300}))
                  .promote;
  }
  // At most one of forty by chance, and noise has to pay for leaning.
  CAF_CHECK_LESS(promoted, 5);
}

CAF_TEST(evidence that is none is refused) {
  auto samples = noise(3, 20);
  auto climatology = even_climatology(samples.size());
  auto x = leaning(samples, 0.2, 1);
  auto gather = [&](const std::vector<forecast_sample>& on,
                    const named_forecast& challenger) {
    return refusal_of([&] {
      gather_promotion_evidence(on, challenger, nullptr, climatology);
    });
  };
  CAF_CHECK_EQUAL(gather(samples, x), "");
  CAF_CHECK(gather({}, x).starts_with("no samples: promotion"));
  auto silent = x;
  silent.probabilities.clear();
  CAF_CHECK(gather(samples, silent)
              .starts_with("no probabilities: forecast model"));
  auto short_one = x;
  short_one.probabilities.pop_back();
  CAF_CHECK(gather(samples, short_one).starts_with("another number"));
  samples[3].band = fraction{0.0};
  CAF_CHECK(gather(samples, x).starts_with("no flat band"));
}

CAF_TEST(a champion is demoted after so many days out of bounds) {
  live_quality good{.ece = 0.03, .brier_skill = 0.02};
  live_quality loose{.ece = 0.07, .brier_skill = 0.02};
  live_quality useless{.ece = 0.03, .brier_skill = -0.01};
  std::vector<live_quality> days(20, good);
  CAF_CHECK(!judge_demotion(days).demote);
  CAF_CHECK(judge_demotion(days).reason.starts_with("within bounds: "));
  for (int i = 0; i < 4; ++i)
    days.push_back(i % 2 == 0 ? loose : useless);
  auto almost = judge_demotion(days);
  CAF_CHECK(!almost.demote);
  CAF_CHECK_EQUAL(almost.days_broken, 4u);
  days.push_back(loose);
  auto demoted = judge_demotion(days);
  CAF_CHECK(demoted.demote);
  CAF_CHECK_EQUAL(demoted.reason,
                  "out of bounds for 5 trading days of 5: calibration error "
                  "0.070 (bound 0.050), Brier skill +0.020 (bound +0.000)");
  days.push_back(good); // one good day and the count begins anew
  CAF_CHECK(!judge_demotion(days).demote);
  CAF_CHECK_EQUAL(judge_demotion(days).days_broken, 0u);
}

CAF_TEST(numbers that are none break their bounds) {
  std::vector<live_quality> days(5, live_quality{.ece = nan,
                                                 .brier_skill = 0.1});
  CAF_CHECK(judge_demotion(days).demote);
  days.assign(5, live_quality{.ece = 0.01, .brier_skill = nan});
  CAF_CHECK(judge_demotion(days).demote);
}

CAF_TEST(no days say nothing and no patience is one day) {
  auto x = judge_demotion({});
  CAF_CHECK(!x.demote);
  CAF_CHECK_EQUAL(x.reason, "no live days yet");
  CAF_CHECK(!judge_demotion({}, {.days = 0}).demote);
  std::vector<live_quality> one{{.ece = 0.5, .brier_skill = 0.1}};
  CAF_CHECK(judge_demotion(one, {.days = 0}).demote);
}
