#include "runtime/http/fetch_span.hpp"

#include "runtime/http/url.hpp"
#include "runtime/telemetry/active_span.hpp"

#include <utility>

namespace banksia::http {

telemetry::open_span begin_fetch_span(fetch_request& what, bool tells) {
  const auto* here = telemetry::current_trace();
  if (here == nullptr)
    return {};
  auto itself = telemetry::tracer::child_of(here->context);
  auto name = std::string{to_string(what.method)};
  telemetry::open_span span{*here->to, itself, here->context.span, name,
                            telemetry::span_kind::client};
  // https://opentelemetry.io/docs/specs/semconv/http/http-spans/
  span.note("http.request.method", std::move(name));
  span.note("url.full", masked(what.url));
  if (auto to = parse_url(what.url)) {
    span.note("server.address", to->host);
    span.note("server.port", static_cast<std::int64_t>(to->port));
  }
  if (tells)
    what.headers.emplace_back("traceparent", telemetry::traceparent_of(itself));
  return span;
}

void end_fetch_span(telemetry::open_span& span, const fetch_result& result) {
  if (!span)
    return;
  if (result)
    span.note("http.response.status_code",
              static_cast<std::int64_t>(result.status));
  if (!result || result.status >= 400) {
    auto& content = span.content();
    content.failed = true;
    content.failure = result.text;
    span.note("error.type", result ? std::to_string(result.status)
                                   : std::string{to_string(result.error)});
  }
  span.end();
}

} // namespace banksia::http
