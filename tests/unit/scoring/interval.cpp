#define CAF_SUITE scoring_interval
#include "models/scoring/interval.hpp"

#include "models/scoring/random.hpp"

#include "caf/test/unit_test.hpp"

#include <array>
#include <cmath>
#include <numeric>

using namespace banksia;

namespace {

bool near(double a, double b, double tolerance) {
  return std::abs(a - b) <= tolerance;
}

} // namespace

CAF_TEST(the Wilson interval has its published values) {
  // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  auto x = wilson_interval(81, 263);
  CAF_CHECK(near(x.lower, 0.2553, 5e-5));
  CAF_CHECK(near(x.upper, 0.3662, 5e-5));
  auto none = wilson_interval(0, 20);
  CAF_CHECK(near(none.lower, 0.0, 5e-5));
  CAF_CHECK(near(none.upper, 0.1611, 5e-5));
  auto all = wilson_interval(29, 29);
  CAF_CHECK(near(all.lower, 0.8830, 5e-5));
  CAF_CHECK_EQUAL(all.upper, 1.0);
}

CAF_TEST(without trials anything is possible) {
  CAF_CHECK(wilson_interval(0, 0) == (interval95{0.0, 1.0}));
}

CAF_TEST(the tail is thinner for few days and 2.5 percent for many) {
  // t(0.975, 4) = 2.7764451; Phi(-sqrt(5 / 4) * 2.7764451) = 0.00095476.
  CAF_CHECK(near(tail_level(5), 0.000955, 1e-6));
  CAF_CHECK(tail_level(5) < tail_level(20));
  CAF_CHECK(tail_level(20) < tail_level(250));
  CAF_CHECK(near(tail_level(100'000), 0.025, 1e-5));
}

CAF_TEST(a quantile lies between its neighbours) {
  std::vector<double> values{1.0, 2.0, 4.0, 8.0};
  CAF_CHECK_EQUAL(quantile_of_sorted(values, 0.0), 1.0);
  CAF_CHECK_EQUAL(quantile_of_sorted(values, 0.5), 3.0);
  CAF_CHECK_EQUAL(quantile_of_sorted(values, 1.0), 8.0);
  CAF_CHECK_EQUAL(quantile_of_sorted({7.0}, 0.3), 7.0);
}

CAF_TEST(an interval takes five days and something drawn) {
  std::vector<double> values(1001);
  std::iota(values.rbegin(), values.rend(), 0.0);
  CAF_CHECK(!percentile_interval(values, 4));
  CAF_CHECK(!percentile_interval({}, 100));
  CAF_CHECK(percentile_interval(values, 5).has_value());
  auto x = percentile_interval(values, 1'000'000);
  CAF_REQUIRE(x.has_value());
  CAF_CHECK(near(x->lower, 25.0, 0.01));
  CAF_CHECK(near(x->upper, 975.0, 0.01));
}

CAF_TEST(the random stream is SplitMix64) {
  // The first outputs of the authors' reference code for seed 1234567.
  splitmix64 random{1234567};
  CAF_CHECK_EQUAL(random.next(), 6457827717110365317ULL);
  CAF_CHECK_EQUAL(random.next(), 3203168211198807973ULL);
}

CAF_TEST(draws below a bound are uniform) {
  splitmix64 random{1};
  std::array<std::uint32_t, 7> counts{};
  for (int i = 0; i < 70'000; ++i)
    ++counts.at(random.below(7));
  // Five standard deviations of a binomial of 70,000 at 1/7.
  for (auto n : counts)
    CAF_CHECK(near(n, 10'000.0, 463.0));
  CAF_CHECK_EQUAL(random.below(1), 0u);
}
