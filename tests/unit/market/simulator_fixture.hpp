#pragma once

/// Sessions for the simulator's tests: every weekday of 2025 on, 10:00 to
/// 16:00 at a fixed +10:00, auction until 16:10. No exchange calendar needed.

#include "models/market/simulator.hpp"

#include <chrono>
#include <vector>

namespace banksia::simulation {

inline sim_session weekday_session(std::chrono::sys_days day) {
  using namespace std::chrono_literals;
  timestamp opens = day;
  return {trading_date{day}, opens, opens + 6h, opens + 6h + 10min};
}

inline std::vector<sim_session> weekday_sessions(std::size_t count) {
  using namespace std::chrono;
  std::vector<sim_session> result;
  for (auto day = sys_days{2025y / January / 1}; result.size() < count;
       day += days{1})
    if (weekday{day} != Saturday && weekday{day} != Sunday)
      result.push_back(weekday_session(day));
  return result;
}

/// The default banks and insurers.
inline simulator_settings usual_settings(std::uint64_t seed = 42) {
  simulator_settings result;
  result.seed = seed;
  result.symbols = {"CBA.AX", "WBC.AX", "ANZ.AX", "NAB.AX",
                    "MQG.AX", "QBE.AX", "SUN.AX"};
  return result;
}

/// What one symbol's bars are, in the order given.
inline std::vector<bar> only(const std::vector<bar>& bars,
                             std::string_view symbol) {
  std::vector<bar> result;
  for (const auto& b : bars)
    if (b.symbol == symbol)
      result.push_back(b);
  return result;
}

inline std::vector<headline> only(const std::vector<headline>& all,
                                  std::string_view symbol) {
  std::vector<headline> result;
  for (const auto& h : all)
    if (h.symbol == symbol)
      result.push_back(h);
  return result;
}

} // namespace banksia::simulation
