#pragma once

/// What the process of models has counted, among the node's own series, since
/// nobody looks at that process by itself.

#include "messages/carried.hpp"
#include "runtime/telemetry/metrics.hpp"

#include <cstdint>
#include <memory>
#include <mutex>

namespace banksia {

/// Sums over all its processes: the next one begins with zeros. Thread-safe.
class model_counts {
public:
  /// As one process has counted so far.
  void told(const process_counts& x);

  process_counts sums() const;

private:
  mutable std::mutex mutex_; ///< guards what follows
  process_counts last_;
  process_counts sums_;
};

/// `banksia_ml_trace_spans_exported_total`, `…_dropped_total` and
/// `banksia_ml_late_requests_total`.
void add_metrics(telemetry::metrics& into,
                 std::shared_ptr<const model_counts> counts);

} // namespace banksia
