#define CAF_SUITE decide
#include "models/decision/decide.hpp"

#include "tests/unit/decision/cases.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

namespace {

constexpr auto neutral = market_trend::neutral;

decision decide_in(const rule_inputs& x, market_trend trend = neutral,
                   double horizon = 1.0, const rule_parameters& p = {}) {
  return decide(x, context_of(trend), horizon, p);
}

/// The decision as the other side would state it.
decision mirrored(decision d) {
  auto swapped = [](trade_action a) {
    switch (a) {
      case trade_action::buy:
        return trade_action::sell;
      case trade_action::sell:
        return trade_action::buy;
      case trade_action::strong_buy:
        return trade_action::strong_sell;
      case trade_action::strong_sell:
        return trade_action::strong_buy;
      default:
        return a;
    }
  };
  d.action = swapped(d.action);
  d.optimal_action = swapped(d.optimal_action);
  d.direction = static_cast<std::int8_t>(-d.direction);
  d.magnitude = fraction{-d.magnitude.value()};
  d.trace.inputs = banksia::mirrored(d.trace.inputs);
  std::swap(d.trace.buy, d.trace.sell);
  return d;
}

} // namespace

CAF_TEST(the best inputs are a strong buy) {
  auto d = decide_in(best_inputs(), neutral, 4.0);
  CAF_CHECK(d.action == trade_action::buy);
  CAF_CHECK(d.optimal_action == trade_action::strong_buy);
  CAF_CHECK_EQUAL(d.direction, 1);
  CAF_CHECK(d.confidence.value() == 0.95);
  CAF_CHECK(d.magnitude.value() == (2.0 * 0.95 - 1.0) * 0.01 * 2.0);
  CAF_CHECK(d.trace.inputs == best_inputs());
  CAF_CHECK(d.trace.buy.holds && !d.trace.sell.holds);
}

CAF_TEST(the best inputs mirrored are a strong sell) {
  auto d = decide_in(banksia::mirrored(best_inputs()), neutral, 4.0);
  CAF_CHECK(d.action == trade_action::sell);
  CAF_CHECK(d.optimal_action == trade_action::strong_sell);
  CAF_CHECK_EQUAL(d.direction, -1);
  CAF_CHECK(d.confidence.value() == 0.95);
  CAF_CHECK(d.magnitude.value() == -(2.0 * 0.95 - 1.0) * 0.01 * 2.0);
}

CAF_TEST(a falling market makes selling easier and buying harder) {
  auto sell = decide_in(banksia::mirrored(best_inputs()),
                        market_trend::bearish);
  CAF_CHECK(sell.action == trade_action::sell);
  CAF_CHECK(sell.trace.sell.threshold.value() == 0.75);
  CAF_CHECK(sell.trace.buy.threshold.value() == 0.85);
  auto buy = decide_in(best_inputs(), market_trend::bearish);
  CAF_CHECK(buy.action == trade_action::hold);
  auto bullish = decide_in(banksia::mirrored(best_inputs()),
                           market_trend::bullish);
  CAF_CHECK(bullish.action == trade_action::hold);
}

CAF_TEST(without a strong signal optimal is the action) {
  auto x = best_inputs();
  x.volume_trend = real{0.0};
  auto d = decide_in(x, market_trend::bullish);
  CAF_CHECK(d.action == trade_action::buy);
  CAF_CHECK(d.optimal_action == trade_action::buy);
}

CAF_TEST(no side is a hold) {
  auto d = decide_in(calm_inputs());
  CAF_CHECK(d.action == trade_action::hold);
  CAF_CHECK(d.optimal_action == trade_action::hold);
  CAF_CHECK_EQUAL(d.direction, 0);
  CAF_CHECK(d.magnitude.value() == 0.0);
  CAF_CHECK(!std::signbit(d.magnitude.value()));
  auto higher = std::max(d.trace.buy.confidence, d.trace.sell.confidence);
  CAF_CHECK(d.confidence.value() == 1.0 - higher.value());
}

CAF_TEST(the confidence of a hold is clamped) {
  auto x = best_inputs();
  x.volume_trend = real{-0.5}; // that gate fails; confidence stays high
  rule_parameters p;
  p.confidence_base = 1.0;
  CAF_CHECK(decide_in(x, neutral, 1.0, p).confidence.value() == 0.15);
  p = {};
  p.confidence_lowest = 0.01;
  p.confidence_highest = 0.5;
  auto d = decide_in(calm_inputs(), neutral, 1.0, p);
  CAF_CHECK(d.action == trade_action::hold);
  CAF_CHECK(d.confidence.value() == 0.5);
}

CAF_TEST(of two sides the more confident wins and a tie holds) {
  rule_parameters p;
  p.neutral_threshold = 0.1;
  auto x = calm_inputs();
  auto tie = decide_in(x, neutral, 1.0, p);
  CAF_CHECK(tie.trace.buy.holds && tie.trace.sell.holds);
  CAF_CHECK(tie.action == trade_action::hold);
  CAF_CHECK_EQUAL(tie.direction, 0);
  CAF_CHECK(tie.confidence.value() == 1.0 - tie.trace.buy.confidence.value());
  x.macd_histogram = real{0.5};
  auto buy = decide_in(x, neutral, 1.0, p);
  CAF_CHECK(buy.trace.buy.holds && buy.trace.sell.holds);
  CAF_CHECK(buy.action == trade_action::buy);
  x.macd_histogram = real{-0.5};
  CAF_CHECK(decide_in(x, neutral, 1.0, p).action == trade_action::sell);
}

CAF_TEST(a doubtful signal expects no move) {
  rule_parameters p;
  p.neutral_threshold = 0.1;
  auto x = calm_inputs();
  x.macd_histogram = real{0.5};
  auto d = decide_in(x, neutral, 1.0, p);
  CAF_CHECK(d.action == trade_action::buy);
  CAF_CHECK(d.confidence.value() < 0.5);
  CAF_CHECK(d.magnitude.value() == 0.0);
}

CAF_TEST(magnitude grows with the root of the horizon) {
  auto at = [](double horizon) {
    return decide_in(best_inputs(), neutral, horizon).magnitude.value();
  };
  CAF_CHECK(at(0.25) == at(1.0) / 2);
  CAF_CHECK(at(9.0) == at(1.0) * 3);
  CAF_CHECK(at(0.0) == 0.0);
  CAF_CHECK(at(-1.0) == 0.0);
}

CAF_TEST(deciding on a mirrored world mirrors the decision) {
  random_cases random{11};
  rule_parameters p;
  int different = 0, decided = 0;
  for (int i = 0; i < 100000; ++i) {
    auto x = random.telling_inputs();
    auto context = random.context();
    auto a = decide(banksia::mirrored(x), banksia::mirrored(context, p), 0.5, p);
    auto b = mirrored(decide(x, context, 0.5, p));
    different += a == b ? 0 : 1;
    decided += b.direction != 0 ? 1 : 0;
  }
  CAF_CHECK_EQUAL(different, 0);
  CAF_CHECK_GREATER(decided, 5000); // else the property would be an empty one
}

CAF_TEST(mirroring twice changes nothing) {
  random_cases random{12};
  rule_parameters p;
  int different = 0;
  for (int i = 0; i < 10000; ++i) {
    auto x = random.inputs();
    auto context = random.context();
    if (!(banksia::mirrored(banksia::mirrored(x)) == x)
        || !(banksia::mirrored(banksia::mirrored(context, p), p) == context))
      ++different;
  }
  CAF_CHECK_EQUAL(different, 0);
}
