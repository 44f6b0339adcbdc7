#pragma once

/// Inputs and contexts for tests of the rules.

#include "messages/domain.hpp"
#include "models/decision/decide.hpp"

#include <cmath>
#include <limits>
#include <random>

namespace banksia::test {

inline double above(double x) {
  return std::nextafter(x, std::numeric_limits<double>::infinity());
}

inline double below(double x) {
  return std::nextafter(x, -std::numeric_limits<double>::infinity());
}

/// Inputs in which nothing speaks for a side: T = 50, all present.
inline rule_inputs calm_inputs() {
  rule_inputs x;
  x.sma5 = real{100.0};
  x.sma20 = real{100.0};
  x.rsi14 = real{50.0};
  x.volume_ratio = real{1.0};
  x.volatility = real{0.02};
  x.has_macd = true;
  x.has_volume = true;
  x.has_news = true;
  return x;
}

/// Inputs for which every condition of BUY is met with room to spare.
inline rule_inputs best_inputs() {
  auto x = calm_inputs();
  x.sma5 = real{110.0};
  x.rsi14 = real{65.0};
  x.macd_histogram = real{0.5};
  x.volume_ratio = real{2.0};
  x.volume_trend = real{0.25};
  x.volatility = real{0.01};
  x.sentiment = real{0.5};
  x.news_confidence = real{1.0};
  return x;
}

inline market_context context_of(market_trend trend, double stress = 1.0) {
  rule_parameters p;
  market_context x;
  x.trend = trend;
  x.flagged = false;
  x.stress = real{stress};
  x.multiplier = real{multiplier_of(trend, p)};
  x.buy_threshold = real{threshold_of(trend, p)};
  x.sell_threshold = real{threshold_of(mirrored(trend), p)};
  return x;
}

/// BUY's scores by the default parameters.
inline side_scores buy_scores(const rule_inputs& x,
                              market_trend trend = market_trend::neutral,
                              const rule_parameters& p = {}) {
  return score_side(buy_view(x, context_of(trend), p), p);
}

/// Random cases. Numbers are multiples of powers of two, so that mirroring
/// (100 - rsi, 2 sma20 - sma5) is exact.
class random_cases {
public:
  explicit random_cases(std::uint64_t seed) : engine_(seed) {}

  rule_inputs inputs() {
    rule_inputs x;
    x.sma20 = real{between(8, 64, 8)};
    x.sma5 = real{x.sma20.value() * (1.0 + between(-4, 4, 64) / 64)};
    x.rsi14 = real{between(0, 100, 16)};
    x.macd_histogram = real{between(-1, 1, 16)};
    x.volume_ratio = real{between(0, 2, 32)};
    x.volume_trend = real{between(-1, 1, 64) * 0.25};
    x.volatility = real{between(0, 1, 256) * 0.0625};
    x.sentiment = real{between(-1, 1, 64) * (chance(0.5) ? 1.0 : 0.25)};
    x.news_confidence = real{between(0, 1, 16)};
    x.has_macd = chance(0.8);
    x.has_volume = chance(0.9);
    x.has_news = chance(0.7);
    return x;
  }

  /// Inputs among which BUY and SELL are frequent.
  rule_inputs telling_inputs() {
    auto x = inputs();
    if (chance(0.7)) {
      auto up = chance(0.5);
      auto good = best_inputs();
      auto take = [&](real rule_inputs::*field) {
        if (chance(0.85))
          x.*field = good.*field;
      };
      take(&rule_inputs::rsi14);
      take(&rule_inputs::macd_histogram);
      take(&rule_inputs::volume_ratio);
      take(&rule_inputs::volume_trend);
      take(&rule_inputs::volatility);
      take(&rule_inputs::sentiment);
      take(&rule_inputs::news_confidence);
      if (chance(0.85))
        x.sma5 = real{x.sma20.value() * 1.0625};
      if (!up)
        x = mirrored(x);
    }
    return x;
  }

  market_context context() {
    auto trend = static_cast<market_trend>(whole(0, 2));
    constexpr double stress[] = {1.0, 1.0, 1.0, 0.8, 0.4};
    return context_of(trend, stress[whole(0, 4)]);
  }

  int whole(int low, int high) {
    return std::uniform_int_distribution<int>{low, high}(engine_);
  }

  bool chance(double p) { return std::bernoulli_distribution{p}(engine_); }

  /// A multiple of 1 / `steps` in [low, high].
  double between(int low, int high, int steps) {
    return static_cast<double>(whole(low * steps, high * steps)) / steps;
  }

private:
  std::mt19937_64 engine_;
};

} // namespace banksia::test
