#pragma once

/// From what is on record to what a service level observes.

#include "models/levels/service_level.hpp"

namespace banksia::levels {

/// How long a node was ready in an hour.
struct ready_hour {
  timestamp hour;
  timestamp began; ///< of the first span in it
  double ready_seconds = 0.0;
};

/// Seconds of readiness (good) and of its lack (bad), from the beginning of the
/// first span to `newest`. Time of which nothing is on record counts as bad: who
/// was not there to record it was not there.
/// @param hours ascending
/// @param newest end of the newest span
std::vector<observation> uptime_of(std::span<const ready_hour> hours,
                                   timestamp newest);

/// What a process used of the processors in a span of time.
struct cpu_span {
  timestamp ended_at;
  double seconds = 0.0;     ///< its length
  double cpu_seconds = 0.0; ///< used in it
  double capacity = 0.0;    ///< what the processors have in it
};

/// For CPU use to be called sustained.
inline constexpr std::chrono::minutes sustained{15};

/// At each span the share of the processors that was used in the `sustained`
/// time before its end. Time of which nothing is on record counts as idle.
/// @param spans ascending by end
std::vector<observation> sustained_cpu(std::span<const cpu_span> spans);

} // namespace banksia::levels
