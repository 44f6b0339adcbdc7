#pragma once

/// The span that a thread is in. Who sends, asks or measures something finds it
/// here, so that no function has to pass it on.

#include "runtime/telemetry/tracer.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace banksia::telemetry {

/// What is known of the thread's span. Lives on the stack of who opened it.
struct active_trace {
  tracer* to = nullptr;
  trace_context context = {};
  span* open = nullptr; ///< takes links and attributes; null: somebody else's
};

namespace detail {

/// Null: nothing that is sampled.
inline constinit thread_local const active_trace* here = nullptr;

} // namespace detail

/// The span that this thread is in, if it is one that is recorded.
inline const active_trace* current_trace() noexcept {
  return detail::here;
}

/// That span's context; not valid without one.
inline trace_context current_context() noexcept {
  const auto* x = current_trace();
  return x != nullptr ? x->context : trace_context{};
}

/// Adds to the thread's span, if it has one.
void link_here(const trace_context& to);
void note_here(std::string_view key, attribute_value value);

/// Puts the thread into a span until the end of the scope; into none when that
/// is not sampled.
class trace_scope {
public:
  trace_scope(tracer* to, const trace_context& context) noexcept;
  ~trace_scope();
  trace_scope(const trace_scope&) = delete;
  trace_scope& operator=(const trace_scope&) = delete;

protected:
  active_trace trace_;

private:
  const active_trace* before_;
};

/// A span from here to the end of the scope, in which the thread is meanwhile.
/// An exception that leaves the scope makes it a failed one.
class active_span : public trace_scope {
public:
  /// @pre `parent.sampled`
  active_span(tracer& to, const trace_context& parent, std::string name,
              span_kind kind);
  ~active_span();

  const trace_context& context() const noexcept { return span_.context; }

  span& content() noexcept { return span_; }

  /// Nothing is recorded after all.
  void forget() noexcept { forgotten_ = true; }

protected:
  span span_;

private:
  tracer& to_;
  std::int64_t began_;
  int exceptions_;
  bool forgotten_ = false;
};

/// The first span of a trace.
class root_span : public active_span {
public:
  /// @param itself the span to be, as `tracer::begin` makes it
  /// @pre `itself.sampled`
  root_span(tracer& to, const trace_context& itself, std::string name,
            span_kind kind)
    : active_span(to, itself, std::move(name), kind) {
    span_.context = itself;
    span_.parent = 0;
    trace_.context = itself;
  }
};

} // namespace banksia::telemetry
