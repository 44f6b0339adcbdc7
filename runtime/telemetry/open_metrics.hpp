#pragma once

/// OpenMetrics 1.0, which prometheus-cpp does not write.

#include <prometheus/metric_family.h>

#include <string>
#include <vector>

namespace banksia::telemetry {

/// The families as one exposition with its `# EOF`. A counter's family is named
/// without `_total`, as the format demands.
std::string
open_metrics_text(const std::vector<prometheus::MetricFamily>& families);

} // namespace banksia::telemetry
