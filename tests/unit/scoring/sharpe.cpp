#define CAF_SUITE scoring_sharpe
#include "models/scoring/sharpe.hpp"

#include "tests/unit/scoring/numbers.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <limits>
#include <vector>

using namespace banksia;
using namespace banksia::scoring_test;

namespace {

const std::vector<double> returns{0.02,  -0.01, 0.015, 0.005,
                                  -0.03, 0.01,  0.0,   0.025};

} // namespace

CAF_TEST(moments agree with an independent computation) {
  // Python, the sums written out.
  auto x = moments_of(returns);
  CAF_REQUIRE(x.has_value());
  CAF_CHECK_EQUAL(x->periods, 8u);
  CAF_CHECK(near(x->mean, 0.004375, 1e-15));
  CAF_CHECK(near(x->deviation, 0.017816024087481314, 1e-15));
  CAF_CHECK(near(x->skewness, -0.8022778702805826, 1e-12));
  CAF_CHECK(near(x->kurtosis, 2.744568474900152, 1e-12));
  CAF_CHECK(near(sharpe_ratio(*x), 0.004375 / 0.017816024087481314, 1e-14));
  CAF_CHECK(near(annualised(0.1, 252.0), 1.5874507866387544, 1e-14));
}

CAF_TEST(returns that tell nothing have no moments) {
  CAF_CHECK(!moments_of({}));
  CAF_CHECK(!moments_of(std::vector<double>{0.1}));
  CAF_CHECK(!moments_of(std::vector<double>(50, 0.1)));
  CAF_CHECK(!moments_of(std::vector<double>(50, 0.0)));
  CAF_CHECK(!moments_of(std::vector<double>{
    0.1, std::numeric_limits<double>::quiet_NaN()}));
  CAF_CHECK_EQUAL(sharpe_ratio({}), 0.0);
}

CAF_TEST(the deepest fall is measured from the peak before it) {
  // 1.02 1.0098 1.024947 1.0300717 0.9991696 …: from 1.03007 down by 3 %.
  auto x = max_drawdown(returns);
  CAF_CHECK(near(x.depth, 0.03, 1e-14));
  CAF_CHECK_EQUAL(x.peak, 4u);
  CAF_CHECK_EQUAL(x.trough, 5u);
  // From the beginning: 0.9 x 0.9 x 1.1 x 0.8 = 0.7128.
  auto y = max_drawdown(std::vector<double>{-0.1, -0.1, 0.1, -0.2, 0.5});
  CAF_CHECK(near(y.depth, 1.0 - 0.7128, 1e-14));
  CAF_CHECK(y.peak == 0 && y.trough == 4);
  CAF_CHECK_EQUAL(max_drawdown(std::vector<double>{0.1, 0.0, 0.2}).depth, 0.0);
  CAF_CHECK_EQUAL(max_drawdown({}).depth, 0.0);
  CAF_CHECK_EQUAL(max_drawdown(std::vector<double>{0.5, -1.0}).depth, 1.0);
}

CAF_TEST(the probabilistic ratio has the value of a published example) {
  // Bailey and Lopez de Prado, "The Sharpe ratio efficient frontier", 2012:
  // 24 months of mean 0.036 and deviation 0.079 (a ratio of 0.458), skewness
  // -2.448, kurtosis 10.164: 0.913.
  auto x = probabilistic_sharpe(0.458, 0.0, 24, -2.448, 10.164);
  CAF_REQUIRE(x.has_value());
  CAF_CHECK(near(*x, 0.913, 5e-4));
  CAF_CHECK(near(*probabilistic_sharpe(0.1, 0.1, 50, 0.0, 3.0), 0.5, 1e-15));
}

CAF_TEST(the deflated ratio has the values of a published example) {
  // Bailey and Lopez de Prado, "The deflated Sharpe ratio", 2014: a ratio of
  // 2.5 a year over 1250 days, skewness -3, kurtosis 10, the best of 100
  // trials whose ratios vary by 1/2 a year: SR0 = 0.1132, DSR = 0.9004.
  auto variance = 0.5 / 250.0;
  CAF_CHECK(near(expected_best_sharpe(100, variance), 0.1132, 5e-5));
  return_moments x{.periods = 1250,
                   .mean = 2.5 / std::sqrt(250.0),
                   .deviation = 1.0,
                   .skewness = -3.0,
                   .kurtosis = 10.0};
  auto dsr = deflated_sharpe(x, 100, variance);
  CAF_REQUIRE(dsr.has_value());
  CAF_CHECK(near(*dsr, 0.9004, 5e-5));
}

CAF_TEST(more trials leave less of the same ratio) {
  return_moments x{.periods = 500, .mean = 0.1, .deviation = 1.0};
  auto last = *deflated_sharpe(x, 1, 0.002);
  CAF_CHECK(probabilistic_sharpe(0.1, 0.0, 500, 0.0, 3.0) == last);
  for (auto trials : {2u, 10u, 100u, 10'000u}) {
    auto now = *deflated_sharpe(x, trials, 0.002);
    CAF_CHECK_LESS(now, last);
    last = now;
  }
  CAF_CHECK_EQUAL(expected_best_sharpe(0, 0.5), 0.0);
  CAF_CHECK_EQUAL(expected_best_sharpe(1, 0.5), 0.0);
  CAF_CHECK_EQUAL(expected_best_sharpe(9, 0.0), 0.0);
}

CAF_TEST(the best of many without skill reaches what is expected of it) {
  // 200 rounds of 50 ratios drawn from a normal of variance 0.01.
  splitmix64 random{41};
  double sum = 0.0;
  constexpr int rounds = 2000;
  for (int round = 0; round < rounds; ++round) {
    double best = -1.0;
    for (int i = 0; i < 50; ++i)
      best = std::max(best, 0.1 * normal(random));
    sum += best;
  }
  // The formula is the limit of many trials; of 50 it is right to 2 %.
  CAF_CHECK(near(sum / rounds, expected_best_sharpe(50, 0.01), 0.007));
}

CAF_TEST(luck deflates to nothing to speak of) {
  // The best of 100 accounts without skill, each round: over 0.95 in few.
  splitmix64 random{43};
  int fooled = 0, deflated = 0;
  constexpr int rounds = 60;
  for (int round = 0; round < rounds; ++round) {
    std::vector<double> sharpes;
    return_moments best;
    for (int trial = 0; trial < 100; ++trial) {
      std::vector<double> account(250);
      for (auto& x : account)
        x = 0.01 * normal(random);
      auto x = *moments_of(account);
      sharpes.push_back(sharpe_ratio(x));
      if (trial == 0 || sharpe_ratio(x) > sharpe_ratio(best))
        best = x;
    }
    fooled += *deflated_sharpe(best, 1, 0.0) > 0.95;
    deflated += *deflated_sharpe(best, 100, *variance_of(sharpes)) > 0.95;
  }
  CAF_CHECK_GREATER(fooled, 55);
  CAF_CHECK_LESS(deflated, 7);
}

CAF_TEST(what has no ratio is none) {
  CAF_CHECK(!probabilistic_sharpe(0.1, 0.0, 1, 0.0, 3.0));
  CAF_CHECK(!probabilistic_sharpe(2.0, 0.0, 50, 2.0, 1.0));
  CAF_CHECK(!variance_of(std::vector<double>{0.1}));
  CAF_CHECK(near(*variance_of(std::vector<double>{0.1, 0.3}), 0.02, 1e-15));
}
