#pragma once

/// Where in which trace something happens, as W3C Trace Context says it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace banksia::telemetry {

/// A span of a trace. Plain data; without a trace id it says nothing.
struct trace_context {
  std::uint64_t trace_high = 0; ///< the id's first 8 bytes, big-endian
  std::uint64_t trace_low = 0;  ///< its last 8 bytes, which samplers read
  std::uint64_t span = 0;
  bool sampled = false; ///< whether its spans are recorded

  bool is_valid() const noexcept {
    return (trace_high | trace_low) != 0 && span != 0;
  }

  bool is_same_trace(const trace_context& x) const noexcept {
    return trace_high == x.trace_high && trace_low == x.trace_low;
  }

  friend bool operator==(const trace_context&, const trace_context&) = default;
};

/// 32 lower-case hex digits.
std::string trace_id_text(const trace_context& of);

/// 16 lower-case hex digits.
std::string span_id_text(std::uint64_t span);

/// The `traceparent` header of a request made within that span, version 00.
std::string traceparent_of(const trace_context& x);

/// What a `traceparent` header says; nothing unless it is well-formed. Later
/// versions are read as far as version 00 goes.
std::optional<trace_context> parse_traceparent(std::string_view text);

/// A random number that is not 0: unlikely to repeat, not hard to guess.
std::uint64_t random_trace_bits();

} // namespace banksia::telemetry
