#define CAF_SUITE scoring_reliability
#include "models/scoring/reliability.hpp"

#include "tests/unit/scoring/numbers.hpp"
#include "tests/unit/scoring/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <limits>

using namespace banksia;
using namespace banksia::scoring_test;

namespace {

/// Samples that happen as often as stated, to the power of `bend`.
std::vector<stated_probability> drawn(int n, double bend) {
  splitmix64 random{21};
  std::vector<stated_probability> result;
  for (int i = 0; i < n; ++i) {
    auto p = uniform(random);
    result.push_back({p, chance(random, std::pow(p, bend))});
  }
  return result;
}

} // namespace

CAF_TEST(bins have counts means and rates) {
  std::vector<stated_probability> samples{
    {0.05, false}, {0.15, true}, {0.15, false}, {0.95, true}, {1.0, true}};
  auto x = reliability_of(samples, binning::equal_width, 10);
  CAF_REQUIRE_EQUAL(x.bins.size(), 3u);
  CAF_CHECK_EQUAL(x.bins[1].samples, 2u);
  CAF_CHECK_EQUAL(x.bins[1].from, 0.1);
  CAF_CHECK_EQUAL(x.bins[1].to, 0.2);
  CAF_CHECK_EQUAL(x.bins[1].mean_stated, 0.15);
  CAF_CHECK_EQUAL(x.bins[1].observed_rate, 0.5);
  CAF_CHECK(x.bins[1].observed_interval == wilson_interval(1, 2));
  CAF_CHECK_EQUAL(x.bins[2].samples, 2u); // 1.0 belongs to the last bin
  // By hand: (1 x 0.05 + 2 x 0.35 + 2 x 0.025) / 5.
  CAF_CHECK(near(x.expected_error, 0.16, 1e-15));
  CAF_CHECK(near(x.largest_error, 0.35, 1e-15));
}

CAF_TEST(the error has the value of a worked example) {
  // By hand, after Guo et al.'s definition, five bins: [0.6, 0.8) holds 0.7
  // and 0.6 (one right: |0.5 - 0.65|), [0.8, 1] holds 0.8, 0.9 and 0.95 (two
  // right: |2/3 - 0.88333|); (2 x 0.15 + 3 x 0.21667) / 5 = 0.19.
  std::vector<stated_probability> samples{
    {0.7, true}, {0.6, false}, {0.8, true}, {0.9, false}, {0.95, true}};
  auto x = reliability_of(samples, binning::equal_width, 5);
  CAF_CHECK(near(x.expected_error, 0.19, 1e-12));
}

CAF_TEST(bins of equal mass share the samples out and keep equals together) {
  auto x = reliability_of(drawn(1000, 1.0), binning::equal_mass, 10);
  CAF_REQUIRE_EQUAL(x.bins.size(), 10u);
  for (const auto& bin : x.bins)
    CAF_CHECK_EQUAL(bin.samples, 100u);
  for (std::size_t i = 1; i < x.bins.size(); ++i)
    CAF_CHECK(x.bins[i].from > x.bins[i - 1].to);
  std::vector<stated_probability> ties(90, {0.4, true});
  for (int i = 0; i < 10; ++i)
    ties.push_back({0.5, i % 2 == 0});
  auto y = reliability_of(ties, binning::equal_mass, 10);
  CAF_REQUIRE_EQUAL(y.bins.size(), 2u);
  CAF_CHECK_EQUAL(y.bins[0].samples, 90u);
  CAF_CHECK_EQUAL(y.bins[1].samples, 10u);
}

CAF_TEST(equal values cannot hide behind the order they come in) {
  std::vector<stated_probability> samples;
  for (int i = 0; i < 100; ++i)
    samples.push_back({0.5, i < 50});
  auto sorted = reliability_of(samples, binning::equal_mass, 10);
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i].happened = i % 2 == 0;
  auto mixed = reliability_of(samples, binning::equal_mass, 10);
  CAF_CHECK_EQUAL(sorted.expected_error, 0.0);
  CAF_CHECK_EQUAL(mixed.expected_error, 0.0);
}

CAF_TEST(a calibrated forecast has a small error and a bent one a large) {
  for (auto by : {binning::equal_width, binning::equal_mass}) {
    // Ten bins of 10,000: the expected chance error is below 0.004.
    CAF_CHECK_LESS(reliability_of(drawn(100'000, 1.0), by, 10).expected_error,
                   0.008);
    // The integral of p - p^2 over 0 … 1 is 1/6.
    CAF_CHECK(near(reliability_of(drawn(100'000, 2.0), by, 10).expected_error,
                   1.0 / 6.0, 0.01));
  }
}

CAF_TEST(intervals of calibrated bins hold the truth) {
  int inside = 0;
  auto bins = reliability_of(drawn(100'000, 1.0), binning::equal_width, 100);
  for (const auto& bin : bins.bins)
    inside += bin.observed_interval.lower <= bin.mean_stated
              && bin.mean_stated <= bin.observed_interval.upper;
  CAF_CHECK_GREATER(inside, 87); // 95 less three and a half deviations
}

CAF_TEST(the most likely class is what is looked at) {
  std::vector<class_probabilities> p{{0.2, 0.3, 0.5}, {0.6, 0.3, 0.1}};
  std::vector<move_class> labels{move_class::up, move_class::flat};
  auto top = top_class(p, labels);
  CAF_CHECK(top[0].stated == 0.5 && top[0].happened);
  CAF_CHECK(top[1].stated == 0.6 && !top[1].happened);
  auto flat = of_class(p, labels, move_class::flat);
  CAF_CHECK(flat[0].stated == 0.3 && !flat[0].happened);
  CAF_CHECK(flat[1].stated == 0.3 && flat[1].happened);
}

CAF_TEST(the coverage curve takes the surest first) {
  std::vector<stated_probability> samples{
    {0.9, true}, {0.5, false}, {0.8, true}, {0.6, false}, {0.7, true}};
  auto curve = coverage_curve(samples, 5);
  CAF_REQUIRE_EQUAL(curve.size(), 5u);
  CAF_CHECK_EQUAL(curve[0].coverage, 0.2);
  CAF_CHECK_EQUAL(curve[0].threshold, 0.9);
  CAF_CHECK_EQUAL(curve[2].accuracy, 1.0);
  CAF_CHECK_EQUAL(curve[3].accuracy, 0.75);
  CAF_CHECK_EQUAL(curve[4].accuracy, 0.6);
  CAF_CHECK_EQUAL(curve[4].coverage, 1.0);
  CAF_CHECK(curve[4].interval == wilson_interval(3, 5));
}

CAF_TEST(equally sure samples make one point) {
  std::vector<stated_probability> samples(10, {0.5, true});
  samples.push_back({0.9, false});
  auto curve = coverage_curve(samples, 4);
  CAF_REQUIRE_EQUAL(curve.size(), 1u);
  CAF_CHECK_EQUAL(curve[0].samples, 11u);
  CAF_CHECK(coverage_curve({}, 4).empty());
}

CAF_TEST(accuracy falls along the curve of an honest forecast) {
  auto curve = coverage_curve(drawn(50'000, 1.0), 10);
  for (std::size_t i = 1; i < curve.size(); ++i)
    CAF_CHECK(curve[i].accuracy < curve[i - 1].accuracy);
  CAF_CHECK_EQUAL(curve.back().samples, 50'000u);
}

CAF_TEST(unsound input is refused) {
  CAF_CHECK(refusal_of([] {
              reliability_of({{0.5, true}}, binning::equal_width, 0);
            }).starts_with("no bins"));
  for (auto bad : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    CAF_CHECK(refusal_of([&] {
                reliability_of({{bad, true}}, binning::equal_mass, 5);
              }).starts_with("a probability outside"));
    CAF_CHECK(refusal_of([&] { coverage_curve({{bad, true}}, 5); })
                .starts_with("a probability outside"));
  }
  CAF_CHECK(reliability_of({}, binning::equal_mass, 5).bins.empty());
}
