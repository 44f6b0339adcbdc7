#pragma once

/// The span of a request that the server answers.

#include "runtime/http/message.hpp"
#include "runtime/telemetry/active_span.hpp"
#include "runtime/telemetry/open_span.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace banksia::http {

class request_trace {
public:
  /// Takes up what `traceparent` says, or begins a trace.
  /// @param by null: nothing is recorded
  /// @returns the trace's id, recorded or not
  std::string begin(telemetry::tracer* by, const request& what,
                    const std::string& service);

  void note_path(const std::string& path) { span_.note("url.path", path); }

  /// Nobody is traced by now.
  void clear() { span_ = {}; }

  /// What a handler does is part of it; null: it is not sampled.
  telemetry::tracer* to() const noexcept { return span_.to(); }

  telemetry::trace_context context() const noexcept {
    return span_.context();
  }

  /// @param error what a handler threw; empty otherwise
  void end(std::string_view route, int status, const std::string& error);

private:
  telemetry::open_span span_;
};

} // namespace banksia::http
