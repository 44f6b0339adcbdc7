#pragma once

/// The HTTP services of a node: prediction, evaluation, ml, data, and the dashboard
/// that is also the gateway to the others.

#include "actors/feeds/feed_board.hpp"
#include "actors/listings/roster.hpp"
#include "actors/run_plan.hpp"
#include "actors/services/core_view.hpp"
#include "actors/services/dependency.hpp"
#include "actors/services/roles.hpp"
#include "actors/store/queries.hpp"
#include "runtime/http/server.hpp"
#include "runtime/resilience/queue_watch.hpp"
#include "runtime/supervision/child_spec.hpp"
#include "runtime/supervision/directory.hpp"
#include "runtime/supervision/probe.hpp"
#include "runtime/telemetry/metrics.hpp"

#include <caf/fwd.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

/// The plan that a stored prediction was made with: that of its run, with the
/// configuration of then. Runs on a detached actor, so it may block; what it
/// throws becomes a problem.
using stored_plan_function = std::function<shared_plan(
  store::queries&, const store::stored_prediction&)>;

/// What a client may send and how long all may take, as `http::server_options`
/// has it.
struct request_bounds {
  std::size_t connections_max = 1024;
  std::size_t header_bytes_max = 8 * 1024;
  std::size_t body_bytes_max = 1024 * 1024;
  std::chrono::milliseconds idle_timeout{30'000};
  std::chrono::milliseconds read_timeout{10'000};
  std::chrono::milliseconds answer_timeout{30'000};
};

struct service_setup {
  caf::actor_system* system = nullptr; ///< outlives the services
  directory* names = nullptr;          ///< outlives the services
  std::shared_ptr<probe_board> probes;
  shared_plan plan;
  /// What is followed, where that may change; null: the plan's symbols.
  std::shared_ptr<const roster> listed = {};
  /// Why the node can give no prices of a symbol; empty: it always can.
  std::function<std::optional<std::string>(const std::string&)> no_prices_of
    = {};
  /// The wall clock, for when something came; empty: nothing is changed.
  std::function<timestamp()> wall = {};
  std::filesystem::path database;
  std::string bind_address = "127.0.0.1"; ///< an IP address
  std::uint16_t prediction_port = 8001; ///< 0: any free one, as all four
  std::uint16_t evaluation_port = 8002;
  /// None: the gateway alone has these routes.
  std::optional<std::uint16_t> ml_port = {};
  std::uint16_t data_port = 8004;
  std::uint16_t dashboard_port = 8080;
  std::filesystem::path models = {}; ///< the registry; empty: no models here
  bool trains = false; ///< there is a trainer, whose health counts
  double flat_band = 0.43; ///< as models are trained with
  std::string token; ///< of the operator; empty: nothing can be changed
  std::vector<std::string> allowed_hosts = {}; ///< as `http::access_rules`
  http::access_rules access = {}; ///< beside these two
  http::admission_limits limits = {};
  std::size_t connections_per_client = 0; ///< as `http::server_options`
  std::optional<http::tls_files> tls = {}; ///< nothing: plain HTTP
  /// Keeps a line about each request to change something, before it is
  /// answered; empty: nobody does. Needs `wall`.
  std::function<void(const std::string& line)> audit = {};
  std::string clock_name = "live"; ///< or "accelerated"
  double clock_speed = 1.0;        ///< market seconds a wall second
  std::string version = "unknown"; ///< of the program
  /// Between two records of what the services did (elapsed).
  std::chrono::seconds sample_every{60};
  /// Empty: `/predictions/{id}/explain` gives factors, and recomputes nothing.
  stored_plan_function stored_plan = {};
  std::string build = {}; ///< as stored with predictions (`build_text`)
  /// Of the services' supervisor: told of each event, and when it gives up.
  std::function<void(const supervision_event&)> report = {};
  std::function<void(const std::string& reason)> give_up = {};
  std::uint32_t intensity = 5; ///< restarts of its children within 30 s
  /// Why no model can forecast although it should; empty: one may.
  std::string models_away = {};
  /// Feeds that the node may have; those that were started are watched.
  std::vector<std::string> feed_paths
    = {"feed/prices/simulator", "feed/prices/store", "feed/prices/live"};
  /// What sources of the outside world say of themselves; null without any.
  std::shared_ptr<feed_board> feeds = {};
  /// What this process has of the node: listeners of its services alone.
  role_set roles = role_set::all();
  /// Whether the core is reached, where another process is it; null: this one.
  std::shared_ptr<const core_view> core = {};
  /// Of the core without a dashboard, for its probes and metrics.
  std::uint16_t core_port = 8005;
  /// Of the samples that are about this process as a whole.
  std::string process_name = "node";
  queue_rule queues = {}; ///< of jobs that wait for one service
  dependency::rule parts = {}; ///< of what the services ask
  request_bounds bounds = {};
};

/// The bridge that answers what each listener of the process has: the
/// dashboard's, else of its first service, else `api/core`.
std::string_view common_bridge(const service_setup& setup);

/// The health component that this bridge is.
std::string own_component(const service_setup& setup);

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

  /// Where the services listen, by name; empty before a successful `start`.
  const std::map<std::string, std::uint16_t>& ports() const noexcept;

  /// Ends event streams, waits for answers under way up to `grace`, then ends
  /// the actors. Afterwards the object cannot be started again.
  void stop(std::chrono::milliseconds grace = std::chrono::seconds{5});

  telemetry::metrics& metrics() noexcept;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace banksia
