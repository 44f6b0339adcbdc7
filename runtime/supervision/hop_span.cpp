#include "runtime/supervision/hop_span.hpp"

#include "runtime/supervision/content.hpp"

#include <caf/error.hpp>
#include <caf/sec.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace banksia {

namespace {

using telemetry::span_kind;
using telemetry::trace_context;

span_kind kind_of(const caf::mailbox_element& x) {
  return x.mid.is_response()  ? span_kind::internal
         : x.mid.is_request() ? span_kind::server
                              : span_kind::consumer;
}

/// "cycle_record", "@atom, @i32": without our namespace, which says nothing.
std::string message_name(caf::actor_system& system,
                         const caf::mailbox_element& x) {
  auto name = content_type(system, x.content());
  constexpr std::string_view ours = "banksia::";
  for (auto at = name.find(ours); at != std::string::npos; at = name.find(ours))
    name.erase(at, ours.size());
  return name;
}

constinit thread_local const asker_scope* asks = nullptr;

} // namespace

asker_scope::asker_scope(telemetry::asked_notes& notes,
                         const caf::abstract_actor* actor) noexcept
  : notes_(notes), actor_(actor), before_(std::exchange(asks, this)) {}

asker_scope::~asker_scope() {
  asks = before_;
}

void note_asked(const caf::mailbox_element& element,
                const telemetry::active_trace& here) {
  if (element.mid.is_request() && asks != nullptr && element.sender
      && element.sender->get() == asks->actor())
    asks->notes().note(element.mid.response_id().integer_value(),
                       here.context);
}

caf::mailbox_element_ptr carry(caf::mailbox_element_ptr element,
                               const telemetry::active_trace* here) {
  if (element->mid.is_response())
    return element;
  // It has crossed over from another process, on a thread that asks nothing.
  if (traced_element::from(*element) != nullptr)
    return element;
  message_origin from;
  if (here != nullptr) {
    note_asked(*element, *here);
    from.context = here->context;
    from.sent_ns = here->to->elapsed();
  }
  if (element->mid.is_request())
    from.until = asking_deadline();
  if (here == nullptr && from.until == 0)
    return element;
  return caf::mailbox_element_ptr{
    new traced_element(std::move(element), from)};
}

caf::error too_late() {
  return caf::make_error(caf::sec::request_timeout,
                         "its time was over before its turn came");
}

trace_context origin_of(const caf::mailbox_element& element, const probe& at,
                        telemetry::asked_notes& asked) {
  if (element.mid.is_response())
    return asked.take(element.mid.integer_value());
  trace_context carried;
  if (const auto* traced = traced_element::from(element))
    carried = traced->origin.context;
  if (at.work_of != nullptr)
    if (auto work = at.work_of(element.content(), *at.spans))
      return carried.is_same_trace(*work) ? carried : *work;
  return carried;
}

hop_span::hop_span(caf::actor_system& system,
                   const caf::mailbox_element& element, const probe& at,
                   const trace_context& origin)
  : active_span(*at.spans, origin,
                at.path + " " + message_name(system, element),
                kind_of(element)) {
  span_.attributes.emplace_back("banksia.actor", at.path);
  span_.attributes.emplace_back("banksia.generation",
                                static_cast<std::int64_t>(at.generation.load()));
  const auto* traced = traced_element::from(element);
  if (traced == nullptr || !traced->origin.context.is_valid())
    return;
  span_.remote_parent = traced->origin.is_remote
                        && traced->origin.context.span == origin.span;
  span_.attributes.emplace_back(
    "banksia.queued_seconds",
    static_cast<double>(at.spans->elapsed() - traced->origin.sent_ns) / 1e9);
}

} // namespace banksia
