#pragma once

/// Spans: what took how long within which trace. Recorded into a bounded queue,
/// from which an exporter takes them. What is not sampled costs a branch.

#include "runtime/telemetry/trace_context.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace banksia::telemetry {

/// The numbers are OTLP's.
enum class span_kind : std::uint8_t {
  internal = 1,
  server = 2,
  client = 3,
  producer = 4,
  consumer = 5,
};

using attribute_value = std::variant<std::string, std::int64_t, double, bool>;

/// @pre the key is a literal
using span_attribute = std::pair<std::string_view, attribute_value>;

/// Links and attributes of one span at most; what is beyond is left out.
inline constexpr std::size_t span_links_max = 128;
inline constexpr std::size_t span_attributes_max = 32;

/// One span, ended.
struct span {
  trace_context context;
  std::uint64_t parent = 0; ///< 0: it begins its trace
  bool remote_parent = false; ///< another process made that one
  std::string name;
  span_kind kind = span_kind::internal;
  std::int64_t start_ns = 0; ///< since 1970 by the wall clock
  std::int64_t end_ns = 0;   ///< that and elapsed time
  std::vector<span_attribute> attributes = {};
  std::vector<trace_context> links = {};
  bool failed = false;
  std::string failure = {}; ///< why
};

/// Nanoseconds since 1970, never market time.
std::int64_t wall_ns() noexcept;

/// Nanoseconds of a monotonic clock.
std::int64_t elapsed_ns() noexcept;

struct tracer_options {
  /// Share of the traces that begin here and are recorded, 0 to 1. Those that
  /// begin elsewhere say themselves whether they are.
  double sample_ratio = 1.0;
  /// Spans that wait for the exporter; what is beyond is dropped and counted.
  std::size_t queue_max = 8192;
  std::function<std::int64_t()> wall = wall_ns;
  std::function<std::int64_t()> elapsed = elapsed_ns;
};

/// What a tracer did since it was made.
struct tracer_counts {
  std::uint64_t recorded = 0; ///< spans that were taken into the queue
  std::uint64_t dropped = 0;  ///< spans for which it had no room
};

/// Thread-safe.
class tracer {
public:
  explicit tracer(tracer_options with = {});
  tracer(const tracer&) = delete;
  tracer& operator=(const tracer&) = delete;

  /// Whether a trace with that id that begins here is recorded: the same for
  /// each node with the same ratio.
  bool samples(std::uint64_t trace_low) const noexcept {
    // https://www.w3.org/TR/trace-context-2/#random-trace-id-flag: the last 7
    // bytes are what is random.
    return (trace_low & random_mask) >= threshold_;
  }

  /// A new trace: its first span, sampled or not.
  trace_context begin() const;

  /// A new span within the parent's trace.
  static trace_context child_of(const trace_context& parent);

  std::int64_t wall() const { return options_.wall(); }
  std::int64_t elapsed() const { return options_.elapsed(); }

  /// Takes a span that is sampled; never waits for the exporter.
  void record(span x);

  tracer_counts counts() const;

  // -- for the exporter ---------------------------------------------------------

  /// Waits until `enough` spans are there, `limit` is over or it is told to
  /// hurry, and takes up to `enough` of them.
  std::vector<span> take(std::size_t enough, std::chrono::milliseconds limit);

  /// From now on `take` does not wait.
  void hurry();

private:
  static constexpr std::uint64_t random_mask = (std::uint64_t{1} << 56) - 1;

  const tracer_options options_;
  std::uint64_t threshold_; ///< above `random_mask`: nothing is sampled
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::size_t wanted_ = 0; ///< by who waits; 0: nobody does
  bool hurried_ = false;
  std::vector<span> queue_;
  tracer_counts counts_;
};

} // namespace banksia::telemetry
