#define CAF_SUITE rule_agreement
#include "models/decision/decide.hpp"

#include "tests/unit/decision/cases.hpp"

#include "caf/test/unit_test.hpp"

#include <map>
#include <optional>

using namespace banksia;
using namespace banksia::test;

// The rules written down a second time: numbers in place, BUY and SELL each
// spelt out without mirroring. Both writings must agree everywhere.

namespace {

struct verdict {
  bool holds = false;
  bool strong = false;
  double confidence = 0;
  /// Confidence lies on a threshold but for rounding, so that equally good
  /// orders of adding fall on either side.
  bool at_edge = false;
};

bool at_edge(double confidence, double threshold) {
  return std::abs(confidence - threshold) < 1e-12
         || std::abs(confidence - threshold - 0.10) < 1e-12;
}

double clamp(double x, double low, double high) {
  return x < low ? low : x > high ? high : x;
}

double scaled(std::optional<double> news, std::optional<double> volume,
              double technical, double risk) {
  auto total = 0.5 + (news ? 0.3 : 0.0) + (volume ? 0.2 : 0.0);
  return (0.4 * technical + 0.3 * news.value_or(0) + 0.2 * volume.value_or(0)
          + 0.1 * risk)
         / total;
}

std::optional<double> volume_score(const rule_inputs& x) {
  if (!x.has_volume)
    return std::nullopt;
  auto r = x.volume_ratio.value();
  return (r > 1.5 ? 0.75 : r > 1.2 ? 0.5 : r > 1.0 ? 0.25 : 0.0)
         + (x.volume_trend.value() > 0.1 ? 0.25 : 0.0);
}

double risk_score(double v) {
  return v < 0.015 ? 0.8 : v < 0.025 ? 0.5 : v < 0.04 ? 0.2 : -0.2;
}

double step(double t) {
  return t > 70 ? 0.75 : t > 60 ? 0.5 : t > 50 ? 0.25 : 0.125;
}

verdict buy(const rule_inputs& x, market_trend trend, double stress) {
  auto rsi = x.rsi14.value();
  auto s = x.sentiment.value();
  auto vt = x.volume_trend.value();
  auto bear = trend == market_trend::bearish;
  auto bull = trend == market_trend::bullish;
  double t = 50;
  if (x.sma5.value() > 1.01 * x.sma20.value())
    t += 15;
  if (x.sma5.value() < 0.99 * x.sma20.value())
    t -= 15;
  if (60 < rsi && rsi < 80)
    t += 10;
  if (rsi < 30)
    t += 5;
  auto technical = step(t);
  if (30 < rsi && rsi < 70 && x.has_macd && x.macd_histogram.value() > 0)
    technical += 0.25;
  std::optional<double> news;
  if (x.has_news) {
    double a = bear ? (s > 0.15 ? 0.5 : s < -0.05 ? -0.5 : 0.0)
                    : (s > 0.05 ? 0.33 : s < -0.05 ? -0.33 : 0.0);
    news = clamp(0.5 * x.news_confidence.value() + a, 0, 1);
  }
  auto sum = scaled(news, volume_score(x), technical,
                    risk_score(x.volatility.value()));
  auto threshold = bear ? 0.85 : bull ? 0.75 : 0.80;
  verdict v;
  v.confidence = clamp((0.10 + sum) * (bear ? 0.7 : bull ? 1.1 : 1.0) * stress,
                       0.15, 0.95);
  v.at_edge = at_edge(v.confidence, threshold);
  v.holds = v.confidence > threshold && t > 42 && x.has_volume && vt > -0.10
            && (!x.has_news || s > -0.05);
  if (bear)
    v.holds = v.holds && x.has_news && s > 0.10 && t > 70 && vt > -0.05;
  v.strong = v.holds && v.confidence > threshold + 0.10 && t > 70 && !bear
             && x.has_news && s > 0.02 && vt > 0.05;
  return v;
}

verdict sell(const rule_inputs& x, market_trend trend, double stress) {
  auto rsi = x.rsi14.value();
  auto s = x.sentiment.value();
  auto vt = x.volume_trend.value();
  auto bear = trend == market_trend::bearish;
  auto bull = trend == market_trend::bullish;
  double t = 50;
  if (x.sma5.value() < 0.99 * x.sma20.value())
    t += 15;
  if (x.sma5.value() > 1.01 * x.sma20.value())
    t -= 15;
  if (20 < rsi && rsi < 40)
    t += 10;
  if (rsi > 70)
    t += 5;
  auto technical = step(t);
  if (30 < rsi && rsi < 70 && x.has_macd && x.macd_histogram.value() < 0)
    technical += 0.25;
  std::optional<double> news;
  if (x.has_news) {
    double a = bull ? (s < -0.15 ? 0.5 : s > 0.05 ? -0.5 : 0.0)
                    : (s < -0.05 ? 0.33 : s > 0.05 ? -0.33 : 0.0);
    news = clamp(0.5 * x.news_confidence.value() + a, 0, 1);
  }
  auto sum = scaled(news, volume_score(x), technical,
                    risk_score(x.volatility.value()));
  auto threshold = bull ? 0.85 : bear ? 0.75 : 0.80;
  verdict v;
  v.confidence = clamp((0.10 + sum) * (bull ? 0.7 : bear ? 1.1 : 1.0) * stress,
                       0.15, 0.95);
  v.at_edge = at_edge(v.confidence, threshold);
  v.holds = v.confidence > threshold && t > 42 && x.has_volume && vt > -0.10
            && (!x.has_news || s < 0.05);
  if (bull)
    v.holds = v.holds && x.has_news && s < -0.10 && t > 70 && vt > -0.05;
  v.strong = v.holds && v.confidence > threshold + 0.10 && t > 70 && !bull
             && x.has_news && s < -0.02 && vt > 0.05;
  return v;
}

struct expectation {
  trade_action action = trade_action::hold;
  trade_action optimal = trade_action::hold;
  double confidence = 0;
  double magnitude = 0;
  bool at_edge = false;
};

expectation expected(const rule_inputs& x, const market_context& c,
                     double horizon) {
  auto b = buy(x, c.trend, c.stress.value());
  auto s = sell(x, c.trend, c.stress.value());
  auto edge = b.at_edge || s.at_edge;
  auto take_buy = b.holds && (!s.holds || b.confidence > s.confidence);
  auto take_sell = s.holds && (!b.holds || s.confidence > b.confidence);
  auto size = [&](double confidence) {
    return std::max(0.0, 2 * confidence - 1) * x.volatility.value()
           * std::sqrt(horizon);
  };
  if (take_buy)
    return {trade_action::buy,
            b.strong ? trade_action::strong_buy : trade_action::buy,
            b.confidence, size(b.confidence), edge};
  if (take_sell)
    return {trade_action::sell,
            s.strong ? trade_action::strong_sell : trade_action::sell,
            s.confidence, -size(s.confidence), edge};
  return {trade_action::hold, trade_action::hold,
          clamp(1 - std::max(b.confidence, s.confidence), 0.15, 0.95), 0, edge};
}

} // namespace

CAF_TEST(two writings of the rules agree) {
  random_cases random{21};
  std::map<trade_action, int> seen;
  int different = 0, edges = 0;
  for (int i = 0; i < 300000; ++i) {
    auto x = random.telling_inputs();
    auto context = random.context();
    auto want = expected(x, context, 0.75);
    if (want.at_edge) {
      ++edges;
      continue;
    }
    auto got = decide(x, context, 0.75, rule_parameters{});
    ++seen[got.optimal_action];
    if (got.action != want.action || got.optimal_action != want.optimal
        || std::abs(got.confidence.value() - want.confidence) > 1e-12
        || std::abs(got.magnitude.value() - want.magnitude) > 1e-12)
      ++different;
  }
  CAF_CHECK_EQUAL(different, 0);
  CAF_MESSAGE("left out at the edge: " << edges);
  CAF_CHECK_LESS(edges, 3000);
  for (auto action : {trade_action::buy, trade_action::sell,
                      trade_action::strong_buy, trade_action::strong_sell,
                      trade_action::hold}) {
    CAF_MESSAGE(to_string(action) << ": " << seen[action]);
    CAF_CHECK_GREATER(seen[action], 1000);
  }
}
