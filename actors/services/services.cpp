#include "actors/services/services.hpp"

#include "actors/services/audit.hpp"
#include "actors/services/descriptions.hpp"
#include "actors/services/health.hpp"
#include "actors/services/health_relay.hpp"
#include "actors/services/node_metrics.hpp"
#include "actors/services/routes.hpp"
#include "actors/services/sampler.hpp"
#include "actors/services/scopes.hpp"
#include "runtime/http/server.hpp"
#include "runtime/supervision/supervisor.hpp"

#include <array>
#include <initializer_list>

namespace banksia {

namespace {

constexpr std::chrono::seconds start_limit{10};
constexpr std::chrono::seconds stop_limit{5};

/// Handlers only hand over; two threads are plenty.
constexpr unsigned http_threads = 2;

/// One child of `api`.
template <class F>
child_spec child(const shared_context& context, std::string_view path,
                 placement where, F fun) {
  child_spec spec;
  spec.slot = context->setup.names->slot(std::string{path});
  spec.backoff = backoff_rule::usual();
  spec.start = [=](caf::actor_system& system, std::shared_ptr<probe> watched) {
    return caf::actor_cast<caf::actor>(
      spawn_at(system, where, fun, std::move(watched), context));
  };
  return spec;
}

/// The services of a process, in the order of starting; each has a bridge and
/// a listener.
struct offered_service {
  node_role role;
  std::string_view bridge;
};

constexpr std::array<offered_service, 5> all_services{{
  {node_role::prediction, prediction_bridge},
  {node_role::evaluation, evaluation_bridge},
  {node_role::ml, ml_bridge},
  {node_role::data, data_bridge},
  {node_role::dashboard, dashboard_bridge},
}};

/// The bridge of a core that offers nothing but its probes and metrics.
constexpr std::string_view core_bridge = "api/core";

/// The services' actors, in the order of starting.
std::vector<child_spec> service_tree(const shared_context& context) {
  const auto& setup = context->setup;
  std::vector<child_spec> result;
  // api, one_for_one:
  // ├─ api/<service>: the gateway has the routes of all
  for (const auto& x : all_services)
    if (setup.roles.has(x.role) || setup.roles.has(node_role::dashboard))
      result.push_back(child(context, x.bridge, placement::detached, bridge));
  if (result.empty())
    result.push_back(child(context, core_bridge, placement::detached, bridge));
  // ├─ health: asks the ones above too
  result.push_back(
    setup.core ? child(context, "health", placement::pooled, health_relay)
               : child(context, "health", placement::pooled, health_monitor));
  // ├─ api/events
  if (setup.roles.has(node_role::dashboard))
    result.push_back(
      child(context, "api/events", placement::pooled, event_follower));
  // ├─ api/heartbeat
  result.push_back(
    child(context, "api/heartbeat", placement::pooled, heartbeat));
  // └─ api/sampler
  result.push_back(child(context, "api/sampler", placement::pooled, sampler));
  return result;
}

} // namespace

struct services::impl {
  explicit impl(service_setup setup)
    : context(std::make_shared<service_context>(std::move(setup))) {}

  shared_context context;
  std::unique_ptr<http::server> server;
  caf::actor supervisor;
  std::map<std::string, std::uint16_t> ports;

  void start_actors();
  std::optional<std::string> listen();
  std::optional<std::string> listen_at(const std::string& service,
                                       std::uint16_t wanted,
                                       http::router routes);
  void stop(std::chrono::milliseconds grace);
};

void services::impl::start_actors() {
  supervisor_options options;
  options.path = "api";
  options.report = context->setup.report;
  options.intensity = context->setup.intensity;
  options.give_up = context->setup.give_up;
  supervisor = start_supervisor(*context->setup.system, context->setup.probes,
                                service_tree(context), std::move(options));
  // A node too busy for that serves 503 until its actors run.
  await_ready(*context->setup.system, supervisor, start_limit);
}

std::optional<std::string>
services::impl::listen_at(const std::string& service, std::uint16_t wanted,
                          http::router routes) {
  add_common_routes(routes, context, service);
  set_scopes(routes);
  add_document_routes(routes.with(service_schemas()), context, service);
  auto port = server->start({service, context->setup.bind_address, wanted,
                             service + "_port"},
                            std::move(routes));
  if (!port)
    return port.error();
  ports[service] = *port;
  return std::nullopt;
}

std::optional<std::string> services::impl::listen() {
  const auto& setup = context->setup;
  using adder = void (*)(http::router&, const shared_context&);
  std::optional<std::string> error;
  auto offer = [&](node_role role, std::optional<std::uint16_t> port,
                   std::initializer_list<adder> parts) {
    if (error || !setup.roles.has(role) || !port)
      return;
    http::router routes;
    for (auto add : parts)
      add(routes, context);
    error = listen_at(std::string{to_string(role)}, *port, std::move(routes));
  };
  offer(node_role::prediction, setup.prediction_port, {add_prediction_routes});
  offer(node_role::evaluation, setup.evaluation_port, {add_evaluation_routes});
  offer(node_role::ml, setup.ml_port, {add_ml_routes});
  offer(node_role::data, setup.data_port, {add_data_routes});
  offer(node_role::dashboard, setup.dashboard_port,
        {add_dashboard_routes, add_service_level_routes, add_prediction_routes,
         add_evaluation_routes, add_ml_routes, add_data_routes});
  // The dashboard shows the whole node's probes and metrics, where there is one.
  if (!setup.roles.has(node_role::dashboard))
    offer(node_role::core, setup.core_port, {});
  return error;
}

void services::impl::stop(std::chrono::milliseconds grace) {
  if (server)
    server->stop(grace);
  server.reset();
  context->events.clear();
  if (supervisor)
    stop_tree(*context->setup.system, supervisor, stop_limit);
  supervisor = nullptr;
  ports.clear();
}

std::string_view common_bridge(const service_setup& setup) {
  if (setup.roles.has(node_role::dashboard))
    return dashboard_bridge;
  for (const auto& x : all_services)
    if (setup.roles.has(x.role))
      return x.bridge;
  return core_bridge;
}

std::string own_component(const service_setup& setup) {
  auto path = common_bridge(setup);
  return std::string{path.substr(path.find('/') + 1)};
}

services::services(service_setup setup)
  : impl_(std::make_unique<impl>(std::move(setup))) {
  add_node_metrics(*impl_->context);
  observe_queries(impl_->context);
  // The metrics are a part of the context.
  impl_->context->metrics.before_render([x = impl_->context.get()] {
    x->parts.show(x->metrics, x->elapsed());
  });
}

services::~services() {
  stop(std::chrono::milliseconds{200});
}

std::optional<std::string> services::start() {
  const auto& setup = impl_->context->setup;
  http::server_options options;
  options.rules = setup.access;
  options.rules.token = setup.token;
  for (const auto& host : setup.allowed_hosts)
    options.rules.allowed_hosts.push_back(host);
  options.limits = setup.limits;
  options.connections_per_client = setup.connections_per_client;
  options.connections_max = setup.bounds.connections_max;
  options.header_bytes_max = setup.bounds.header_bytes_max;
  options.body_bytes_max = setup.bounds.body_bytes_max;
  options.idle_timeout = setup.bounds.idle_timeout;
  options.read_timeout = setup.bounds.read_timeout;
  options.answer_timeout = setup.bounds.answer_timeout;
  options.tls = setup.tls;
  if (setup.audit && setup.wall)
    options.audit = [context = impl_->context](const http::audited& x) {
      context->setup.audit(audit_line(x, context->setup.wall()));
    };
  options.threads = http_threads;
  options.spans = setup.probes->spans;
  options.observer = request_observer(impl_->context);
  impl_->server = std::make_unique<http::server>(std::move(options));
  impl_->start_actors();
  auto error = impl_->listen();
  if (error)
    impl_->stop(std::chrono::milliseconds{0});
  return error;
}

void services::set_ready(bool ready) {
  impl_->context->ready.store(ready);
}

void services::set_draining() {
  impl_->context->draining.store(true);
}

const std::map<std::string, std::uint16_t>&
services::ports() const noexcept {
  return impl_->ports;
}

void services::stop(std::chrono::milliseconds grace) {
  impl_->stop(grace);
}

telemetry::metrics& services::metrics() noexcept {
  return impl_->context->metrics;
}

} // namespace banksia
