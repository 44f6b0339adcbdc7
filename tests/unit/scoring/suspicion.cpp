#define CAF_SUITE scoring_suspicion
#include "models/scoring/suspicion.hpp"

#include "tests/unit/scoring/numbers.hpp"
#include "tests/unit/scoring/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <vector>

using namespace banksia;
using namespace banksia::scoring_test;

namespace {

/// Seven directions a day, alike as far as `together` says, right with
/// `rate`.
std::vector<day_hits> drawn(std::uint64_t seed, int days, double rate,
                            double together) {
  splitmix64 random{seed * 6'700'417};
  std::vector<day_hits> result;
  for (int day = 0; day < days; ++day) {
    auto mood = chance(random, rate);
    day_hits x{.told = 7};
    for (int i = 0; i < 7; ++i)
      x.right += chance(random, together) ? mood : chance(random, rate);
    result.push_back(x);
  }
  return result;
}

} // namespace

CAF_TEST(the interval agrees with an independent computation) {
  // Python: R -+ t(0.975, 5) sqrt(6 / 5 sum (b - R a)^2) / sum a.
  std::vector<day_hits> days{{7, 5}, {7, 4}, {7, 6}, {7, 3}, {7, 5}, {6, 4}};
  auto x = suspicion_of(days);
  CAF_CHECK_EQUAL(x.told, 41u);
  CAF_CHECK_EQUAL(x.days, 6u);
  CAF_CHECK(near(x.accuracy, 27.0 / 41.0, 1e-15));
  CAF_CHECK(near(x.interval.lower, 0.5018762396966437, 1e-10));
  CAF_CHECK(near(x.interval.upper, 0.8151969310350636, 1e-10));
  CAF_CHECK(!x.leak_suspected);
}

CAF_TEST(a leak is suspected and honest skill is not) {
  CAF_CHECK(suspicion_of(drawn(1, 250, 0.75, 0.5)).leak_suspected);
  CAF_CHECK(!suspicion_of(drawn(2, 250, 0.53, 0.5)).leak_suspected);
}

CAF_TEST(a lucky month is no leak but a lasting one is) {
  // 60 % by the point over a month, the days by turns 3 and 5 of 7 or so.
  std::vector<day_hits> month;
  for (int i = 0; i < 22; ++i)
    month.push_back({7, i % 5 < 3 ? 6u : 1u});
  auto x = suspicion_of(month);
  CAF_CHECK_GREATER(x.accuracy, 0.58);
  CAF_CHECK(!x.leak_suspected);
  std::vector<day_hits> years;
  for (int i = 0; i < 100; ++i)
    years.insert(years.end(), month.begin(), month.end());
  CAF_CHECK_EQUAL(suspicion_of(years).accuracy, x.accuracy);
  CAF_CHECK(suspicion_of(years).leak_suspected);
}

CAF_TEST(at the rate itself hardly one of forty is suspected) {
  int suspected = 0;
  constexpr int tries = 1000;
  for (int seed = 1; seed <= tries; ++seed)
    suspected += suspicion_of(drawn(static_cast<std::uint64_t>(seed), 120,
                                    0.58, 0.4))
                   .leak_suspected;
  // 25, a deviation 5: four of them.
  CAF_CHECK(suspected > 5 && suspected < 45);
}

CAF_TEST(days that are all alike count as trials) {
  std::vector<day_hits> perfect(20, day_hits{7, 7});
  auto x = suspicion_of(perfect);
  CAF_CHECK_EQUAL(x.accuracy, 1.0);
  CAF_CHECK(x.interval == wilson_interval(20, 20));
  CAF_CHECK(x.leak_suspected);
  perfect.pop_back();
  CAF_CHECK(!suspicion_of(perfect).leak_suspected); // not sustained yet
  CAF_CHECK(suspicion_of(perfect, {.min_days = 19}).leak_suspected);
}

CAF_TEST(few days say nothing) {
  std::vector<day_hits> few(4, day_hits{7, 7});
  few.push_back({0, 0});
  auto x = suspicion_of(few);
  CAF_CHECK_EQUAL(x.days, 4u);
  CAF_CHECK(x.interval == (interval95{0.0, 1.0}));
  CAF_CHECK(!x.leak_suspected);
  CAF_CHECK_EQUAL(suspicion_of({}).told, 0u);
}
