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
