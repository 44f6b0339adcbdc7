#pragma once

/// The service levels of a node, from what its store has on record: the same
/// after a restart as before.

#include "actors/run_plan.hpp"
#include "actors/services/bridge.hpp"
#include "models/levels/service_level.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <vector>

namespace banksia {

/// A constant answer on the samples of the success rate.
struct constant_rate {
  std::string answer; ///< "BUY", "SELL" or "HOLD"
  double rate = 0.0;
};

/// One level as it stands.
struct judged_level {
  const levels::definition* what = nullptr;
  /// By the level's clock: the run's market time, or the end of the newest
  /// sample; nothing where that clock has not begun.
  std::optional<timestamp> as_of;
  levels::judgement is;
  std::optional<constant_rate> best_constant; ///< of the success rate alone
};

/// What is asked of the store beside its sums.
struct level_question {
  std::string run;
  std::uint32_t horizon_minutes = 240; ///< that the success rate is about
  bool trains = false;                 ///< whether there are trainings to judge
};

/// All of `levels::definitions`, in their order.
/// @throws storage::storage_error
std::vector<judged_level> judge_levels(storage::database& db,
                                       const level_question& asked);

/// `levels[]` and how the node as a whole does: `state` is the worst of theirs.
boost::json::object to_json(const std::vector<judged_level>& all);

/// Brings `bridge_state::levels` and the gauges up to date; at most a second old.
/// @throws storage::storage_error
void put_service_levels(bridge_self* self);

} // namespace banksia
