#pragma once

/// How one simulated session is laid out; for the simulator's own files.

#include "models/market/simulator.hpp"
#include "models/market/simulator_random.hpp"

#include <array>
#include <map>
#include <vector>

namespace banksia::simulation {

struct market_simulator::session_plan {
  sim_session session;
  std::uint64_t day = 0;
  regime mood = regime::calm;
  std::size_t minutes = 0;
  /// Steps: 0 the gap, 1 … minutes, then the auction.
  std::vector<double> variance_share;
  std::vector<double> volume_share; ///< per step; none in the gap
  std::vector<double> market;       ///< log return per step, with drift
  std::map<std::uint64_t, std::vector<double>> sectors; ///< likewise
  double market_deviation = 0.0; ///< of a full session
  double sector_deviation = 0.0;

  std::size_t steps() const { return variance_share.size(); }
};

struct market_simulator::session_path {
  /// Before the gap, then after each step: steps + 1 points.
  std::vector<double> log_prices;
  /// Per step: the own normal and that of volume.
  std::vector<std::array<double, 2>> normals;
  double deviation = 0.0; ///< of all factors together, full session
  double log_activity = 0.0;
  double tone = 0.0;
  double own = 0.0; ///< own return of the session, in own deviations
  double last_own = 0.0; ///< that of the session before
};

} // namespace banksia::simulation
