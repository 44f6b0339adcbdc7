#include "actors/services/event_relay.hpp"

#include "actors/services/context.hpp"
#include "actors/services/problem_types.hpp"
#include "actors/tracing/crossing.hpp"

#include <algorithm>

namespace banksia {

void event_relay::open(const http::responder& reply) {
  std::lock_guard guard{mutex_};
  std::erase_if(streams_, [](const auto& x) { return !x.is_open(); });
  if (streams_.size() >= streams_max) {
    reply(http::problem(problems::too_many_streams,
                        "too many event streams are open: close some or try "
                        "again later"));
    return;
  }
  auto stream = reply.open_events();
  // Tells the client that from now on it misses nothing.
  stream.send("hello", "{}");
  streams_.push_back(std::move(stream));
}

void event_relay::send(const event& x) {
  std::lock_guard guard{mutex_};
  auto id = std::to_string(x.sequence);
  std::erase_if(streams_, [&](const http::event_stream& to) {
    return !to.send(x.kind, x.payload, id);
  });
}

void event_relay::clear() {
  std::lock_guard guard{mutex_};
  streams_.clear();
}

std::size_t event_relay::size() const {
  std::lock_guard guard{mutex_};
  return streams_.size();
}

namespace {

/// Elapsed time between two looks at the bus's generation.
constexpr std::chrono::milliseconds look_pause{200};

void subscribe(event_follower_self* self) {
  auto& state = self->state;
  auto generation = state.bus->generation();
  if (generation == state.subscribed)
    return;
  auto bus = caf::actor_cast<event_bus_actor>(state.bus->current());
  if (!bus)
    return;
  state.subscribed = generation;
  auto itself = caf::actor_cast<caf::actor>(self);
  // The bus may be another process's.
  if (state.context->setup.core)
    itself = from_far(itself);
  self->send(bus, wire::subscribe_atom_v, std::string{},
             caf::actor_cast<event_sink_actor>(itself));
}

} // namespace

event_follower_actor::behavior_type
event_follower(event_follower_self* self, std::shared_ptr<probe> watched,
               std::shared_ptr<service_context> context) {
  prepare(self, std::move(watched));
  self->state.bus = context->setup.names->slot("event_bus");
  self->state.context = std::move(context);
  self->send(self, wire::next_atom_v);
  return {
    [self](const event& x) { self->state.context->events.send(x); },
    [self](wire::next_atom) {
      subscribe(self);
      self->delayed_send(self, look_pause, wire::next_atom_v);
    },
  };
}

} // namespace banksia
