#include "runtime/http/request_trace.hpp"

namespace banksia::http {

using telemetry::span_kind;

std::string request_trace::begin(telemetry::tracer* by, const request& what,
                                 const std::string& service) {
  span_ = {};
  auto parent
    = telemetry::parse_traceparent(what.header("traceparent").value_or(""));
  if (by == nullptr)
    return parent ? telemetry::trace_id_text(*parent) : make_trace_id();
  auto itself = parent ? telemetry::tracer::child_of(*parent) : by->begin();
  if (itself.sampled) {
    span_ = telemetry::open_span{*by, itself, parent ? parent->span : 0,
                                 std::string{to_string(what.method)},
                                 span_kind::server};
    span_.content().remote_parent = parent.has_value();
    // https://opentelemetry.io/docs/specs/semconv/http/http-spans/
    span_.note("http.request.method", std::string{to_string(what.method)});
    span_.note("banksia.service", service);
    span_.note("network.peer.address", what.remote);
  }
  return telemetry::trace_id_text(itself);
}

void request_trace::end(std::string_view route, int status,
                        const std::string& error) {
  if (!span_)
    return;
  auto& x = span_.content();
  if (route != "unmatched") {
    x.name += " " + std::string{route};
    span_.note("http.route", std::string{route});
  }
  span_.note("http.response.status_code", static_cast<std::int64_t>(status));
  // A client's mistake is no failure of the server.
  if (status >= 500) {
    x.failed = true;
    x.failure = error;
    span_.note("error.type", std::to_string(status));
  }
  span_.end();
}

} // namespace banksia::http
