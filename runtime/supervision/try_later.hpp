#pragma once

/// A timer that goes on with the work at hand.

#include "runtime/supervision/hop_span.hpp"

#include <caf/mailbox_element.hpp>
#include <caf/message_id.hpp>

#include <chrono>
#include <utility>

namespace banksia {

/// As `delayed_send` to itself, within the span that the thread is in: for what
/// is tried again. Not for a clock that sets itself anew: its trace would never
/// end.
template <class Self, class... Ts>
void try_later(Self* self, std::chrono::nanoseconds pause, Ts... xs) {
  const auto* here = telemetry::current_trace();
  if (here == nullptr) {
    self->delayed_send(self, pause, std::move(xs)...);
    return;
  }
  message_origin from;
  from.context = here->context;
  // It waits in no mailbox until then.
  from.sent_ns = here->to->elapsed() + pause.count();
  auto inner
    = caf::make_mailbox_element(caf::strong_actor_ptr{self->ctrl()},
                                caf::make_message_id(), {}, std::move(xs)...);
  self->clock().schedule_message(
    self->clock().now() + pause, caf::strong_actor_ptr{self->ctrl()},
    caf::mailbox_element_ptr{new traced_element(std::move(inner), from)});
}

} // namespace banksia
