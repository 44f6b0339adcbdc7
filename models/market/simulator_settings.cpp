#include "models/market/simulator.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace banksia::simulation {

namespace {

/// A finite value in [low, high].
bool within(double x, double low, double high) {
  return std::isfinite(x) && x >= low && x <= high;
}

std::optional<std::string> problem_of_names(const simulator_settings& s) {
  if (s.symbols.empty())
    return "simulator: symbols: none given: name at least one";
  std::set<std::string> seen;
  for (const auto& symbol : s.symbols) {
    if (symbol.empty())
      return "simulator: symbols: one is empty: remove it";
    if (symbol == s.index_symbol)
      return "simulator: symbols: " + symbol
             + " is the index too: name it in one place";
    if (!seen.insert(symbol).second)
      return "simulator: symbols: " + symbol + " is there twice: remove one";
  }
  return std::nullopt;
}

std::optional<std::string> problem_of_profile(const symbol_profile& p) {
  auto where = "simulator: profile of '" + p.symbol + "': ";
  if (p.symbol.empty() || p.name.empty() || p.sector.empty())
    return where + "symbol, name or sector is empty: fill it in";
  if (!within(p.first_price.value(), 0.001, 1e6))
    return where + "first price outside 0.001 … 1,000,000: choose one inside";
  if (!within(p.beta.value(), -5.0, 5.0)
      || !within(p.sector_load.value(), -5.0, 5.0))
    return where + "beta or sector load outside -5 … 5: choose one inside";
  if (!within(p.own_volatility.value(), 0.0, 20.0))
    return where + "own volatility outside 0 … 20: choose one inside";
  if (!within(p.daily_volume.value(), 0.0, 1e10))
    return where + "daily volume outside 0 … 1e10: choose one inside";
  if (p.tick.value() != 0.0 && !within(p.tick.value(), 0.001, 1e3))
    return where + "tick is neither 0 nor within 0.001 … 1000: correct it";
  return std::nullopt;
}

} // namespace

std::optional<std::string> problem_of(const simulator_settings& s) {
  if (auto problem = problem_of_names(s))
    return problem;
  if (s.interval == bar_interval::d1)
    return "simulator: interval: 1d is no intraday length: choose 1m … 60m; "
           "daily bars come with every session";
  if (!within(s.annual_volatility.value(), 0.001, 2.0))
    return "simulator: annual_volatility: outside 0.001 … 2: it is a "
           "fraction, 0.13 is 13 %";
  if (!within(s.regime_drift.value(), 0.0, 5.0))
    return "simulator: regime_drift: outside 0 … 5: choose one inside";
  if (!within(s.signal_strength.value(), 0.0, 1.0))
    return "simulator: signal_strength: outside 0 … 1: it is a share of "
           "variance";
  if (!within(s.bad_bar_probability.value(), 0.0, 1.0))
    return "simulator: bad_bar_probability: outside 0 … 1: it is a "
           "probability";
  for (const auto& profile : s.profiles)
    if (auto problem = problem_of_profile(profile))
      return problem;
  return std::nullopt;
}

std::optional<std::string> problem_of(const sim_session& x) {
  using namespace std::chrono_literals;
  if (!x.date.ok())
    return "simulator: session: the date is no day of the calendar: "
           "correct it";
  auto where = "simulator: session " + banksia::to_string(x.date) + ": ";
  if (x.closes_at - x.opens_at < 1min)
    return where + "closes less than a minute after it opens: correct it";
  if (x.closes_at - x.opens_at > 24h)
    return where + "is longer than a day: correct it";
  if (x.auction_ends_at < x.closes_at)
    return where + "its closing auction ends before it closes: correct it";
  return std::nullopt;
}

} // namespace banksia::simulation
