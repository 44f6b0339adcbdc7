#include "actors/tracing/work.hpp"

#include "messages/trace.hpp"
#include "messages/wire.hpp"

#include <caf/type_erased_tuple.hpp>

namespace banksia {

using telemetry::trace_context;

trace_context context_of(const cycle_id& id, const telemetry::tracer& by) {
  // The hash is as good as random, and a span's id must not be 0.
  return {id.time_us, id.hash, id.hash != 0 ? id.hash : 1,
          by.samples(id.hash)};
}

std::optional<trace_context> work_of(const caf::type_erased_tuple& content,
                                     const telemetry::tracer& by) {
  if (auto cycle = cycle_of(content))
    return context_of(*cycle, by);
  auto last = content.size() - 1;
  if (content.size() > 1 && content.match_element<trace_mark>(last)) {
    const auto& x = *static_cast<const trace_mark*>(content.get(last));
    trace_context told{x.trace_high, x.trace_low, x.span, x.sampled};
    if (told.is_valid())
      return told;
  }
  return std::nullopt;
}

trace_mark mark_here() {
  auto x = telemetry::current_context();
  trace_mark mark;
  mark.trace_high = x.trace_high;
  mark.trace_low = x.trace_low;
  mark.span = x.span;
  mark.sampled = x.sampled;
  return mark;
}

void link_to_cycle(const cycle_id& id) {
  if (const auto* here = telemetry::current_trace())
    telemetry::link_here(context_of(id, *here->to));
}

void own_trace::begin(telemetry::tracer& by, std::string name) {
  auto root = by.begin();
  if (root.sampled)
    span_.emplace(by, root, std::move(name), telemetry::span_kind::internal);
  else
    unsampled_.emplace(nullptr, root);
}

} // namespace banksia
