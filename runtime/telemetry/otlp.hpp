#pragma once

/// Spans in the JSON form of OTLP 1.x, and what a collector answers:
/// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding

#include "runtime/telemetry/tracer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::telemetry {

/// Who made the spans.
struct trace_resource {
  std::string service; ///< service.name
  std::string version; ///< service.version
  std::string instance; ///< service.instance.id, another one each start
};

/// An ExportTraceServiceRequest.
std::string otlp_request(const std::vector<span>& spans,
                         const trace_resource& of);

/// Spans of a request that the collector took in part only.
struct partial_success {
  std::uint64_t rejected = 0;
  std::string text; ///< why, or a warning; may be empty
};

/// What an ExportTraceServiceResponse says; nothing where it is none, which
/// still is a success.
std::optional<partial_success> read_otlp_response(std::string_view body);

} // namespace banksia::telemetry
