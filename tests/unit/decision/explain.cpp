#define CAF_SUITE explain
#include "models/decision/explain.hpp"

#include "tests/unit/decision/cases.hpp"

#include "caf/test/unit_test.hpp"

#include <set>

using namespace banksia;
using namespace banksia::test;

namespace {

std::vector<factor> explained(const rule_inputs& x,
                              const market_context& context) {
  auto d = decide(x, context, 1.0, {});
  return explain(d.trace, context, {});
}

const factor& find(const std::vector<factor>& all, std::string_view name,
                   factor_side side) {
  for (const auto& x : all)
    if (x.name == name && x.side == side)
      return x;
  CAF_FAIL("no factor " << name);
}

/// Confidence put together again from a side's factors.
double confidence_from(const std::vector<factor>& all, factor_side side) {
  auto part = [&](std::string_view name) {
    return find(all, name, side).contribution;
  };
  auto sum = part("technical") + part("news") + part("volume") + part("risk");
  auto x = (part("confidence.base") + sum) * part("confidence.trend")
           * part("confidence.stress");
  return std::clamp(x, 0.15, 0.95);
}

double points_from(const std::vector<factor>& all, factor_side side) {
  double sum = 0;
  for (auto name : {"points.base", "points.sma", "points.rsi"})
    sum += find(all, name, side).contribution;
  return sum;
}

} // namespace

CAF_TEST(the factors add up to what was decided) {
  random_cases random{41};
  int wrong = 0;
  for (int i = 0; i < 3000; ++i) {
    auto context = random.context();
    auto d = decide(random.telling_inputs(), context, 1.0, {});
    auto all = explain(d.trace, context, {});
    for (auto side : {factor_side::buy, factor_side::sell}) {
      const auto& s = side == factor_side::buy ? d.trace.buy : d.trace.sell;
      auto holds = true;
      for (const auto& x : all)
        if (x.side == side && x.name.starts_with("gate."))
          holds = holds && x.contribution == 1.0;
      const auto& c = find(all, "confidence", side);
      if (confidence_from(all, side) != s.confidence.value()
          || points_from(all, side) != s.technical_points.value()
          || holds != s.holds || c.value != s.confidence.value()
          || c.weight != s.threshold.value()
          || (find(all, "strong", side).value == 1.0) != s.strong)
        ++wrong;
    }
  }
  CAF_CHECK_EQUAL(wrong, 0);
}

CAF_TEST(every factor is named once a side and has a text) {
  auto all = explained(best_inputs(), context_of(market_trend::bearish));
  std::set<std::pair<std::string, factor_side>> seen;
  for (const auto& x : all) {
    CAF_CHECK(seen.emplace(x.name, x.side).second);
    CAF_CHECK(!x.text.empty());
  }
  // BUY sees a BEARISH market, with three gates more than SELL.
  CAF_CHECK_EQUAL(all.size(), 3u + 12 + 7 + 12 + 4);
  CAF_CHECK(find(all, "gate.bearish_sentiment", factor_side::buy).contribution
            == 1.0);
}

CAF_TEST(values are as the side sees them) {
  auto all = explained(best_inputs(), context_of(market_trend::neutral));
  CAF_CHECK(find(all, "points.rsi", factor_side::buy).value == 65.0);
  CAF_CHECK(find(all, "points.rsi", factor_side::sell).value == 35.0);
  CAF_CHECK(find(all, "points.sma", factor_side::buy).contribution == 15.0);
  CAF_CHECK(find(all, "points.sma", factor_side::sell).contribution == -15.0);
  CAF_CHECK(find(all, "gate.sentiment", factor_side::sell).value == -0.5);
  CAF_CHECK(find(all, "gate.sentiment", factor_side::sell).contribution == 0.0);
  CAF_CHECK_EQUAL(find(all, "risk", factor_side::buy).text,
                  "risk: volatility 0.01, score 0.8 × weight 0.1");
}

CAF_TEST(what is missing is said) {
  auto x = best_inputs();
  x.has_news = x.has_volume = x.has_macd = false;
  market_context context; // flagged
  auto all = explained(x, context);
  for (auto name : {"news", "volume", "gate.sentiment", "gate.volume_trend"}) {
    const auto& f = find(all, name, factor_side::buy);
    CAF_CHECK(!f.present);
    CAF_CHECK(f.text.find("missing") != std::string::npos);
    CAF_CHECK(f.value == 0.0);
  }
  CAF_CHECK(find(all, "technical", factor_side::buy).text.find("MACD missing")
            != std::string::npos);
  const auto& trend = find(all, "market.trend", factor_side::both);
  CAF_CHECK(!trend.present);
  CAF_CHECK_EQUAL(trend.text, "no usable index data: NEUTRAL assumed");
}

CAF_TEST(the market is told) {
  auto context = context_of(market_trend::bullish, 0.8);
  context.trend_return = fraction{0.03};
  auto all = explained(calm_inputs(), context);
  const auto& trend = find(all, "market.trend", factor_side::both);
  CAF_CHECK(trend.present && trend.value == 0.03);
  CAF_CHECK_EQUAL(trend.text, "index return over 5 sessions 0.03: BULLISH");
  CAF_CHECK(find(all, "confidence.trend", factor_side::buy).value == 1.1);
  CAF_CHECK(find(all, "confidence.trend", factor_side::sell).value == 0.7);
  CAF_CHECK(find(all, "market.stress", factor_side::both).value == 0.8);
}

CAF_TEST(sides have names) {
  CAF_CHECK_EQUAL(to_string(factor_side::both), "both");
  CAF_CHECK_EQUAL(to_string(factor_side::buy), "buy");
  CAF_CHECK_EQUAL(to_string(factor_side::sell), "sell");
}
