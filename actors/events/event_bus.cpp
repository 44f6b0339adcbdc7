#include "actors/events/event_bus.hpp"

#include "actors/tracing/crossing.hpp"

namespace banksia {

event_bus_actor::behavior_type event_bus(event_bus_self* self,
                                         std::shared_ptr<probe> watched) {
  prepare(self, std::move(watched));
  self->set_down_handler([self](caf::down_msg& down) {
    std::erase_if(self->state.subscriptions, [&](const auto& x) {
      return x.sink.address() == down.source;
    });
  });
  return {
    [self](event& x) {
      x.sequence = ++self->state.sequence;
      for (const auto& to : self->state.subscriptions)
        if (to.kind.empty() || to.kind == x.kind)
          self->send(to.sink, x);
    },
    [self](wire::subscribe_atom, const std::string& kind,
           const event_sink_actor& sink) {
      // Of another process: the span of an event goes there with it.
      auto to = sink.node() == self->node()
                  ? sink
                  : caf::actor_cast<event_sink_actor>(
                    to_far(caf::actor_cast<caf::actor>(sink)));
      self->monitor(to);
      self->state.subscriptions.push_back({kind, to});
    },
  };
}

} // namespace banksia
