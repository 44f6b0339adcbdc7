#pragma once

/// The span of a call that the client makes.

#include "runtime/http/client.hpp"
#include "runtime/telemetry/open_span.hpp"

namespace banksia::http {

/// None where who calls is in no span that is recorded.
/// @param tells whether the other side gets its `traceparent`
telemetry::open_span begin_fetch_span(fetch_request& what, bool tells);

/// Records it, if there is one.
void end_fetch_span(telemetry::open_span& span, const fetch_result& result);

} // namespace banksia::http
