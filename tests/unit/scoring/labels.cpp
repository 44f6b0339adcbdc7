#define CAF_SUITE scoring_labels
#include "models/scoring/labels.hpp"

#include "tests/unit/scoring/numbers.hpp"

#include "caf/test/unit_test.hpp"

#include <array>
#include <limits>
#include <vector>

using namespace banksia;
using namespace banksia::scoring_test;

namespace {

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();

std::vector<known_return> returns_of(std::uint32_t n) {
  std::vector<known_return> result;
  for (std::uint32_t i = 0; i < n; ++i) {
    auto sign = i % 2 == 0 ? 1.0 : -1.0;
    result.push_back({from_micros(i * 1000),
                      fraction{0.01 * sign * (1 + i % 5) / 5}});
  }
  return result;
}

} // namespace

CAF_TEST(three even classes of a normal with the default band) {
  splitmix64 random{3};
  std::array<double, 3> counts{};
  auto band = flat_band(fraction{0.012}, 360.0, 360.0);
  CAF_REQUIRE(band.has_value());
  constexpr int n = 200'000;
  for (int i = 0; i < n; ++i)
    counts[index_of(label_of(fraction{0.012 * normal(random)}, *band))] += 1.0;
  // P(|Z| < 0.43) = 0.33281; five deviations of 0.00105.
  CAF_CHECK(near(counts[1] / n, 0.3328, 0.0053));
  CAF_CHECK(near(counts[0] / n, 0.3336, 0.0053));
  CAF_CHECK(near(counts[2] / n, 0.3336, 0.0053));
}

CAF_TEST(the band grows with volatility and the root of open minutes) {
  // 0.43 x 0.02 x sqrt(90 / 360).
  CAF_CHECK(near(flat_band(fraction{0.02}, 90.0, 360.0)->value(), 0.0043,
                 1e-15));
  CAF_CHECK(near(flat_band(fraction{0.02}, 720.0, 360.0, 1.0)->value(),
                 0.02 * std::sqrt(2.0), 1e-15));
}

CAF_TEST(a band of nothing is none) {
  for (auto bad : {0.0, -1.0, nan, std::numeric_limits<double>::infinity()}) {
    CAF_CHECK(!flat_band(fraction{bad}, 60.0, 360.0));
    CAF_CHECK(!flat_band(fraction{0.02}, bad, 360.0));
    CAF_CHECK(!flat_band(fraction{0.02}, 60.0, bad));
    CAF_CHECK(!flat_band(fraction{0.02}, 60.0, 360.0, bad));
  }
}

CAF_TEST(a move on the edge of the band is one) {
  CAF_CHECK(label_of(fraction{0.01}, fraction{0.01}) == move_class::up);
  CAF_CHECK(label_of(fraction{-0.01}, fraction{0.01}) == move_class::down);
  CAF_CHECK(label_of(fraction{0.00999}, fraction{0.01}) == move_class::flat);
  CAF_CHECK(label_of(fraction{-0.00999}, fraction{0.01}) == move_class::flat);
  CAF_CHECK(label_of(fraction{0.0}, fraction{1e-9}) == move_class::flat);
}

CAF_TEST(recent volatility is the deviation of the last returns known) {
  auto returns = returns_of(30);
  // Python: statistics.stdev of 0.01 (-1)^i (1 + i % 5) / 5, i = 0 … 19.
  auto x = recent_volatility(returns, from_micros(19'000), 20);
  CAF_REQUIRE(x.has_value());
  CAF_CHECK(near(x->value(), 0.006805570473787206, 1e-15));
  CAF_CHECK(!recent_volatility(returns, from_micros(18'999), 20));
  CAF_CHECK(!recent_volatility(returns, from_micros(19'000), 1));
  CAF_CHECK(!recent_volatility({}, from_micros(0), 2));
}

CAF_TEST(what comes later changes no volatility) {
  auto returns = returns_of(60);
  for (std::size_t known = 20; known < 60; ++known) {
    auto at = returns[known - 1].known_at;
    auto before = recent_volatility(returns, at, 20);
    auto garbage = returns;
    for (auto i = known; i < garbage.size(); ++i)
      garbage[i].value = fraction{i % 2 == 0 ? nan : 1e9};
    auto after = recent_volatility(garbage, at, 20);
    CAF_REQUIRE(before.has_value() && after.has_value());
    CAF_CHECK_EQUAL(before->value(), after->value());
    // What is known does count.
    garbage[known - 1].value = fraction{nan};
    CAF_CHECK(!recent_volatility(garbage, at, 20));
  }
}

CAF_TEST(classes have names and actions and mirror images) {
  CAF_CHECK_EQUAL(to_string(move_class::down), "down");
  CAF_CHECK_EQUAL(to_string(move_class::flat), "flat");
  CAF_CHECK_EQUAL(to_string(move_class::up), "up");
  CAF_CHECK(action_of(move_class::down) == trade_action::sell);
  CAF_CHECK(action_of(move_class::flat) == trade_action::hold);
  CAF_CHECK(action_of(move_class::up) == trade_action::buy);
  CAF_CHECK(mirrored(move_class::up) == move_class::down);
  CAF_CHECK(mirrored(move_class::down) == move_class::up);
  CAF_CHECK(mirrored(move_class::flat) == move_class::flat);
}

CAF_TEST(a tie for the most likely goes to flat and then up) {
  CAF_CHECK(most_likely({0.2, 0.3, 0.5}) == move_class::up);
  CAF_CHECK(most_likely({0.5, 0.3, 0.2}) == move_class::down);
  CAF_CHECK(most_likely({0.4, 0.4, 0.2}) == move_class::flat);
  CAF_CHECK(most_likely({0.4, 0.2, 0.4}) == move_class::up);
}

CAF_TEST(unsound probabilities are told) {
  CAF_CHECK(!problem_of(class_probabilities{0.2, 0.3, 0.5}));
  CAF_CHECK(!problem_of(class_probabilities{0.0, 0.0, 1.0}));
  CAF_CHECK(problem_of(class_probabilities{0.2, 0.3, nan}).has_value());
  CAF_CHECK(problem_of(class_probabilities{-0.1, 0.6, 0.5}).has_value());
  CAF_CHECK(problem_of(class_probabilities{1.1, 0.0, -0.1}).has_value());
  CAF_CHECK(problem_of(class_probabilities{0.3, 0.3, 0.3}).has_value());
}
