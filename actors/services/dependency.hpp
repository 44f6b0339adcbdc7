#pragma once

/// The parts of a node that the services ask. Each has a breaker, a bound on
/// how many may wait for it, and a budget of second tries, so that one that is
/// away costs its own callers little and others nothing.

#include "runtime/resilience/circuit_breaker.hpp"
#include "runtime/resilience/retry_budget.hpp"
#include "runtime/telemetry/metrics.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace banksia {

class dependency;

/// One question that a part has. Without a result it says nothing of the part
/// when it goes. Any thread; ended once.
class part_call {
public:
  part_call(dependency& of, circuit_breaker::permit permit)
    : part_(&of), permit_(permit) {}
  ~part_call();
  part_call(const part_call&) = delete;
  part_call& operator=(const part_call&) = delete;

  void succeeded(std::chrono::steady_clock::time_point now);
  void failed(std::chrono::steady_clock::time_point now,
              std::string_view reason);

private:
  dependency* part_;
  circuit_breaker::permit permit_;
  bool is_over_ = false;
};

/// Why a part is not asked.
struct part_refusal {
  bool is_failing = false; ///< else: too many wait for it
  std::chrono::milliseconds retry_after{1000};
  std::string reason; ///< of the last failure
};

/// Thread-safe. Outlives its calls.
class dependency {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// When it is left alone.
  struct rule {
    std::size_t waiting_max = 64;
    breaker_rule breaker{10, 3, 0.5, std::chrono::milliseconds{5000}, 1};
  };

  /// @param name as metrics and problems name it
  /// @param component of the health report, which an open breaker degrades
  /// @param patience for one answer, at most
  dependency(std::string_view name, std::string_view component,
             std::chrono::milliseconds patience, const rule& of);

  const std::string& name() const noexcept { return name_; }
  const std::string& component() const noexcept { return component_; }
  std::chrono::milliseconds patience() const noexcept { return patience_; }

  /// The right to ask, or null and why not in `why`.
  std::shared_ptr<part_call> begin(time_point now, part_refusal& why);

  /// Whether a question that did not reach the part may be asked again.
  bool take_retry();

  breaker_state state(time_point now) const;

  /// Why it is not asked now; empty while it is.
  std::string trouble(time_point now) const;

private:
  friend class part_call;

  const std::string name_;
  const std::string component_;
  const std::chrono::milliseconds patience_;
  const std::size_t waiting_max_;
  mutable std::mutex mutex_; ///< guards what follows
  circuit_breaker breaker_;
  retry_budget retries_;
  std::size_t waiting_ = 0;
};

/// Those of one node, by the name of the actor or what stands behind it.
struct dependencies {
  using seconds = std::chrono::seconds;

  explicit dependencies(const dependency::rule& of = {}) : rule(of) {}

  const dependency::rule rule; ///< of each
  dependency scheduler{"scheduler", "scheduler", seconds{2}, rule};
  dependency evaluator{"evaluator", "outcome_evaluator", seconds{5}, rule};
  dependency trainer{"trainer", "ml_trainer", seconds{5}, rule};
  /// The trainer, for an order to be on disk; the store has its own limit.
  dependency orders{"orders", "ml_trainer", seconds{20}, rule};
  /// The gate answers well before.
  dependency models{"models", "prediction_engine", seconds{10}, rule};
  /// Waits for a change to be on disk; the store has its own limit.
  dependency listings{"listings", "symbols", seconds{20}, rule};
  /// The database, which every service reads with a connection of its own.
  dependency store{"store", "database", seconds{5}, rule};

  std::array<const dependency*, 7> all() const noexcept {
    return {&scheduler, &evaluator, &trainer, &orders,
            &models,    &listings,  &store};
  }

  /// `banksia_dependency_state` of each.
  void show(telemetry::metrics& into, dependency::time_point now) const;
};

} // namespace banksia
