#pragma once

#include "messages/actors.hpp"
#include "runtime/supervision/shell.hpp"

#include <deque>
#include <string>
#include <vector>

namespace banksia {

/// `event_bus`. Hands events to its subscribers in the order in which they
/// came, with a sequence number each. Subscribers that went away are dropped at
/// their down message.
struct event_bus_state {
  static inline const char* name = "event_bus";

  struct subscription {
    std::string kind; ///< empty: all
    event_sink_actor sink;
  };

  std::vector<subscription> subscriptions;
  std::uint64_t sequence = 0;
};

using event_bus_self = shell<event_bus_state, event_bus_actor>;

event_bus_actor::behavior_type event_bus(event_bus_self* self,
                                         std::shared_ptr<probe> watched);

} // namespace banksia
