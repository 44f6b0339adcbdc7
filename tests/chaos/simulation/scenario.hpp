#pragma once

/// What a seed stands for: a market, a clock, an order of events and a run of
/// bad luck.

#include "actors/run_plan.hpp"
#include "apps/banksia/topology.hpp"
#include "tests/chaos/simulation/dice.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace banksia::chaos {

/// Mistakes that are made on purpose, to see that they are found.
enum class planted {
  nothing,
  lost_ack,            ///< acknowledged, but never stored
  forget_obligations,  ///< a restarted evaluator does not know what it owes
  double_outcome,      ///< an outcome is stored twice, under two horizons
  restart_loses_cycle, ///< a restarted `cycle` is not told of its open cycles
  skip_slot,           ///< some slots are never stored as owed nor made
  lost_training,       ///< a training's end is acknowledged, but never stored
  unearned_champion,   ///< a model serves that has not earned it
  torn_model,          ///< the registry names a model whose file is torn
};

std::optional<planted> parse_planted(std::string_view name);

/// How the next actor to run is chosen.
enum class order {
  random, ///< any
  first,  ///< who has waited longest
  last,   ///< who has waited least
  unfair, ///< one actor only when no other can run
};

/// Chances and pauses; elapsed time.
struct bad_luck {
  std::chrono::milliseconds pause_min{0}; ///< between two blows
  std::chrono::milliseconds pause_max{0};
  double crash = 0;     ///< a message
  double start = 0;     ///< of a start to fail
  double drop = 0;
  double duplicate = 0;
  double delay = 0;
  double commit = 0;  ///< of a commit to fail
  double process = 0; ///< of a blow to hit the whole process
  double registry = 0; ///< of a step in a change of the registry: cut off there
};

struct scenario {
  std::uint64_t seed = 0;
  planted bug = planted::nothing;
  clock_mode mode = clock_mode::accelerated;
  double speed = 60; ///< market seconds an elapsed second
  order choice = order::random;
  bad_luck luck;
  shared_plan plan;
  std::size_t first_session = 0; ///< index in the calendar
  std::size_t history = 0;       ///< sessions before it
  timestamp calm_from;           ///< market time: no faults any more
  timestamp end;                 ///< market time: all is checked

  simulation_start market() const;
  timestamp begin() const {
    return plan->calendar.sessions()[first_session].opens_at;
  }
};

scenario scenario_of(std::uint64_t seed, planted bug);

} // namespace banksia::chaos
