#pragma once

/// What the operating system knows of this process, under the names that
/// Prometheus' own clients use.

#include "runtime/telemetry/metrics.hpp"

#include <optional>
#include <string_view>

namespace banksia::telemetry {

/// A reading of `/proc/self`.
struct process_reading {
  double cpu_seconds = 0.0;           ///< user and system time used so far
  double resident_memory_bytes = 0.0; ///< memory held in RAM
  double threads = 0.0;
  double start_time_seconds = 0.0; ///< since 1970 UTC
};

/// Reads the text of `/proc/self/stat` (proc(5)). `boot_time_seconds` is
/// `btime` of `/proc/stat`, `ticks_per_second` and `page_bytes` come from
/// sysconf(3). Nothing when the text has another form.
std::optional<process_reading>
parse_process_stat(std::string_view text, double boot_time_seconds,
                   double ticks_per_second, double page_bytes);

/// This process, now. Nothing where there is no Linux /proc.
std::optional<process_reading> read_process();

/// Processors that the process may use.
double processors();

/// Adds `process_cpu_seconds_total`, `process_resident_memory_bytes`,
/// `process_threads`, `process_open_fds` and `process_start_time_seconds` to
/// `into`, read anew at each rendering. `into` must outlive its renderings.
void add_process_metrics(metrics& into);

} // namespace banksia::telemetry
