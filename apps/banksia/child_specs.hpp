#pragma once

/// What the parts of the topology are made with.

#include "apps/banksia/topology.hpp"
#include "messages/actors.hpp"

#include <caf/actor_cast.hpp>

#include <memory>
#include <string>
#include <utility>

namespace banksia {

using watched = std::shared_ptr<probe>;

/// A name, or none where nothing is published.
inline ref<event_bus_actor> bus_of(const node_setup& x, directory& names) {
  if (!x.publish)
    return {};
  return names.name<event_bus_actor>("event_bus");
}

/// One kind of child: how it is spawned, with what.
template <class F, class... Ts>
child_spec child(const node_setup& x, directory& names,
                 const std::string& path, placement where, F fun,
                 Ts... arguments) {
  child_spec spec;
  spec.slot = names.slot(path);
  spec.backoff = x.backoff;
  spec.start = [=](caf::actor_system& system, watched probe) {
    return caf::actor_cast<caf::actor>(
      spawn_at(system, where, fun, std::move(probe), arguments...));
  };
  return spec;
}

/// Likewise, of an actor that is made with the plan of the time of its start.
template <class F, class... Ts>
child_spec planned(const node_setup& x, directory& names,
                   const std::string& path, placement where, F fun,
                   Ts... arguments) {
  child_spec spec;
  spec.slot = names.slot(path);
  spec.backoff = x.backoff;
  spec.start = [=, listed = x.listed, plan = x.plan](caf::actor_system& system,
                                                     watched probe) {
    return caf::actor_cast<caf::actor>(
      spawn_at(system, where, fun, std::move(probe),
               listed ? listed->plan() : plan, arguments...));
  };
  return spec;
}

} // namespace banksia
