#pragma once

/// Trace and deadline from one process to another. On either side a stand-in
/// has the actor's place: it puts what goes with a message into a
/// `carried_call`, or takes it out. A message with neither stays as it is.

#include "runtime/supervision/message_timer.hpp"

#include <caf/actor.hpp>

#include <cstdint>

namespace banksia {

/// Nanoseconds of elapsed time, as of `monotonic_ns`.
using nanosecond_clock = std::uint64_t (*)() noexcept;

/// Stands for an actor of another process that takes carried calls; ends with
/// it. What is asked by an actor of this process is answered within the span in
/// which it was asked, and what is late already is not sent.
/// @pre `far` is not null
caf::actor to_far(const caf::actor& far, nanosecond_clock now = monotonic_ns);

/// Stands for an actor of this process before other processes; ends with it.
/// What was under way is not counted against the time that was left.
/// @pre `near` is not null
caf::actor from_far(const caf::actor& near, nanosecond_clock now = monotonic_ns);

} // namespace banksia
