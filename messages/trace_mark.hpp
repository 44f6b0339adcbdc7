#ifndef BANKSIA_MESSAGES_TRACE_MARK_HPP
#define BANKSIA_MESSAGES_TRACE_MARK_HPP

/// The span that a message to another process was sent in. Plain data.

#include <cstdint>

namespace banksia {

/// As W3C Trace Context says it; zeros: in none.
struct trace_mark {
  std::uint8_t version = 1;
  std::uint64_t trace_high = 0; ///< the trace id's first 8 bytes, big-endian
  std::uint64_t trace_low = 0;  ///< its last 8 bytes
  std::uint64_t span = 0;
  bool sampled = false;

  friend bool operator==(const trace_mark&, const trace_mark&) = default;
};

} // namespace banksia

#endif // BANKSIA_MESSAGES_TRACE_MARK_HPP
