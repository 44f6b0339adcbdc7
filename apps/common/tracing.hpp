#pragma once

/// The traces of a program: made, and brought to a collector.

#include "runtime/telemetry/metrics.hpp"
#include "runtime/telemetry/trace_exporter.hpp"
#include "runtime/telemetry/tracer.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace banksia {

struct tracing_options {
  std::string endpoint; ///< empty: no traces
  double sample_ratio = 1.0;
  std::chrono::milliseconds delay{5000};
  std::string ca_file; ///< trusted beside the system's; empty: none
};

/// What became of a program's spans.
struct span_counts {
  std::uint64_t exported = 0; ///< the collector has them
  std::uint64_t lost = 0; ///< the queue was full, or the collector away or
                          ///< unwilling
};

class tracing {
public:
  /// @param service the program's name
  /// @throws commands::command_error for an endpoint that cannot be used
  tracing(const tracing_options& with, const std::string& service);

  /// Null: nothing is traced.
  const std::shared_ptr<telemetry::tracer>& spans() const noexcept {
    return spans_;
  }

  /// Zeros where nothing is traced. Any thread.
  span_counts counts() const;

  /// `banksia_trace_spans_exported_total`, `…_dropped_total`.
  /// @param into outlived by this
  void add_metrics(telemetry::metrics& into) const;

  /// Sends what is left; what is not sent in that time is dropped.
  void stop(std::chrono::milliseconds grace);

private:
  std::shared_ptr<telemetry::tracer> spans_;
  std::optional<telemetry::trace_exporter> exporter_;
};

} // namespace banksia
