#pragma once

/// Bars of a simulated market over real sessions.

#include "models/market/simulator.hpp"
#include "tests/unit/actors/samples.hpp"

#include <algorithm>
#include <span>

namespace banksia::actors_test {

inline simulation::simulator_settings small_market(std::uint64_t seed = 7) {
  simulation::simulator_settings settings;
  settings.seed = seed;
  settings.symbols = make_plan().symbols;
  settings.index_symbol = "^AXJO";
  return settings;
}

inline simulation::sim_session to_sim(const session& s) {
  return {s.date, s.opens_at, s.closes_at, s.auction_ends_at};
}

/// The sessions before the first day of these tests.
inline std::span<const session> sessions_before(std::size_t count) {
  auto end = *sydney().session_index(first_day().date);
  return sydney().sessions().subspan(end - count, count);
}

/// A symbol's past as daily bars, then the first day in bars of five minutes.
struct symbol_past {
  std::vector<bar> daily;
  std::vector<bar> intraday;
  std::vector<headline> headlines;

  std::vector<bar> all() const {
    auto result = daily;
    result.insert(result.end(), intraday.begin(), intraday.end());
    return result;
  }
};

inline symbol_past past_of(const std::string& symbol, std::size_t days,
                           std::uint64_t seed = 7) {
  simulation::market_simulator market{small_market(seed)};
  symbol_past result;
  for (const auto& s : sessions_before(days))
    for (auto& x : market.next(to_sim(s)).daily)
      if (x.symbol == symbol)
        result.daily.push_back(std::move(x));
  auto day = market.next(to_sim(first_day()));
  for (auto& x : day.bars)
    if (x.symbol == symbol)
      result.intraday.push_back(std::move(x));
  for (auto& x : day.headlines)
    if (x.symbol == symbol)
      result.headlines.push_back(std::move(x));
  return result;
}

/// The bars that were known at a time.
inline std::vector<bar> known_by(std::vector<bar> bars, timestamp t) {
  std::erase_if(bars, [t](const bar& x) { return x.known_at > t; });
  return bars;
}

} // namespace banksia::actors_test
