#define CAF_SUITE score_side
#include "models/decision/score_side.hpp"

#include "tests/unit/decision/cases.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

// Each row of the rules' tables, and each threshold just past and at its edge.
// CAF_CHECK_EQUAL takes doubles as equal that differ by 1e-5 of their size, so
// exact numbers are compared with CAF_CHECK.

namespace {

/// BUY's scores when `field` of calm inputs is `value`.
side_scores with(real rule_inputs::*field, double value,
                 market_trend trend = market_trend::neutral) {
  auto x = calm_inputs();
  x.*field = real{value};
  return buy_scores(x, trend);
}

double points(real rule_inputs::*field, double value) {
  return with(field, value).technical_points.value();
}

/// The technical score at T = `t` (reached by the base alone), calm else.
double technical_at(double t) {
  rule_parameters p;
  p.points_base = t;
  return buy_scores(calm_inputs(), market_trend::neutral, p).technical.value();
}

double technical_of(double rsi, double macd, bool has_macd = true) {
  auto x = calm_inputs();
  x.rsi14 = real{rsi};
  x.macd_histogram = real{macd};
  x.has_macd = has_macd;
  return buy_scores(x).technical.value();
}

double volume_of(double ratio, double trend) {
  auto x = calm_inputs();
  x.volume_ratio = real{ratio};
  x.volume_trend = real{trend};
  return buy_scores(x).volume.value();
}

double risk_of(double volatility) {
  return with(&rule_inputs::volatility, volatility).risk.value();
}

double news_of(double sentiment, double confidence,
               market_trend trend = market_trend::neutral) {
  auto x = calm_inputs();
  x.sentiment = real{sentiment};
  x.news_confidence = real{confidence};
  return buy_scores(x, trend).news.value();
}

} // namespace

CAF_TEST(points from the moving means) {
  auto rising = 1.01 * 100.0;
  auto falling = 0.99 * 100.0;
  CAF_CHECK(points(&rule_inputs::sma5, 100.0) == 50.0);
  CAF_CHECK(points(&rule_inputs::sma5, above(rising)) == 65.0);
  CAF_CHECK(points(&rule_inputs::sma5, rising) == 50.0);
  CAF_CHECK(points(&rule_inputs::sma5, falling) == 50.0);
  CAF_CHECK(points(&rule_inputs::sma5, below(falling)) == 35.0);
}

CAF_TEST(points from rsi) {
  CAF_CHECK(points(&rule_inputs::rsi14, 60.0) == 50.0);
  CAF_CHECK(points(&rule_inputs::rsi14, above(60.0)) == 60.0);
  CAF_CHECK(points(&rule_inputs::rsi14, below(80.0)) == 60.0);
  CAF_CHECK(points(&rule_inputs::rsi14, 80.0) == 50.0);
  CAF_CHECK(points(&rule_inputs::rsi14, 100.0) == 50.0);
  CAF_CHECK(points(&rule_inputs::rsi14, 30.0) == 50.0);
  CAF_CHECK(points(&rule_inputs::rsi14, below(30.0)) == 55.0);
  CAF_CHECK(points(&rule_inputs::rsi14, 0.0) == 55.0);
}

CAF_TEST(points stay within 0 and 100) {
  rule_parameters p;
  p.points_base = 99.0;
  CAF_CHECK(buy_scores(best_inputs(), market_trend::neutral, p)
              .technical_points.value()
            == 100.0);
  p.points_base = 10.0;
  auto x = calm_inputs();
  x.sma5 = real{50.0};
  CAF_CHECK(
    buy_scores(x, market_trend::neutral, p).technical_points.value() == 0.0);
}

CAF_TEST(technical by points) {
  CAF_CHECK(technical_at(100.0) == 0.75);
  CAF_CHECK(technical_at(above(70.0)) == 0.75);
  CAF_CHECK(technical_at(70.0) == 0.50);
  CAF_CHECK(technical_at(above(60.0)) == 0.50);
  CAF_CHECK(technical_at(60.0) == 0.25);
  CAF_CHECK(technical_at(above(50.0)) == 0.25);
  CAF_CHECK(technical_at(50.0) == 0.125);
  CAF_CHECK(technical_at(0.0) == 0.125);
}

CAF_TEST(technical with momentum) {
  CAF_CHECK(technical_of(50.0, 0.1) == 0.375);
  CAF_CHECK(technical_of(50.0, below(0.1), false) == 0.125);
  CAF_CHECK(technical_of(50.0, 0.0) == 0.125);
  CAF_CHECK(technical_of(50.0, above(0.0)) == 0.375);
  CAF_CHECK(technical_of(50.0, -0.1) == 0.125);
  CAF_CHECK(technical_of(30.0, 0.1) == 0.125);
  CAF_CHECK(technical_of(above(30.0), 0.1) == 0.375);
  CAF_CHECK(technical_of(below(70.0), 0.1) == 0.5);
  CAF_CHECK(technical_of(70.0, 0.1) == 0.25);
}

CAF_TEST(news) {
  CAF_CHECK(news_of(0.0, 0.5) == 0.25);
  CAF_CHECK(news_of(0.05, 0.5) == 0.25);
  CAF_CHECK(news_of(above(0.05), 0.5) == 0.25 + 0.33);
  CAF_CHECK(news_of(-0.05, 0.5) == 0.25);
  CAF_CHECK(news_of(below(-0.05), 1.0) == 0.5 - 0.33);
  CAF_CHECK(news_of(1.0, 1.0) == 0.5 + 0.33);
  CAF_CHECK(news_of(-1.0, 0.5) == 0.0); // clamped
}

CAF_TEST(news in a bearish market) {
  constexpr auto bearish = market_trend::bearish;
  CAF_CHECK(news_of(0.15, 0.5, bearish) == 0.25);
  CAF_CHECK(news_of(above(0.15), 0.5, bearish) == 0.75);
  CAF_CHECK(news_of(1.0, 1.0, bearish) == 1.0);
  CAF_CHECK(news_of(-0.05, 0.5, bearish) == 0.25);
  CAF_CHECK(news_of(below(-0.05), 1.0, bearish) == 0.0);
  CAF_CHECK(news_of(0.1, 0.5, market_trend::bullish) == 0.25 + 0.33);
}

CAF_TEST(news is clamped to one) {
  rule_parameters p;
  p.news_confidence_factor = 0.9;
  CAF_CHECK(
    buy_scores(best_inputs(), market_trend::neutral, p).news.value() == 1.0);
}

CAF_TEST(volume) {
  CAF_CHECK(volume_of(above(1.5), 0.0) == 0.75);
  CAF_CHECK(volume_of(1.5, 0.0) == 0.50);
  CAF_CHECK(volume_of(above(1.2), 0.0) == 0.50);
  CAF_CHECK(volume_of(1.2, 0.0) == 0.25);
  CAF_CHECK(volume_of(above(1.0), 0.0) == 0.25);
  CAF_CHECK(volume_of(1.0, 0.0) == 0.0);
  CAF_CHECK(volume_of(0.0, 0.10) == 0.0);
  CAF_CHECK(volume_of(0.0, above(0.10)) == 0.25);
  CAF_CHECK(volume_of(9.0, 9.0) == 1.0);
}

CAF_TEST(risk) {
  CAF_CHECK(risk_of(0.0) == 0.8);
  CAF_CHECK(risk_of(below(0.015)) == 0.8);
  CAF_CHECK(risk_of(0.015) == 0.5);
  CAF_CHECK(risk_of(below(0.025)) == 0.5);
  CAF_CHECK(risk_of(0.025) == 0.2);
  CAF_CHECK(risk_of(below(0.04)) == 0.2);
  CAF_CHECK(risk_of(0.04) == -0.2);
  CAF_CHECK(risk_of(1.0) == -0.2);
}

CAF_TEST(confidence is the weighted sum times context and stress) {
  auto x = best_inputs();
  auto sum = 0.40 * 1.0 + 0.30 * (0.5 + 0.33) + 0.20 * 1.0 + 0.10 * 0.8;
  rule_parameters p;
  auto of = [&](market_trend trend, double stress) {
    return score_side(buy_view(x, context_of(trend, stress), p), p);
  };
  auto neutral = of(market_trend::neutral, 0.8);
  CAF_CHECK(neutral.weighted_sum.value() == sum);
  CAF_CHECK(neutral.confidence.value() == (0.10 + sum) * 1.0 * 0.8);
  CAF_CHECK(neutral.threshold.value() == 0.80);
  auto bullish = of(market_trend::bullish, 0.4);
  CAF_CHECK(bullish.confidence.value() == (0.10 + sum) * 1.1 * 0.4);
  CAF_CHECK(bullish.threshold.value() == 0.75);
  auto bearish = of(market_trend::bearish, 1.0);
  auto worse = 0.40 * 1.0 + 0.30 * 1.0 + 0.20 * 1.0 + 0.10 * 0.8;
  CAF_CHECK(bearish.confidence.value() == (0.10 + worse) * 0.7 * 1.0);
  CAF_CHECK(bearish.threshold.value() == 0.85);
}

CAF_TEST(confidence is clamped at both ends) {
  CAF_CHECK(buy_scores(best_inputs()).confidence.value() == 0.95);
  auto x = calm_inputs();
  x.volatility = real{0.1};
  // 0.10 + 0.4 × 0.125 - 0.1 × 0.2 = 0.13
  CAF_CHECK(buy_scores(x).confidence.value() == 0.15);
}

CAF_TEST(a missing component is dropped and the others weigh more) {
  auto x = best_inputs();
  auto near = [](real a, double b) { return std::abs(a.value() - b) < 1e-15; };
  x.has_news = false;
  CAF_CHECK(near(buy_scores(x).weighted_sum,
                 (0.40 * 1.0 + 0.20 * 1.0 + 0.10 * 0.8) / 0.70));
  CAF_CHECK(buy_scores(x).news.value() == 0.0);
  x.has_volume = false;
  CAF_CHECK(
    near(buy_scores(x).weighted_sum, (0.40 * 1.0 + 0.10 * 0.8) / 0.50));
  CAF_CHECK(buy_scores(x).volume.value() == 0.0);
  x.has_news = true;
  CAF_CHECK(near(buy_scores(x).weighted_sum,
                 (0.40 * 1.0 + 0.30 * 0.83 + 0.10 * 0.8) / 0.80));
}

CAF_TEST(missing values are not read) {
  auto x = calm_inputs();
  x.has_news = x.has_volume = x.has_macd = false;
  auto y = x;
  y.sentiment = real{-1.0};
  y.news_confidence = real{1.0};
  y.volume_ratio = real{9.0};
  y.volume_trend = real{9.0};
  y.macd_histogram = real{9.0};
  CAF_CHECK(buy_scores(x) == buy_scores(y));
}

CAF_TEST(weights applied sum to one) {
  rule_parameters p;
  for (int mask = 0; mask < 4; ++mask) {
    side_view x;
    x.has_news = (mask & 1) != 0;
    x.has_volume = (mask & 2) != 0;
    auto w = weights_of(x, p);
    CAF_CHECK(std::abs(w.technical + w.news + w.volume + w.risk - 1.0) < 1e-15);
    CAF_CHECK_EQUAL(w.news == 0.0, !x.has_news);
    CAF_CHECK_EQUAL(w.volume == 0.0, !x.has_volume);
  }
}

CAF_TEST(the mirrored view) {
  side_view x;
  x.sma_rising = true;
  x.rsi = 25.0;
  x.macd_histogram = 0.5;
  x.sentiment = -0.25;
  x.trend = market_trend::bullish;
  x.stress = 0.8;
  x.volume_ratio = 1.5;
  x.volume_trend = 0.5;
  x.volatility = 0.01;
  auto y = mirrored(x);
  CAF_CHECK(!y.sma_rising && y.sma_falling);
  CAF_CHECK(y.rsi == 75.0 && y.macd_histogram == -0.5 && y.sentiment == 0.25);
  CAF_CHECK(y.trend == market_trend::bearish);
  CAF_CHECK(y.stress == 0.8 && y.volume_ratio == 1.5);
  CAF_CHECK(y.volume_trend == 0.5 && y.volatility == 0.01);
  CAF_CHECK(mirrored(market_trend::bearish) == market_trend::bullish);
  CAF_CHECK(mirrored(market_trend::neutral) == market_trend::neutral);
}
