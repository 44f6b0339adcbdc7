#pragma once

/// The HTTP services of a node: prediction, evaluation, data, and the dashboard
/// that is also the gateway to the others.

#include "actors/run_plan.hpp"
#include "actors/store/queries.hpp"
#include "runtime/supervision/directory.hpp"
#include "runtime/supervision/probe.hpp"
#include "runtime/telemetry/metrics.hpp"

#include <boost/json/object.hpp>
#include <caf/fwd.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace banksia {

/// A port a service; 0: any free one.
struct service_ports {
  std::uint16_t prediction = 8001;
  std::uint16_t evaluation = 8002;
  std::uint16_t data = 8004;
  std::uint16_t dashboard = 8080;
};

/// Recomputes a stored prediction; its members enter the answer of
/// `/predictions/{id}/explain` ("identical", "different_build", …). Runs on a
/// detached actor, so it may block; throws `storage::storage_error`.
using recompute_function = std::function<boost::json::object(
  storage::database&, const store::stored_prediction&)>;

struct service_setup {
  caf::actor_system* system = nullptr; ///< outlives the services
  directory* names = nullptr;          ///< outlives the services
  std::shared_ptr<probe_board> probes;
  shared_plan plan;
  std::filesystem::path database;
  std::string bind_address = "127.0.0.1"; ///< an IP address
  service_ports ports;
  std::string token; ///< of the operator; empty: nothing can be changed
  std::vector<std::string> allowed_hosts = {}; ///< as `http::access_rules`
  std::string clock_name = "live"; ///< or "accelerated"
  double clock_speed = 1.0;        ///< market seconds a wall second
  std::string version = "unknown"; ///< of the program
  recompute_function recompute = {}; ///< empty: explain gives factors only
  /// Price feeds that the node may have; those that were started are watched.
  std::vector<std::string> feed_paths
    = {"feed/prices/simulator", "feed/prices/store"};
};

/// Runs from `start` until `stop`; both for one thread. Its actors have a
/// supervisor of their own (`api`) beside the node's tree, which they reach by
/// name, so either may restart without the other.
class services {
public:
  explicit services(service_setup setup);
  ~services(); ///< stops with a short grace
  services(const services&) = delete;
  services& operator=(const services&) = delete;

  /// Starts actors and listeners. Returns what went wrong: where: what to do;
  /// nothing stays open then.
  std::optional<std::string> start();

  /// Whether the node is ready: `/readyz` answers 503 until somebody says so.
  void set_ready(bool ready);

  /// From now on `/readyz` answers 503, so that a balancer looks elsewhere.
  void set_draining();

  /// Where the services listen; meaningful after a successful `start`.
  service_ports ports() const noexcept;

  /// Ends event streams, waits for answers under way up to `grace`, then ends
  /// the actors. Afterwards the object cannot be started again.
  void stop(std::chrono::milliseconds grace = std::chrono::seconds{5});

  telemetry::metrics& metrics() noexcept;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace banksia
