#define CAF_SUITE scoring_significance
#include "models/scoring/significance.hpp"

#include "tests/unit/scoring/numbers.hpp"
#include "tests/unit/scoring/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <array>
#include <limits>
#include <vector>

using namespace banksia;
using namespace banksia::scoring_test;

namespace {

constexpr std::array differences{0.5, -0.2, 0.9, 0.1, 0.4,  -0.6,
                                 0.8, 0.3,  0.0, 0.7, -0.1, 0.2};

} // namespace

// -- means by day -------------------------------------------------------------

CAF_TEST(a mean has its interval by day) {
  std::vector<trading_date> days;
  std::vector<double> values;
  for (std::uint32_t i = 0; i < 60; ++i) {
    days.push_back(nth_day(i / 3));
    values.push_back(i / 3 % 2 == 0 ? 1.5 : -0.5);
  }
  auto x = estimate_mean(days, values);
  CAF_CHECK_EQUAL(x.samples, 60u);
  CAF_CHECK_EQUAL(x.days, 20u);
  CAF_CHECK(near(x.value, 0.5, 1e-15));
  CAF_REQUIRE(x.interval.has_value());
  // Twenty independent days of deviation 1: t(0.975, 19) sqrt(20 / 19) / sqrt
  // (20) = 0.48; sixty samples would have said 0.26.
  CAF_CHECK(near(x.interval->upper - x.interval->lower, 0.96, 0.08));
  CAF_CHECK_EQUAL(x.above_zero(), x.interval->lower > 0.0);
  CAF_CHECK(x.days_needed == days_to_tell_apart(x, 20));
  CAF_CHECK(!estimate_mean(days, values, {.resamples = 0}).interval);
  CAF_CHECK_EQUAL(estimate_mean({}, {}).samples, 0u);
}

CAF_TEST(blocks of days see dependence between neighbours) {
  std::vector<trading_date> days;
  std::vector<double> values;
  splitmix64 random{8};
  for (std::uint32_t i = 0; i < 400; i += 5) {
    auto mood = normal(random);
    for (std::uint32_t k = 0; k < 5; ++k) {
      days.push_back(nth_day(i + k));
      values.push_back(mood);
    }
  }
  auto width = [&](std::uint32_t block) {
    auto x = estimate_mean(days, values, {.block_days = block});
    return x.interval->upper - x.interval->lower;
  };
  // Runs of five alike: the variance is five times that of single days. Blocks
  // of twenty see all but a part (1 - 5 / (3 x 20)) of it.
  CAF_CHECK(near(width(20) / width(1), std::sqrt(5.0), 0.45));
  // Fewer than five blocks tell nothing.
  CAF_CHECK(!estimate_mean(days, values, {.block_days = 100}).interval);
  CAF_CHECK(estimate_mean(days, values, {.block_days = 0}).interval
            == estimate_mean(days, values, {.block_days = 1}).interval);
}

CAF_TEST(days to tell apart follow from the interval on either side) {
  rate_estimate x{0.02, interval95{-0.02, 0.06}};
  CAF_CHECK(days_to_tell_apart(x, 50) == std::uint64_t{200});
  x = {-0.02, interval95{-0.06, 0.02}};
  CAF_CHECK(days_to_tell_apart(x, 50) == std::uint64_t{200});
  x = {0.02, interval95{0.01, 0.03}};
  CAF_CHECK(days_to_tell_apart(x, 100) == std::uint64_t{25});
  CAF_CHECK(days_to_tell_apart({0.02, interval95{0.02, 0.02}}, 100)
            == std::uint64_t{min_interval_days});
  CAF_CHECK(!days_to_tell_apart({0.0, interval95{-0.1, 0.1}}, 100));
  CAF_CHECK(!days_to_tell_apart({0.1, std::nullopt}, 100));
  CAF_CHECK(days_to_tell_apart({1e-300, interval95{-1.0, 1.0}}, 100)
            == std::uint64_t{1'000'000'000'000'000});
}

CAF_TEST(days to tell rates apart agree with the formula of Fleiss) {
  // Python: ((z(.975) sqrt(2 p q) + z(power) sqrt(pa qa + pb qb)) / d)^2 / k.
  // 0.6 and 0.5 with power 0.8 are the well known 388 a group.
  CAF_CHECK(days_to_tell_rates_apart(0.6, 0.5, 1.0) == std::uint64_t{388});
  CAF_CHECK(days_to_tell_rates_apart(0.53, 0.5, 1.3) == std::uint64_t{3351});
  CAF_CHECK(days_to_tell_rates_apart(0.25, 0.40, 1.0, 0.9)
            == std::uint64_t{203});
  CAF_CHECK(!days_to_tell_rates_apart(0.5, 0.5, 1.3));
  CAF_CHECK(!days_to_tell_rates_apart(0.5, 1.5, 1.3));
  CAF_CHECK(!days_to_tell_rates_apart(-0.5, 0.5, 1.3));
  CAF_CHECK(!days_to_tell_rates_apart(0.5, 0.6, 0.0));
  CAF_CHECK(!days_to_tell_rates_apart(0.5, 0.6, 1.3, 1.0));
}

CAF_TEST(unsound values are refused) {
  std::vector<trading_date> days(2, nth_day(0));
  std::vector<double> values{1.0, std::numeric_limits<double>::quiet_NaN()};
  CAF_CHECK(refusal_of([&] { estimate_mean(days, values); })
              .starts_with("not finite: bootstrap: value 1"));
  values.pop_back();
  CAF_CHECK(refusal_of([&] { estimate_mean(days, values); })
              .starts_with("1 values of 2 days"));
}

// -- direction ----------------------------------------------------------------

CAF_TEST(the test of direction agrees with an independent computation) {
  // Python with fractions.Fraction up to the root, the formulas as in the
  // article; the p-value by statistics.NormalDist.
  auto x = pesaran_timmermann({60, 40, 35, 65});
  CAF_REQUIRE(x.has_value());
  CAF_CHECK(near(x->statistic, 3.548844857119217, 1e-12));
  CAF_CHECK(near(x->p_value, 0.00019346248774643193, 1e-12));
  auto y = pesaran_timmermann({30, 10, 45, 35});
  CAF_REQUIRE(y.has_value());
  CAF_CHECK(near(y->statistic, 2.008385781013735, 1e-12));
  CAF_CHECK(near(y->p_value, 0.022301156345613027, 1e-12));
}

CAF_TEST(the test of direction by day agrees with an independent computation) {
  // Python: sum(c) / sqrt(sum(c^2)) sqrt(5 / 6), c the day's sum of
  // (x - mean x)(y - mean y) over its samples; t's tail by Simpson's rule.
  std::vector<direction_table> days{{3, 1, 1, 2}, {2, 2, 1, 2}, {1, 3, 0, 3},
                                    {4, 0, 2, 1}, {2, 1, 1, 3}, {1, 1, 3, 2}};
  auto x = pesaran_timmermann_by_day(days);
  CAF_REQUIRE(x.has_value());
  CAF_CHECK(near(x->statistic, 1.6666666666666667, 1e-12));
  CAF_CHECK(near(x->p_value, 0.07822892267002679, 1e-10));
  // Days without samples count for nothing.
  days.insert(days.begin() + 2, direction_table{});
  auto again = pesaran_timmermann_by_day(days);
  CAF_CHECK_EQUAL(again->statistic, x->statistic);
}

CAF_TEST(mirrored directions mirror the statistic) {
  auto x = pesaran_timmermann({60, 40, 35, 65});
  auto y = pesaran_timmermann({40, 60, 65, 35});
  CAF_CHECK(near(x->statistic, -y->statistic, 1e-12));
  CAF_CHECK(near(x->p_value + y->p_value, 1.0, 1e-12));
}

CAF_TEST(a direction never told or never taken cannot be tested) {
  CAF_CHECK(!pesaran_timmermann({}));
  CAF_CHECK(!pesaran_timmermann({5, 5, 0, 0}));
  CAF_CHECK(!pesaran_timmermann({0, 0, 5, 5}));
  CAF_CHECK(!pesaran_timmermann({5, 0, 5, 0}));
  CAF_CHECK(!pesaran_timmermann({0, 5, 0, 5}));
  std::vector<direction_table> days(9, direction_table{1, 1, 0, 0});
  CAF_CHECK(!pesaran_timmermann_by_day(days));
  days.assign(4, direction_table{2, 1, 1, 2});
  CAF_CHECK(!pesaran_timmermann_by_day(days));
  days.assign(9, direction_table{1, 1, 1, 1});
  CAF_CHECK(!pesaran_timmermann_by_day(days)); // no day says anything
}

CAF_TEST(a table counts directions) {
  direction_table x;
  x.add(true, true);
  x.add(true, false);
  x.add(false, true);
  x.add(false, false);
  x.add(false, false);
  CAF_CHECK(x.told_up_rose == 1 && x.told_up_fell == 1);
  CAF_CHECK(x.told_down_rose == 1 && x.told_down_fell == 2);
  CAF_CHECK_EQUAL(x.samples(), 5u);
}

// -- losses -------------------------------------------------------------------

CAF_TEST(a horizon of one without lags is the t-test of one sample) {
  // Harvey, Leybourne and Newbold's correction makes it so: mean / (s / sqrt n)
  // with s of divisor n - 1. Python: 1.9588796038362293.
  auto x = diebold_mariano(differences, {.horizon = 1, .lags = 0});
  CAF_REQUIRE(x.has_value());
  CAF_CHECK(near(x->statistic, 1.9588796038362293, 1e-12));
  CAF_CHECK(near(x->p_value, 0.0759594110632541, 1e-10));
}

CAF_TEST(the test of losses agrees with an independent computation) {
  // Python: the sums written out, t's tail by Simpson's rule.
  CAF_CHECK(
    near(long_run_variance(differences, 0), 0.17916666666666667, 1e-15));
  CAF_CHECK(
    near(long_run_variance(differences, 2), 0.05305555555555555, 1e-15));
  auto x = diebold_mariano(differences, {.horizon = 3, .lags = 2});
  CAF_REQUIRE(x.has_value());
  CAF_CHECK(near(x->statistic, 2.9723860001741733, 1e-12));
  CAF_CHECK(near(x->p_value, 0.012691095658113771, 1e-10));
  // floor(4 (12 / 100)^(2/9)) = 2 lags; a horizon of five takes four.
  auto y = diebold_mariano(differences);
  CAF_CHECK(near(y->statistic, 3.599738210376705, 1e-12));
  auto five = diebold_mariano(differences, {.horizon = 5});
  auto four_lags = diebold_mariano(differences, {.horizon = 5, .lags = 4});
  CAF_CHECK_EQUAL(five->statistic, four_lags->statistic);
}

CAF_TEST(forecasts changed over change the sign) {
  auto mirrored = differences;
  for (auto& x : mirrored)
    x = -x;
  auto x = diebold_mariano(mirrored);
  auto y = diebold_mariano(differences);
  CAF_CHECK_EQUAL(x->statistic, -y->statistic);
  CAF_CHECK_EQUAL(x->p_value, y->p_value);
}

CAF_TEST(what cannot be tested has no result) {
  std::vector<double> nine(differences.begin(), differences.begin() + 9);
  CAF_CHECK(!diebold_mariano(nine));
  CAF_CHECK(!diebold_mariano(std::vector<double>(20, 0.1)));
  CAF_CHECK(!diebold_mariano(std::vector<double>(20, 0.0)));
  CAF_CHECK(!diebold_mariano(differences, {.horizon = 0}));
  CAF_CHECK(!diebold_mariano(differences, {.horizon = 12}));
  auto bad = differences;
  bad[3] = std::numeric_limits<double>::infinity();
  CAF_CHECK(!diebold_mariano(bad));
  CAF_CHECK_EQUAL(long_run_variance({}, 3), 0.0);
}
