#pragma once

#include "actors/listings/roster.hpp"
#include "messages/actors.hpp"
#include "runtime/supervision/child_spec.hpp"
#include "runtime/supervision/ref.hpp"
#include "runtime/supervision/shell.hpp"

#include <caf/typed_response_promise.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace banksia {

/// `listings`: the only one that changes what a node follows. In this file, as
/// only a running node has one.
using listings_actor = caf::typed_actor<
  // Somebody's wish: symbol, event, successor, reason and source count. Answered
  // with the change as stored and an empty text when it counts, else with why
  // it makes no sense. An error: nobody knows, or nothing can be stored.
  caf::replies_to<listing_change>::with<listing_change, std::string>,
  // Try again to store the change under way (sent by itself after a failure).
  caf::reacts_to<wire::rebuild_atom, std::uint64_t>,
  // Look whether the right symbols run (sent by itself).
  caf::reacts_to<wire::next_atom>,
  caf::replies_to<wire::health_atom>::with<component_health>>;

struct listings_wiring {
  std::shared_ptr<roster> board;
  ref<store_writer_actor> writer;
  ref<store_reader_actor> reader;
  ref<event_bus_actor> bus; ///< may be empty: nothing is published
  std::shared_ptr<actor_slot> symbols; ///< their supervisor
  /// How the actor of a symbol is started.
  std::function<child_spec(const std::string& symbol)> child;
  std::vector<std::string> configured;
};

/// Promises: a change is on disk before anybody acts on it; it counts from a
/// market time that no cycle has seen, since the clock waits meanwhile; one at a
/// time. A change that was cut off by a crash is read from the store by the next
/// start. The actors of new symbols are started; those of old ones stopped when
/// nobody needs them.
struct listings_state {
  static inline const char* name = "listings";

  /// Wishes that wait; more are refused.
  static constexpr std::size_t waiting_max = 64;

  using promise = caf::typed_response_promise<listing_change, std::string>;

  struct wish {
    listing_change change;
    promise answer;
  };

  listings_wiring wiring;
  std::deque<wish> wishes; ///< the first one is being stored
  bool storing = false;
  bool looking = false; ///< at the symbols that run

  listings_state() = default;
  listings_state(const listings_state&) = delete;
  listings_state& operator=(const listings_state&) = delete;
  /// Whoever waits is told that nobody will answer.
  ~listings_state();
};

using listings_self = shell<listings_state, listings_actor>;

listings_actor::behavior_type listings_keeper(listings_self* self,
                                              std::shared_ptr<probe> watched,
                                              listings_wiring wiring);

} // namespace banksia
