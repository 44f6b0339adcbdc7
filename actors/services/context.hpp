#pragma once

/// What all handlers of the services share. Made once; every member is either
/// immutable after the start or thread-safe.

#include "actors/services/dependency.hpp"
#include "actors/services/event_relay.hpp"
#include "actors/services/health_board.hpp"
#include "actors/services/service_gate.hpp"
#include "actors/services/service_meter.hpp"
#include "actors/services/services.hpp"

#include <atomic>

namespace banksia {

struct service_context {
  explicit service_context(service_setup with = {})
    : setup(std::move(with)), parts(setup.parts) {}

  service_setup setup;
  telemetry::metrics metrics;
  health_board health;
  event_relay events;
  service_meter meter;
  /// Elapsed time, of which requests have their deadlines.
  elapsed_clock elapsed = [] { return std::chrono::steady_clock::now(); };
  dependencies parts;
  service_gates gates;
  /// When an actor of the scheduler's pool last ran, `monotonic_ns`; 0: never.
  std::atomic<std::uint64_t> heartbeat_ns{0};
  std::atomic<bool> ready{false};
  std::atomic<bool> draining{false};
};

using shared_context = std::shared_ptr<service_context>;

} // namespace banksia
