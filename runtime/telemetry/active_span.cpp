#include "runtime/telemetry/active_span.hpp"

#include <exception>
#include <utility>

namespace banksia::telemetry {

void link_here(const trace_context& to) {
  const auto* x = current_trace();
  if (x != nullptr && x->open != nullptr
      && x->open->links.size() < span_links_max)
    x->open->links.push_back(to);
}

void note_here(std::string_view key, attribute_value value) {
  const auto* x = current_trace();
  if (x != nullptr && x->open != nullptr
      && x->open->attributes.size() < span_attributes_max)
    x->open->attributes.emplace_back(key, std::move(value));
}

trace_scope::trace_scope(tracer* to, const trace_context& context) noexcept
  : trace_{to, context},
    before_(std::exchange(detail::here, to != nullptr && context.sampled
                                          ? &trace_
                                          : nullptr)) {}

trace_scope::~trace_scope() {
  detail::here = before_;
}

active_span::active_span(tracer& to, const trace_context& parent,
                         std::string name, span_kind kind)
  : trace_scope(&to, tracer::child_of(parent)),
    to_(to),
    began_(to.elapsed()),
    exceptions_(std::uncaught_exceptions()) {
  span_.context = trace_.context;
  span_.parent = parent.span;
  span_.name = std::move(name);
  span_.kind = kind;
  span_.start_ns = to.wall();
  trace_.open = &span_;
}

active_span::~active_span() {
  if (forgotten_)
    return;
  span_.end_ns = span_.start_ns + (to_.elapsed() - began_);
  if (std::uncaught_exceptions() > exceptions_)
    span_.failed = true;
  try {
    to_.record(std::move(span_));
  } catch (const std::exception&) {
    // Out of memory: what is measured matters more than the measure.
  }
}

} // namespace banksia::telemetry
