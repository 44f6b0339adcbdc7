#define CAF_SUITE rule_gates
#include "models/decision/score_side.hpp"

#include "tests/unit/decision/cases.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

namespace {

constexpr auto bearish = market_trend::bearish;

/// Parameters under which confidence passes in any market, so that each other
/// gate can be seen alone.
rule_parameters lenient() {
  rule_parameters p;
  p.bearish_threshold = p.neutral_threshold = p.bullish_threshold = 0.1;
  return p;
}

/// The gates that fail on the best inputs with `field` changed.
std::uint8_t failing(real rule_inputs::*field, double value,
                     market_trend trend = market_trend::neutral) {
  auto x = best_inputs();
  x.*field = real{value};
  auto s = buy_scores(x, trend, lenient());
  CAF_CHECK_EQUAL(s.holds, s.gates == all_rule_gates);
  return static_cast<std::uint8_t>(all_rule_gates & ~s.gates);
}

constexpr std::uint8_t bits(std::initializer_list<rule_gate> gates) {
  unsigned result = 0;
  for (auto g : gates)
    result |= 1u << static_cast<unsigned>(g);
  return static_cast<std::uint8_t>(result);
}

/// The gates that fail when T is `t`.
std::uint8_t failing_at_points(double t, market_trend trend) {
  auto p = lenient();
  p.points_base = t;
  auto x = best_inputs();
  x.sma5 = x.sma20;
  x.rsi14 = real{50.0};
  return static_cast<std::uint8_t>(all_rule_gates
                                   & ~buy_scores(x, trend, p).gates);
}

bool strong(real rule_inputs::*field, double value) {
  auto x = best_inputs();
  x.*field = real{value};
  return buy_scores(x).strong;
}

} // namespace

CAF_TEST(confidence must exceed the threshold) {
  auto x = best_inputs();
  x.sentiment = real{0.0};
  auto confidence = buy_scores(x).confidence.value();
  rule_parameters p;
  p.neutral_threshold = confidence;
  auto at = buy_scores(x, market_trend::neutral, p);
  CAF_CHECK(!at.holds && !holds(at, rule_gate::confidence));
  CAF_CHECK_EQUAL(at.gates, all_rule_gates & ~bits({rule_gate::confidence}));
  p.neutral_threshold = below(confidence);
  CAF_CHECK(buy_scores(x, market_trend::neutral, p).holds);
}

CAF_TEST(technical points) {
  auto neutral = market_trend::neutral;
  CAF_CHECK_EQUAL(failing_at_points(42.0, neutral),
                  bits({rule_gate::technical}));
  CAF_CHECK_EQUAL(failing_at_points(above(42.0), neutral), 0);
  CAF_CHECK_EQUAL(failing_at_points(70.0, bearish),
                  bits({rule_gate::bearish_technical}));
  CAF_CHECK_EQUAL(failing_at_points(above(70.0), bearish), 0);
}

CAF_TEST(volume trend) {
  auto field = &rule_inputs::volume_trend;
  CAF_CHECK_EQUAL(failing(field, -0.10), bits({rule_gate::volume_trend}));
  CAF_CHECK_EQUAL(failing(field, above(-0.10)), 0);
  CAF_CHECK_EQUAL(failing(field, -0.05, bearish),
                  bits({rule_gate::bearish_volume_trend}));
  CAF_CHECK_EQUAL(failing(field, above(-0.05), bearish), 0);
}

CAF_TEST(sentiment) {
  auto field = &rule_inputs::sentiment;
  CAF_CHECK_EQUAL(failing(field, -0.05), bits({rule_gate::sentiment}));
  CAF_CHECK_EQUAL(failing(field, above(-0.05)), 0);
  CAF_CHECK_EQUAL(failing(field, 0.10, bearish),
                  bits({rule_gate::bearish_sentiment}));
  CAF_CHECK_EQUAL(failing(field, above(0.10), bearish), 0);
}

CAF_TEST(missing news passes unless the market is bearish) {
  auto x = best_inputs();
  x.has_news = false;
  x.sentiment = real{-1.0};
  CAF_CHECK(buy_scores(x, market_trend::neutral, lenient()).holds);
  CAF_CHECK(buy_scores(x, market_trend::bullish, lenient()).holds);
  auto s = buy_scores(x, bearish, lenient());
  CAF_CHECK_EQUAL(s.gates,
                  all_rule_gates & ~bits({rule_gate::bearish_sentiment}));
}

CAF_TEST(missing volume fails its gates) {
  auto x = best_inputs();
  x.has_volume = false;
  CAF_CHECK_EQUAL(buy_scores(x, market_trend::neutral, lenient()).gates,
                  all_rule_gates & ~bits({rule_gate::volume_trend}));
  CAF_CHECK_EQUAL(buy_scores(x, bearish, lenient()).gates,
                  all_rule_gates
                    & ~bits({rule_gate::volume_trend,
                             rule_gate::bearish_volume_trend}));
}

CAF_TEST(strong by confidence) {
  auto x = best_inputs();
  x.sentiment = real{0.03}; // no bonus of good news: confidence below its top
  auto confidence = buy_scores(x).confidence.value();
  rule_parameters p;
  p.neutral_threshold = confidence / 2;
  p.strong_margin = confidence / 2; // both exact: their sum is confidence
  auto at = buy_scores(x, market_trend::neutral, p);
  CAF_CHECK(at.holds && !at.strong);
  p.strong_margin = below(below(confidence / 2));
  CAF_CHECK(buy_scores(x, market_trend::neutral, p).strong);
}

CAF_TEST(strong by the other conditions) {
  CAF_CHECK(buy_scores(best_inputs()).strong);
  CAF_CHECK(buy_scores(best_inputs(), market_trend::bullish).strong);
  CAF_CHECK(!buy_scores(best_inputs(), bearish, lenient()).strong);
  CAF_CHECK(buy_scores(best_inputs(), bearish, lenient()).holds);
  auto p = lenient();
  auto x = best_inputs();
  x.sentiment = real{0.02};
  CAF_CHECK(!buy_scores(x, market_trend::neutral, p).strong);
  x.sentiment = real{above(0.02)};
  CAF_CHECK(buy_scores(x, market_trend::neutral, p).strong);
  x.has_news = false;
  CAF_CHECK(!buy_scores(x, market_trend::neutral, p).strong);
  CAF_CHECK(!strong(&rule_inputs::volume_trend, 0.05));
  x = best_inputs();
  x.volume_trend = real{0.05};
  CAF_CHECK(!buy_scores(x, market_trend::neutral, p).strong);
  x.volume_trend = real{above(0.05)};
  CAF_CHECK(buy_scores(x, market_trend::neutral, p).strong);
  p.points_base = 45.0; // T = 45 + 15 + 10 = 70
  CAF_CHECK(!buy_scores(x, market_trend::neutral, p).strong);
  p.points_base = 45.5;
  CAF_CHECK(buy_scores(x, market_trend::neutral, p).strong);
}

CAF_TEST(strong needs the gates) {
  auto p = lenient();
  p.gate_volume_trend_above = 0.5;
  auto s = buy_scores(best_inputs(), market_trend::neutral, p);
  CAF_CHECK(!s.holds && !s.strong);
}

CAF_TEST(gates have names) {
  constexpr std::string_view names[]
    = {"confidence",        "technical",         "volume_trend",
       "sentiment",         "bearish_sentiment", "bearish_technical",
       "bearish_volume_trend"};
  for (std::uint8_t i = 0; i < rule_gate_count; ++i)
    CAF_CHECK_EQUAL(to_string(static_cast<rule_gate>(i)), names[i]);
}
