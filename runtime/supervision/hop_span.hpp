#pragma once

/// Spans of messages: one for each that an actor handles within a sampled trace.

#include "runtime/supervision/probe.hpp"
#include "runtime/supervision/traced_element.hpp"
#include "runtime/telemetry/active_span.hpp"

#include <caf/actor_system.hpp>
#include <caf/mailbox_element.hpp>

#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace banksia {

/// The spans in which an actor has asked what is not answered yet. Only touched
/// on the actor's own thread.
class telemetry::asked_notes {
public:
  /// Beyond, answers are not traced.
  static constexpr std::size_t notes_max = 4096;

  void note(std::uint64_t answer, const trace_context& asked_in) {
    if (notes_.size() < notes_max)
      notes_.emplace(answer, asked_in);
  }

  /// Where to go on with that answer; not valid: it was asked in no span.
  trace_context take(std::uint64_t answer) {
    auto found = notes_.find(answer);
    if (found == notes_.end())
      return {};
    auto result = found->second;
    notes_.erase(found);
    return result;
  }

  std::size_t size() const noexcept { return notes_.size(); }

private:
  std::unordered_map<std::uint64_t, trace_context> notes_;
};

/// Says who handles a message on this thread until the end of the scope, so that
/// what it asks is noted, whatever span it is in by then.
class asker_scope {
public:
  asker_scope(telemetry::asked_notes& notes,
              const caf::abstract_actor* actor) noexcept;
  ~asker_scope();
  asker_scope(const asker_scope&) = delete;
  asker_scope& operator=(const asker_scope&) = delete;

  const caf::abstract_actor* actor() const noexcept { return actor_; }
  telemetry::asked_notes& notes() const noexcept { return notes_; }

private:
  telemetry::asked_notes& notes_;
  const caf::abstract_actor* actor_;
  const asker_scope* before_;
};

/// Notes that the actor at work on this thread asks that, so that the answer goes
/// on in the span in which it was asked for, whatever its sender is in: it may
/// answer many at once.
void note_asked(const caf::mailbox_element& element,
                const telemetry::active_trace& here);

/// Gives a message the sender's span and deadline on its way.
/// @param here null: in no span
caf::mailbox_element_ptr carry(caf::mailbox_element_ptr element,
                               const telemetry::active_trace* here);

/// The deadline that a request came with; 0: none.
inline deadline_ns deadline_of(const caf::mailbox_element& element) noexcept {
  const auto* traced = traced_element::from(element);
  return traced != nullptr ? traced->origin.until : 0;
}

/// What is said to who asked, where the time was over before its turn came.
caf::error too_late();

/// The span that a message came from. A message about other work than its
/// sender's, as the board's `work_of` says it, belongs to that.
telemetry::trace_context origin_of(const caf::mailbox_element& element,
                                   const probe& at,
                                   telemetry::asked_notes& asked);

/// The span of a message's handling.
class hop_span : public telemetry::active_span {
public:
  /// @pre `origin.sampled`, and the probe has a tracer
  hop_span(caf::actor_system& system, const caf::mailbox_element& element,
           const probe& at, const telemetry::trace_context& origin);
};

} // namespace banksia
