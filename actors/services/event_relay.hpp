#pragma once

/// From the event bus to every open stream of server-sent events.

#include "messages/actors.hpp"
#include "runtime/http/responder.hpp"
#include "runtime/supervision/directory.hpp"
#include "runtime/supervision/shell.hpp"

#include <memory>
#include <mutex>
#include <vector>

namespace banksia {

struct service_context;

/// The open streams. Thread-safe.
class event_relay {
public:
  /// More clients than this are refused with 503.
  static constexpr std::size_t streams_max = 256;

  /// Answers with a stream, which gets a first event `hello` at once.
  void open(const http::responder& reply);

  void send(const event& x);

  /// Forgets all streams, at the end: each keeps its connection, and that this
  /// relay, alive.
  void clear();

  std::size_t size() const;

private:
  mutable std::mutex mutex_;
  std::vector<http::event_stream> streams_;
};

/// `api/events`: subscribes to the bus, again whenever that has restarted.
using event_follower_actor
  = event_sink_actor::extend<caf::reacts_to<wire::next_atom>>;

struct event_follower_state {
  static inline const char* name = "event_follower";

  std::shared_ptr<service_context> context;
  std::shared_ptr<actor_slot> bus;
  std::uint64_t subscribed = 0; ///< to this generation of the bus
};

using event_follower_self = shell<event_follower_state, event_follower_actor>;

event_follower_actor::behavior_type
event_follower(event_follower_self* self, std::shared_ptr<probe> watched,
               std::shared_ptr<service_context> context);

} // namespace banksia
