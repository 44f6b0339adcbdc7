#define CAF_SUITE scoring_significance_size
#include "models/scoring/significance.hpp"

#include "tests/unit/scoring/numbers.hpp"
#include "tests/unit/scoring/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <vector>

using namespace banksia;
using namespace banksia::scoring_test;

/// What the tests promise, tried on many simulated markets: at 5 % they call
/// noise skill in one of twenty, and they find what is there.

namespace {

constexpr int markets = 2000;

/// 5 % of 2000 are 100, a deviation 9.7: three and a half either way.
bool nominal(int rejections) { return rejections > 66 && rejections < 134; }

/// Seven symbols on each of `days` days. The day's mood moves outcomes, and
/// forecasts too, but not by the same mood. `skill` of the forecasts copy the
/// outcome.
std::vector<direction_table> market(std::uint64_t seed, int days,
                                    double mood_size, double skill) {
  splitmix64 random{seed * 104'729};
  std::vector<direction_table> result(static_cast<std::size_t>(days));
  for (auto& day : result) {
    auto p_up = 0.5 + (chance(random, 0.5) ? mood_size : -mood_size);
    auto p_told = 0.6 + (chance(random, 0.5) ? mood_size : -mood_size);
    for (int symbol = 0; symbol < 7; ++symbol) {
      auto rose = chance(random, p_up);
      day.add(chance(random, skill) ? rose : chance(random, p_told), rose);
    }
  }
  return result;
}

struct rejections {
  int plain = 0;
  int by_day = 0;
};

rejections of_markets(int days, double mood_size, double skill) {
  rejections result;
  for (int seed = 1; seed <= markets; ++seed) {
    auto table = market(static_cast<std::uint64_t>(seed), days, mood_size,
                        skill);
    direction_table all;
    for (const auto& x : table) {
      all.told_up_rose += x.told_up_rose;
      all.told_up_fell += x.told_up_fell;
      all.told_down_rose += x.told_down_rose;
      all.told_down_fell += x.told_down_fell;
    }
    auto plain = pesaran_timmermann(all);
    auto by_day = pesaran_timmermann_by_day(table);
    result.plain += plain && plain->p_value < 0.05;
    result.by_day += by_day && by_day->p_value < 0.05;
  }
  return result;
}

/// Loss differences with neighbours that share part `phi` (first order).
std::vector<double> losses(std::uint64_t seed, int n, double phi, double mean) {
  splitmix64 random{seed * 15'485'863};
  std::vector<double> result;
  auto x = normal(random) / std::sqrt(1.0 - phi * phi);
  for (int i = 0; i < n; ++i) {
    result.push_back(mean + x);
    x = phi * x + normal(random);
  }
  return result;
}

int rejected(int n, double phi, double mean, const loss_test_options& options) {
  int result = 0;
  for (int seed = 1; seed <= markets; ++seed) {
    auto x = diebold_mariano(losses(static_cast<std::uint64_t>(seed), n, phi,
                                    mean),
                             options);
    result += x && x->p_value < 0.05;
  }
  return result;
}

} // namespace

CAF_TEST(independent samples without skill are called skill once in twenty) {
  auto x = of_markets(100, 0.0, 0.0);
  CAF_CHECK(nominal(x.plain));
  CAF_CHECK(nominal(x.by_day));
}

CAF_TEST(symbols that move together deceive the plain test alone) {
  auto x = of_markets(100, 0.35, 0.0);
  CAF_CHECK_GREATER(x.plain, 2 * 134);
  CAF_CHECK(nominal(x.by_day));
}

CAF_TEST(a tenth of foresight is found) {
  // A day's term is 7 x 0.1 / 4 on average and varies by about 1 (moods 0.77,
  // the rest 0.66), so 250 days are 2.8 deviations: P(Z > 1.64 - 2.8) = 87 %.
  auto x = of_markets(250, 0.35, 0.1);
  CAF_CHECK_GREATER(x.by_day, 0.83 * markets);
}

CAF_TEST(equal losses are told apart once in twenty) {
  CAF_CHECK(nominal(rejected(60, 0.0, 0.0, {.lags = 0})));
  // With lags that are not needed the variance is a little too small.
  auto x = rejected(250, 0.0, 0.0, {});
  CAF_CHECK(x > 66 && x < 160);
}

CAF_TEST(losses that depend on their neighbours need the lags) {
  auto with = rejected(500, 0.3, 0.0, {.lags = 12});
  auto without = rejected(500, 0.3, 0.0, {.lags = 0});
  // Bartlett's weights leave a little of the dependence out.
  CAF_CHECK(with > 66 && with < 180);
  // The variance without lags is 0.7 / 1.3 of the true one: P(|Z| > 1.44).
  CAF_CHECK_GREATER(without, 240);
}

CAF_TEST(a fifth of a deviation is found in 250 days) {
  // 0.2 sqrt(250) = 3.2 deviations: 88 %.
  CAF_CHECK_GREATER(rejected(250, 0.0, 0.2, {}), 0.84 * markets);
}

CAF_TEST(intervals of a mean hold the truth in 95 of 100 markets) {
  for (int days : {12, 60}) {
    int inside = 0;
    constexpr int tries = 400;
    for (int seed = 1; seed <= tries; ++seed) {
      splitmix64 random{static_cast<std::uint64_t>(seed) * 7919};
      std::vector<trading_date> dates;
      std::vector<double> values;
      for (int day = 0; day < days; ++day) {
        auto mood = normal(random);
        for (int symbol = 0; symbol < 7; ++symbol) {
          dates.push_back(nth_day(static_cast<std::uint32_t>(day)));
          values.push_back(0.3 + mood + normal(random));
        }
      }
      auto x = estimate_mean(dates, values, {.resamples = 500});
      inside += x.interval->lower <= 0.3 && 0.3 <= x.interval->upper;
    }
    // 380, a deviation 4.4: three and a half either way.
    CAF_CHECK(inside > 364 && inside < 396);
  }
}
