#define CAF_SUITE simulator_statistics
#include "models/market/simulator.hpp"

#include "tests/unit/market/simulator_fixture.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>
#include <map>
#include <numeric>
#include <set>

using namespace banksia;
using namespace banksia::simulation;

namespace {

using series = std::vector<double>;

double mean(const series& x) {
  return std::accumulate(x.begin(), x.end(), 0.0)
         / static_cast<double>(x.size());
}

double covariance(const series& x, const series& y) {
  auto mx = mean(x), my = mean(y);
  double sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i)
    sum += (x[i] - mx) * (y[i] - my);
  return sum / static_cast<double>(x.size());
}

double correlation(const series& x, const series& y) {
  return covariance(x, y) / std::sqrt(covariance(x, x) * covariance(y, y));
}

double annual_volatility(const series& returns) {
  return std::sqrt(252.0 * covariance(returns, returns));
}

/// Close to close log returns per symbol.
std::map<std::string, series> daily_returns(const simulator_settings& settings,
                                            std::size_t sessions) {
  market_simulator market{settings};
  std::map<std::string, double> last;
  std::map<std::string, series> result;
  for (const auto& b : market.daily_history(weekday_sessions(sessions))) {
    auto now = std::log(b.close.value());
    if (auto it = last.find(b.symbol); it != last.end())
      result[b.symbol].push_back(now - it->second);
    last[b.symbol] = now;
  }
  return result;
}

/// How a session's mean headline score goes with a security's return over the
/// same session and over the next, as correlations pooled over symbols.
struct news_correlations {
  double same = 0.0;
  double next = 0.0;
};

news_correlations correlate_news(const simulator_settings& settings,
                                 std::size_t count) {
  market_simulator market{settings};
  series scores, same, next;
  std::map<std::string, double> last_close, last_score;
  for (const auto& session : weekday_sessions(count)) {
    auto day = market.next(session);
    for (const auto& b : day.daily) {
      auto about = only(day.headlines, b.symbol);
      if (about.empty())
        continue;
      double score = 0.0;
      for (const auto& h : about)
        score += h.score.value() / static_cast<double>(about.size());
      auto close = std::log(b.close.value());
      if (last_close.contains(b.symbol)) {
        auto move = close - last_close[b.symbol];
        scores.push_back(last_score[b.symbol]);
        next.push_back(move);
        same.push_back(move * score);
      }
      last_close[b.symbol] = close;
      last_score[b.symbol] = score;
    }
  }
  double scale = std::sqrt(covariance(scores, scores)
                           * covariance(next, next));
  return {mean(same) / scale, correlation(scores, next)};
}

} // namespace

CAF_TEST(symbols go with the index over a year) {
  for (std::uint64_t seed : {1, 2, 3}) {
    auto returns = daily_returns(usual_settings(seed), 251);
    CAF_REQUIRE_EQUAL(returns.size(), 8u);
    for (const auto& [symbol, x] : returns) {
      CAF_REQUIRE_EQUAL(x.size(), 250u);
      if (symbol == "^AXJO")
        continue;
      auto c = correlation(x, returns["^AXJO"]);
      CAF_MESSAGE("seed " << seed << " " << symbol << " " << c);
      CAF_CHECK(c > 0.4 && c < 0.95);
    }
    // Banks are closer to each other than to insurers.
    CAF_CHECK_GREATER(correlation(returns["WBC.AX"], returns["NAB.AX"]),
                      correlation(returns["WBC.AX"], returns["SUN.AX"]));
  }
}

CAF_TEST(volatility is near what was asked for) {
  for (std::uint64_t seed : {1, 2, 3}) {
    auto returns = daily_returns(usual_settings(seed), 1001);
    auto index = annual_volatility(returns["^AXJO"]);
    CAF_MESSAGE("seed " << seed << " index " << index);
    CAF_CHECK(index > 0.09 && index < 0.18);
    for (const auto& [symbol, x] : returns) {
      CAF_MESSAGE("seed " << seed << " " << symbol << " "
                          << annual_volatility(x));
      CAF_CHECK(annual_volatility(x) > 0.10 && annual_volatility(x) < 0.35);
    }
    auto twice = usual_settings(seed);
    twice.annual_volatility = fraction{0.26};
    auto ratio = annual_volatility(daily_returns(twice, 1001)["^AXJO"]) / index;
    CAF_CHECK(ratio > 1.9 && ratio < 2.1);
  }
}

CAF_TEST(volume and range are high at both ends of a day) {
  market_simulator market{usual_settings()};
  std::vector<double> volume(72), range(72);
  double gaps = 0.0, days = 0.0;
  std::optional<double> last;
  for (const auto& session : weekday_sessions(60)) {
    auto cba = only(market.next(session).bars, "CBA.AX");
    for (std::size_t i = 0; i < cba.size(); ++i) {
      volume[i] += cba[i].volume.value() / 60.0;
      range[i] += std::log(cba[i].high.value() / cba[i].low.value()) / 60.0;
    }
    auto open = std::log(cba.front().open.value());
    auto close = std::log(cba.back().close.value());
    if (last) {
      gaps += std::pow(open - *last, 2);
      days += std::pow(close - *last, 2);
    }
    last = close;
  }
  auto block = [](const series& x, std::size_t from) {
    return std::accumulate(x.begin() + from, x.begin() + from + 6, 0.0) / 6.0;
  };
  CAF_CHECK_GREATER(block(volume, 0), 1.4 * block(volume, 33));
  // Without the last bar, which holds the auction.
  CAF_CHECK_GREATER(block(volume, 65), 1.3 * block(volume, 33));
  CAF_CHECK_GREATER(volume[71], 5.0 * volume[70]);
  CAF_CHECK_GREATER(block(range, 0), 1.4 * block(range, 33));
  CAF_CHECK_GREATER(block(range, 65), 1.1 * block(range, 33));
  // The opening gap holds 35 % of a day's variance.
  CAF_CHECK(gaps / days > 0.15 && gaps / days < 0.6);
  // 1.9 million shares a day, busy or not.
  auto total = std::accumulate(volume.begin(), volume.end(), 0.0);
  CAF_CHECK(total > 1.2e6 && total < 3.5e6);
}

CAF_TEST(all regimes occur and last) {
  market_simulator market{usual_settings()};
  std::map<regime, int> seen;
  int changes = 0;
  std::optional<regime> last;
  for (const auto& session : weekday_sessions(500)) {
    auto mood = market.next(session).mood;
    ++seen[mood];
    changes += last && *last != mood ? 1 : 0;
    last = mood;
  }
  CAF_CHECK_EQUAL(seen.size(), regime_count);
  CAF_CHECK(changes > 8 && changes < 80);
}

CAF_TEST(news follows the past and foretells only what is planted) {
  auto settings = usual_settings();
  settings.regime_drift = real{0.0};
  auto pure = correlate_news(settings, 1000);
  CAF_MESSAGE("same " << pure.same << " next " << pure.next);
  CAF_CHECK(pure.same > 0.02 && pure.same < 0.5);
  // 6993 pairs of which symbols of a day are dependent: error about 0.02.
  CAF_CHECK(std::abs(pure.next) < 0.05);
  settings.signal_strength = fraction{1.0};
  auto planted = correlate_news(settings, 1000);
  CAF_MESSAGE("planted next " << planted.next);
  CAF_CHECK(planted.next > 0.25 && planted.next < 0.7);
}

CAF_TEST(without regime drift past returns say nothing of the next) {
  auto settings = usual_settings();
  settings.regime_drift = real{0.0};
  auto returns = daily_returns(settings, 2001);
  for (const auto& [symbol, x] : returns) {
    series before{x.begin(), x.end() - 1}, after{x.begin() + 1, x.end()};
    auto c = correlation(before, after);
    CAF_MESSAGE(symbol << " " << c);
    // Fat tails that cluster widen the usual error of 0.022.
    CAF_CHECK(std::abs(c) < 0.1);
  }
}
