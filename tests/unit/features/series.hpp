#pragma once

/// Series of bars for tests: random, but the same each time.

#include "messages/domain.hpp"
#include "models/features/volume_profile.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace banksia::test {

inline constexpr int session_minutes = 360;

/// The date `n` days after 2025-01-06.
inline trading_date date_of(int n) {
  return std::chrono::sys_days{std::chrono::year{2025} / 1 / 6}
         + std::chrono::days{n};
}

/// The session's open on the n-th day (10:00 Sydney in summer).
inline timestamp open_of(int n) {
  return timestamp{std::chrono::sys_days{date_of(n)}} - std::chrono::hours{1};
}

inline session_time place(int day, int minute) {
  // All days are sessions here.
  return {date_of(day), minute, session_minutes,
          std::int64_t{day} * session_minutes + std::clamp(minute, 0, 360)};
}

inline bar make_bar(int day, bar_interval interval, int begin_minute,
                    double open, double high, double low, double close,
                    double volume) {
  bar x;
  x.symbol = "TST.AX";
  x.interval = interval;
  x.opened_at = open_of(day) + std::chrono::minutes{begin_minute};
  x.open = price{open};
  x.high = price{high};
  x.low = price{low};
  x.close = price{close};
  x.volume = shares{volume};
  return x;
}

inline bar daily_bar(int day, double close, double volume = 1000.0) {
  return make_bar(day, bar_interval::d1, 0, close, close, close, close, volume);
}

/// A random walk of `days` daily bars from day 0.
inline std::vector<bar> random_days(std::uint32_t seed, int days) {
  std::mt19937_64 engine{seed};
  std::normal_distribution<double> step{0.0, 0.015};
  std::uniform_real_distribution<double> part{0.0, 0.01};
  std::vector<bar> result;
  double close = 50.0;
  for (int i = 0; i < days; ++i) {
    auto open = close * std::exp(step(engine) / 2);
    close = open * std::exp(step(engine));
    auto high = std::max(open, close) * (1 + part(engine));
    auto low = std::min(open, close) * (1 - part(engine));
    auto volume = std::floor(1e6 * std::exp(20 * step(engine)));
    result.push_back(make_bar(i, bar_interval::d1, 0, open, high, low, close,
                              volume));
  }
  return result;
}

/// `day` cut into 12 bars of 30 minutes that give it again: whole shares, the
/// first bar opens and the last closes, high and low are met in between.
inline std::vector<bar> half_hours(const bar& day, int index,
                                   std::uint32_t seed) {
  std::mt19937_64 engine{seed};
  std::uniform_int_distribution<int> lots{1, 9};
  auto high = day.high.value();
  auto low = day.low.value();
  auto middle = (high + low) / 2;
  std::vector<bar> result;
  auto rest = day.volume.value();
  for (int i = 0; i < 12; ++i) {
    auto volume = i == 11 ? rest
                          : std::floor(day.volume.value() * lots(engine) / 120);
    rest -= volume;
    auto open = i == 0 ? day.open.value() : middle;
    auto close = i == 11 ? day.close.value() : middle;
    auto top = i == 4 ? high : std::max(open, close);
    auto bottom = i == 7 ? low : std::min(open, close);
    result.push_back(make_bar(index, bar_interval::m30, 30 * i, open, top,
                              bottom, close, volume));
  }
  return result;
}

/// Whether `a` and `b` differ by at most `tolerance` of the larger (or of 1).
inline bool near(double a, double b, double tolerance = 1e-9) {
  return std::abs(a - b) <= tolerance * std::max({1.0, std::abs(a),
                                                  std::abs(b)});
}

} // namespace banksia::test
