#pragma once

/// Between the process that has a node's tree (the core) and processes that
/// have some of its services (the roles). Actors cross by name: the core's gate
/// tells who stands behind each, and tells it again whenever that changes.

#include "messages/carried.hpp"

#include <caf/actor.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace banksia {

/// What a role process shows before it learns any name.
struct core_hello {
  std::uint8_t version = 1;
  std::string application;    ///< "banksia"
  std::uint32_t schema = 0;   ///< of the database
  std::string configuration;  ///< hash of what decisions depend on
  std::string roles;          ///< for the core's log

  friend bool operator==(const core_hello&, const core_hello&) = default;
};

/// The gate's answer.
struct core_welcome {
  std::uint8_t version = 1;
  std::string refusal; ///< why not, and what to do; empty: welcome

  friend bool operator==(const core_welcome&, const core_welcome&) = default;
};

/// Who stands behind a name of the core.
struct core_name {
  std::uint8_t version = 1;
  std::string path;
  caf::actor handle;            ///< null: nobody
  std::uint64_t generation = 0; ///< in the core
  bool in_trouble = false;      ///< as `actor_slot::in_trouble`

  friend bool operator==(const core_name&, const core_name&) = default;
};

/// Names that are new or have changed.
struct core_names {
  std::uint8_t version = 1;
  std::vector<core_name> names;

  friend bool operator==(const core_names&, const core_names&) = default;
};

/// What the core's feeds say of one source.
struct core_feed {
  std::uint8_t version = 1;
  std::string feed;
  std::string breaker;
  std::uint64_t calls = 0;
  std::uint64_t accepted = 0;
  std::uint64_t repaired = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t points = 0;  ///< newest ones, that the share is over
  std::uint64_t invalid = 0; ///< of them
  timestamp last_answer;     ///< wall clock; zero: never
  std::string trouble;

  friend bool operator==(const core_feed&, const core_feed&) = default;
};

/// What the gate says at each look.
struct core_state {
  std::uint8_t version = 1;
  std::uint64_t links = 0; ///< how many are told
  std::vector<core_feed> feeds; ///< by name; of the outside world alone

  friend bool operator==(const core_state&, const core_state&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, core_hello& x) {
  return wire::versioned(f, "core_hello", x, x.application, x.schema,
                         x.configuration, x.roles);
}

template <class Inspector>
auto inspect(Inspector& f, core_welcome& x) {
  return wire::versioned(f, "core_welcome", x, x.refusal);
}

template <class Inspector>
auto inspect(Inspector& f, core_name& x) {
  return wire::versioned(f, "core_name", x, x.path, x.handle, x.generation,
                         x.in_trouble);
}

template <class Inspector>
auto inspect(Inspector& f, core_names& x) {
  return wire::versioned(f, "core_names", x, x.names);
}

template <class Inspector>
auto inspect(Inspector& f, core_feed& x) {
  return wire::versioned(f, "core_feed", x, x.feed, x.breaker, x.calls,
                         x.accepted, x.repaired, x.quarantined, x.points,
                         x.invalid, x.last_answer, x.trouble);
}

template <class Inspector>
auto inspect(Inspector& f, core_state& x) {
  return wire::versioned(f, "core_state", x, x.links, x.feeds);
}

/// `core/link`, in a role process: keeps its names those of the core.
using core_link_actor = caf::typed_actor<
  // Of the gate it is welcome at; of any other it counts for nothing.
  caf::reacts_to<core_names>,
  // Look after the connection (sent by itself).
  caf::reacts_to<wire::next_atom>,
  caf::replies_to<wire::health_atom>::with<component_health>>;

/// `core/gate`, in the core: whoever is welcome is told all names, then changes.
/// What stands behind them takes carried calls. A process of another build is
/// told by these types already that it is one.
using core_gate_actor = caf::typed_actor<
  caf::replies_to<core_hello, core_link_actor>::with<core_welcome>,
  // Whether it still answers, and what only the core has in memory.
  caf::replies_to<wire::status_atom>::with<core_state>,
  // Look for changes (sent by itself).
  caf::reacts_to<wire::next_atom>>;

} // namespace banksia

// Far behind the node's own types, which only ever grow: append, never reorder.
CAF_BEGIN_TYPE_ID_BLOCK(banksia_cluster, caf::first_custom_type_id + 1000)
CAF_ADD_TYPE_ID(banksia_cluster, (banksia::core_hello))
CAF_ADD_TYPE_ID(banksia_cluster, (banksia::core_welcome))
CAF_ADD_TYPE_ID(banksia_cluster, (banksia::core_name))
CAF_ADD_TYPE_ID(banksia_cluster, (banksia::core_names))
CAF_ADD_TYPE_ID(banksia_cluster, (banksia::core_link_actor))
CAF_ADD_TYPE_ID(banksia_cluster, (banksia::event_sink_actor))
CAF_ADD_TYPE_ID(banksia_cluster, (banksia::core_feed))
CAF_ADD_TYPE_ID(banksia_cluster, (banksia::core_state))
CAF_END_TYPE_ID_BLOCK(banksia_cluster)

static_assert(caf::id_block::banksia::end < caf::id_block::banksia_cluster::begin);
static_assert(caf::id_block::banksia_cluster::end
              < caf::id_block::banksia_carried::begin);
