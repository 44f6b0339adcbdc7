#pragma once

/// What a supervisor is told of its children, by OTP's terms
/// (https://www.erlang.org/doc/man/supervisor.html).

#include "runtime/resilience/backoff.hpp"
#include "runtime/supervision/probe.hpp"
#include "runtime/supervision/ref.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

/// When a child that has ended is started again.
enum class restart_type : std::uint8_t {
  permanent, ///< always
  transient, ///< unless it ended normally or by a shutdown
  temporary, ///< never; its spec goes with it
};

/// Who is restarted with a child.
enum class strategy : std::uint8_t {
  one_for_one,  ///< nobody
  one_for_all,  ///< all its siblings
  rest_for_one, ///< those that were started after it
  /// Nobody; children come and go, each with a restart budget of its own. One
  /// that exhausts it is parked and retried each `park_pause`.
  dynamic,
};

/// Whether a supervisor ends when its significant children have ended by
/// themselves.
enum class auto_shutdown : std::uint8_t {
  never,
  any_significant, ///< when one has
  all_significant, ///< when the last one has
};

std::string_view to_string(restart_type x) noexcept;
std::string_view to_string(strategy x) noexcept;

/// How a child is stopped.
struct shutdown_rule {
  enum class kind : std::uint8_t {
    kill,     ///< at once, without being asked
    timeout,  ///< asked, killed after `limit`
    infinity, ///< asked and waited for; for supervisors
  };

  kind how = kind::timeout;
  std::chrono::milliseconds limit{5000};

  static shutdown_rule kill() { return {kind::kill, {}}; }
  static shutdown_rule after(std::chrono::milliseconds limit) {
    return {kind::timeout, limit};
  }
  static shutdown_rule infinity() { return {kind::infinity, {}}; }
};

/// Starts a child; runs again at each restart, so everything it needs must be
/// captured by value. A null handle means *ignore*: nothing to run now. An
/// exception is a failed start.
using start_function
  = std::function<caf::actor(caf::actor_system&, std::shared_ptr<probe>)>;

struct child_spec {
  std::shared_ptr<actor_slot> slot; ///< its name
  start_function start;
  restart_type restart = restart_type::permanent;
  shutdown_rule shutdown{};
  backoff_rule backoff{};
  /// Its end by itself counts for `auto_shutdown`; never of a permanent one.
  bool significant = false;
  bool is_supervisor = false; ///< for counting
  /// Elapsed time until it says *ready*; then its start has failed.
  std::chrono::milliseconds ready_limit{30'000};

  const std::string& path() const { return slot->path(); }
};

/// What a supervisor has seen; one report.
struct supervision_event {
  std::string supervisor;
  std::string child;
  std::uint64_t generation = 0;
  /// progress, child_terminated, restarted, backoff, escalated, shutdown
  std::string event;
  std::string reason;
  std::string strategy;
  std::uint32_t restarts_in_period = 0;
  std::chrono::milliseconds pause{0}; ///< of a backoff
  std::string last_message;           ///< type of what the child handled last
  std::string trace;                  ///< of the message that killed it
  std::uint64_t mailbox = 0;          ///< messages waiting when last counted
  std::vector<std::string> ancestors; ///< supervisors, the nearest first
};

/// A supervisor's rules.
struct supervisor_options {
  std::string path = "root";
  strategy how = strategy::one_for_one;
  std::uint32_t intensity = 5;     ///< restarts allowed …
  std::chrono::milliseconds period{30'000}; ///< … in this time
  auto_shutdown when = auto_shutdown::never;
  /// Dynamic: when a parked child is tried again.
  std::chrono::milliseconds park_pause{60'000};
  std::uint64_t seed = 0; ///< of the jitter
  std::vector<std::string> ancestors; ///< the nearest first
  /// Told of each event; called on the supervisor's thread.
  std::function<void(const supervision_event&)> report;
  /// Called when it gave up, after all children were stopped; of the root.
  std::function<void(const std::string& reason)> give_up;
};

/// What is wrong with these; nothing when a supervisor may be started with
/// them. Checked before anything starts.
std::optional<std::string> problem_of(const supervisor_options& options,
                                      std::span<const child_spec> children);

} // namespace banksia
