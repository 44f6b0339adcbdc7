#include "actors/services/services.hpp"

#include "actors/services/audit.hpp"
#include "actors/services/descriptions.hpp"
#include "actors/services/health.hpp"
#include "actors/services/node_metrics.hpp"
#include "actors/services/routes.hpp"
#include "actors/services/sampler.hpp"
#include "actors/services/scopes.hpp"
#include "runtime/http/server.hpp"
#include "runtime/supervision/supervisor.hpp"

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

/// The services' actors, in the order of starting.
std::vector<child_spec> service_tree(const shared_context& context) {
  return {
    // api, one_for_one:
    // ├─ api/<service>
    child(context, prediction_bridge, placement::detached, bridge),
    child(context, evaluation_bridge, placement::detached, bridge),
    child(context, ml_bridge, placement::detached, bridge),
    child(context, data_bridge, placement::detached, bridge),
    child(context, dashboard_bridge, placement::detached, bridge),
    // ├─ health: asks the ones above too
    child(context, "health", placement::pooled, health_monitor),
    // ├─ api/events
    child(context, "api/events", placement::pooled, event_follower),
    // ├─ api/heartbeat
    child(context, "api/heartbeat", placement::pooled, heartbeat),
    // └─ api/sampler
    child(context, "api/sampler", placement::pooled, sampler),
  };
}

} // namespace

struct services::impl {
  shared_context context = std::make_shared<service_context>();
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
  http::router prediction;
  add_prediction_routes(prediction, context);
  http::router evaluation;
  add_evaluation_routes(evaluation, context);
  http::router ml;
  add_ml_routes(ml, context);
  http::router data;
  add_data_routes(data, context);
  http::router gateway;
  add_dashboard_routes(gateway, context);
  add_service_level_routes(gateway, context);
  add_prediction_routes(gateway, context);
  add_evaluation_routes(gateway, context);
  add_ml_routes(gateway, context);
  add_data_routes(gateway, context);
  auto error = listen_at("prediction", setup.prediction_port,
                  std::move(prediction));
  if (!error)
    error = listen_at("evaluation", setup.evaluation_port,
                      std::move(evaluation));
  if (!error && setup.ml_port)
    error = listen_at("ml", *setup.ml_port, std::move(ml));
  if (!error)
    error = listen_at("data", setup.data_port,
                      std::move(data));
  if (!error)
    error = listen_at("dashboard", setup.dashboard_port,
                      std::move(gateway));
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

services::services(service_setup setup) : impl_(std::make_unique<impl>()) {
  impl_->context->setup = std::move(setup);
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
  options.tls = setup.tls;
  if (setup.audit && setup.wall)
    options.audit = [context = impl_->context](const http::audited& x) {
      context->setup.audit(audit_line(x, context->setup.wall()));
    };
  options.threads = http_threads;
  options.observer = [context = impl_->context](const http::served& x) {
    observe_request(*context, x);
  };
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
