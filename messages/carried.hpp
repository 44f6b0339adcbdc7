#pragma once

/// What goes with a message from one process to another: the span that it was
/// sent in, and how long its sender waits. CAF carries neither, so that the
/// message travels inside this one.

#include "messages/actors.hpp"

#include <caf/message.hpp>

#include <cstdint>

namespace banksia {

/// A message with what goes with it. Its sender and its number, by which it is
/// answered, are those of the message that carries it.
struct carried_call {
  std::uint8_t version = 1;
  trace_mark trace;
  /// Elapsed microseconds that were left when it was sent, since clocks differ;
  /// 0: its sender waits as long as it takes.
  std::uint64_t left_us = 0;
  caf::message content;
};

template <class Inspector>
auto inspect(Inspector& f, carried_call& x) {
  return wire::versioned(f, "carried_call", x, x.trace, x.left_us, x.content);
}

/// What a process has counted that has no metrics of its own.
struct process_counts {
  std::uint8_t version = 1;
  std::uint64_t spans_exported = 0;
  std::uint64_t spans_lost = 0;
  std::uint64_t late = 0; ///< requests not begun, since nobody waited any more

  friend bool operator==(const process_counts&, const process_counts&)
    = default;
};

template <class Inspector>
auto inspect(Inspector& f, process_counts& x) {
  return wire::versioned(f, "process_counts", x, x.spans_exported, x.spans_lost,
                         x.late);
}

/// A forecaster that tells what its process has counted.
using counting_forecaster_actor = traced_forecaster_actor::extend<
  caf::replies_to<wire::health_atom>::with<process_counts>>;

/// What `banksia-ml` offers: that one behind a stand-in, which takes any of its
/// messages carried. One of the build before does not: who asks looks what it
/// can do.
using carried_forecaster_actor
  = counting_forecaster_actor::extend<caf::reacts_to<carried_call>>;

} // namespace banksia

// Behind those of `messages/cluster.hpp`: append, never reorder.
CAF_BEGIN_TYPE_ID_BLOCK(banksia_carried, caf::first_custom_type_id + 1100)
CAF_ADD_TYPE_ID(banksia_carried, (banksia::carried_call))
CAF_ADD_TYPE_ID(banksia_carried, (banksia::process_counts))
CAF_END_TYPE_ID_BLOCK(banksia_carried)
