#pragma once

/// `health`: asks every component each second, in trouble more often, and keeps
/// what it said.

#include "actors/services/context.hpp"
#include "messages/actors.hpp"
#include "runtime/supervision/shell.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace banksia {

/// State of the monitor. A round of questions ends when each was answered or
/// timed out; then the board is set and changes are published.
class health_state_keeper {
public:
  static inline const char* name = "health";

  /// One message that takes longer (elapsed) is trouble.
  static constexpr std::chrono::seconds busy_trouble{10};

  shared_context context;
  std::size_t awaited = 0; ///< answers outstanding in this round
  std::vector<component_health> heard;     ///< in this round
  std::vector<component_health> published; ///< after the last one

  /// Several answers about one component: the worst counts.
  void hear(component_health x);

  /// The symbols' state from their names; nobody needs to be asked.
  component_health symbols() const;

  /// What the services do not ask for now, and those that refuse requests.
  void hear_parts();

  /// Each component with an actor that does not come to an end.
  void hear_stuck(std::uint64_t now_ns);
};

using health_self = shell<health_state_keeper, health_actor>;

health_actor::behavior_type health_monitor(health_self* self,
                                           std::shared_ptr<probe> watched,
                                           shared_context context);

/// `api/heartbeat`: shows each 100 ms that the scheduler's threads run.
using heartbeat_actor = caf::typed_actor<caf::reacts_to<wire::next_atom>>;

struct heartbeat_state {
  static inline const char* name = "heartbeat";
};

using heartbeat_self = shell<heartbeat_state, heartbeat_actor>;

heartbeat_actor::behavior_type heartbeat(heartbeat_self* self,
                                         std::shared_ptr<probe> watched,
                                         shared_context context);

} // namespace banksia
