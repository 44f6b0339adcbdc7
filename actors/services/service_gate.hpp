#pragma once

/// The queue before a service's bridge: how long jobs wait there, and which are
/// not taken. One service's slowness so stays its own.

#include "runtime/http/message.hpp"
#include "runtime/resilience/queue_watch.hpp"
#include "runtime/telemetry/metrics.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace banksia {

/// Elapsed time of a monotonic clock.
using elapsed_clock = std::function<std::chrono::steady_clock::time_point()>;

class service_gate;

/// A job's place in the queue. It is given up with the last copy, so that jobs
/// that fell with their bridge do not count as waiting for ever. Any thread.
class queue_place {
public:
  queue_place(std::shared_ptr<service_gate> at, queue_watch::place number)
    : gate_(std::move(at)), number_(number) {}
  ~queue_place();
  queue_place(const queue_place&) = delete;
  queue_place& operator=(const queue_place&) = delete;

  /// The job comes up. False when its deadline has passed: it must not be done.
  bool begin(std::chrono::steady_clock::time_point deadline);

private:
  std::shared_ptr<service_gate> gate_;
  queue_watch::place number_;
  bool has_begun_ = false;
};

/// Thread-safe.
class service_gate : public std::enable_shared_from_this<service_gate> {
public:
  /// @param service as metrics and problems name it ("data")
  service_gate(std::string service, queue_rule rule, elapsed_clock clock,
               telemetry::metrics& series);

  /// A place in the queue, or null and why not in `refusal`: 503 with
  /// Retry-After.
  std::shared_ptr<queue_place> enter(http::response& refusal);

  /// Why the service refuses jobs now; empty while it takes them.
  std::string trouble() const;

private:
  friend class queue_place;

  bool begin(queue_watch::place number,
             std::chrono::steady_clock::time_point deadline);
  void abandon(queue_watch::place number);

  const std::string service_;
  const elapsed_clock clock_;
  mutable std::mutex mutex_; ///< guards the queue
  queue_watch queue_;
  telemetry::histogram waited_;
  telemetry::counter full_;
  telemetry::counter standing_;
  telemetry::counter late_;
};

/// The gates of a node's services, made as routes ask for them. Thread-safe.
class service_gates {
public:
  /// The gate of a service, the same each time; the first call settles its
  /// rule and clock.
  std::shared_ptr<service_gate> of(const std::string& service, queue_rule rule,
                                   const elapsed_clock& clock,
                                   telemetry::metrics& series);

  /// Of all services, why they refuse jobs; empty when none does.
  std::string trouble() const;

private:
  mutable std::mutex mutex_; ///< guards the table
  std::map<std::string, std::shared_ptr<service_gate>> known_;
};

} // namespace banksia
