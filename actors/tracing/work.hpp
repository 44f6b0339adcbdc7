#pragma once

/// Which trace work belongs to. A cycle's id is the id of its trace, and the
/// hash in it that of the trace's first span: every node knows both from any
/// message about the cycle, after a restart too.

#include "messages/ids.hpp"
#include "messages/trace_mark.hpp"
#include "runtime/telemetry/active_span.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace caf {
class type_erased_tuple;
} // namespace caf

namespace banksia {

/// The first span of a cycle's trace; sampled by its id.
telemetry::trace_context context_of(const cycle_id& id,
                                    const telemetry::tracer& by);

/// A `work_function`: the cycle that a message is about, or what another
/// process says that it was sent in.
std::optional<telemetry::trace_context>
work_of(const caf::type_erased_tuple& content, const telemetry::tracer& by);

/// The thread's span, to be told to another process.
trace_mark mark_here();

/// Lets the thread's span say that what it shows comes from that cycle.
void link_to_cycle(const cycle_id& id);

/// Within a cycle's trace until the end of the scope, whatever message is
/// handled.
class cycle_scope : public telemetry::trace_scope {
public:
  template <class Self>
  cycle_scope(Self* self, const cycle_id& id)
    : cycle_scope(self->own_probe() ? self->own_probe()->spans.get() : nullptr,
                  id) {}

  cycle_scope(telemetry::tracer* by, const cycle_id& id)
    : telemetry::trace_scope(by, by != nullptr ? context_of(id, *by)
                                               : telemetry::trace_context{}) {}
};

/// A trace that begins with what an actor does now by itself: its first span
/// ends with the scope, and nothing around it counts.
class own_trace {
public:
  template <class Self>
  own_trace(Self* self, std::string_view what) {
    if (const auto& watched = self->own_probe(); watched && watched->spans)
      begin(*watched->spans, watched->path + " " + std::string{what});
  }

private:
  void begin(telemetry::tracer& by, std::string name);

  std::optional<telemetry::trace_scope> unsampled_;
  std::optional<telemetry::root_span> span_;
};

} // namespace banksia
