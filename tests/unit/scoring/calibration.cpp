#define CAF_SUITE scoring_calibration
#include "models/scoring/report.hpp"

#include "tests/unit/scoring/samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::scoring_test;

/// What the intervals promise, tried on many simulated markets.

namespace {

constexpr int markets = 200;
constexpr bootstrap_options options{.resamples = 500, .seed = 1};

bool contains(const std::optional<interval95>& x, double value) {
  return x && x->lower <= value && value <= x->upper;
}

/// Returns of seven symbols a day: flat with `p_flat`, else a large move, up
/// or down for all alike by the day's mood. `choose(random, r)` acts.
template <class Choose>
std::vector<scored_sample> market(std::uint64_t seed, std::uint32_t days,
                                  double p_flat, Choose choose) {
  splitmix64 random{seed * 7919};
  std::vector<scored_sample> result;
  result.reserve(days * 7);
  for (std::uint32_t day = 0; day < days; ++day) {
    auto p_up = chance(random, 0.5) ? 0.8 : 0.2;
    for (int symbol = 0; symbol < 7; ++symbol) {
      auto size = chance(random, p_flat) ? 0.005 : 0.02;
      auto r = chance(random, p_up) ? size : -size;
      result.push_back(sample(day, choose(random, r), r));
    }
  }
  return result;
}

trade_action any(splitmix64& random, double) {
  return chance(random, 0.5) ? trade_action::buy : trade_action::sell;
}

} // namespace

CAF_TEST(a constant answer never shows skill over a constant) {
  int zero_inside = 0;
  int shown = 0;
  for (int seed = 1; seed <= markets; ++seed) {
    auto x = make_report(
      market(seed, 60, 0.7, [](auto&, double) { return trade_action::hold; }),
      {}, options);
    zero_inside += contains(x.difference.interval, 0.0);
    shown += x.skill_shown;
  }
  // Nothing beats the best constant by being one, so zero is the upper end
  // and 95 % is a lower bound (less three deviations of 200 draws).
  CAF_CHECK_GREATER(zero_inside, 180);
  CAF_CHECK_EQUAL(shown, 0);
}

CAF_TEST(a known difference is inside 95 percent of the intervals) {
  // HOLD is right in 70 %, a coin for BUY and SELL in half: -0.2.
  int inside = 0;
  for (int seed = 1; seed <= markets; ++seed)
    inside += contains(
      make_report(market(seed, 60, 0.7, any), {}, options).difference.interval,
      -0.2);
  // 190 expected; three standard deviations of 3.1 either way.
  CAF_CHECK_GREATER(inside, 180);
  CAF_CHECK_LESS(inside, 200);
}

CAF_TEST(a clustered rate is inside 95 percent of the intervals) {
  // Always BUY in a market whose days have moods: the rate is a half.
  int inside = 0;
  for (int seed = 1; seed <= markets; ++seed)
    inside += contains(
      make_report(
        market(seed, 60, 0.0, [](auto&, double) { return trade_action::buy; }),
        {}, options)
        .success_rate.interval,
      0.5);
  CAF_CHECK_GREATER(inside, 180);
  CAF_CHECK_LESS(inside, 200);
}

CAF_TEST(noise shows skill in hardly more than one of forty markets) {
  // No quiet hours: a coin is truly as good as the best constant. The bound
  // is 2.5 % of 200 plus three deviations of 2.2; so it is after six days.
  for (auto days : {6u, 60u}) {
    int shown = 0;
    for (int seed = 1; seed <= markets; ++seed)
      shown += make_report(market(seed, days, 0.0, any), {}, options)
                 .skill_shown;
    CAF_CHECK_LESS(shown, 12);
  }
}

CAF_TEST(planted skill is shown) {
  // Right in 65 % where no constant is right in more than about half.
  int shown = 0;
  for (int seed = 1; seed <= markets; ++seed) {
    auto knows = [](splitmix64& random, double r) {
      auto right = chance(random, 0.65);
      return (r > 0.0) == right ? trade_action::buy : trade_action::sell;
    };
    shown += make_report(market(seed, 250, 0.0, knows), {}, options)
               .skill_shown;
  }
  CAF_CHECK_GREATER(shown, 190);
}
