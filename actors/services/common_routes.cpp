#include "actors/services/descriptions.hpp"
#include "actors/services/node_metrics.hpp"
#include "actors/services/problem_types.hpp"
#include "actors/services/routes.hpp"
#include "actors/store/writer.hpp"

#include <boost/json/array.hpp>

namespace banksia {

namespace {

namespace json = boost::json;

/// A heartbeat this old means that the scheduler's threads do not run.
constexpr std::uint64_t heartbeat_ns_max = 2'000'000'000;

/// As `application/health+json` (draft-inadarei-api-health-check) calls it.
std::string_view check_word(health_state x) {
  switch (x) {
    case health_state::healthy:
      return "pass";
    case health_state::degraded:
      return "warn";
    default:
      return "fail";
  }
}

/// `checks` of that draft: a component's checks, of which there is one. `status`
/// of the whole stays our word, which scripts read.
json::object checks_of(const std::vector<component_health>& components) {
  json::object result;
  for (const auto& x : components) {
    json::object check{{"componentType", "component"},
                       {"status", check_word(x.state)}};
    if (!x.reason.empty())
      check["output"] = x.reason;
    result[x.component] = json::array{std::move(check)};
  }
  return result;
}

/// 503 for UNHEALTHY, with the same body: a probe reads the status alone, a
/// person the reasons. `age_seconds` is that of the round of questions behind it.
http::response health_response(const service_context& context,
                               std::vector<component_health> components,
                               const std::string& service,
                               const std::function<void(json::object&)>&
                                 further = {}) {
  auto body = health_json(components);
  body["service"] = service;
  body["checks"] = checks_of(components);
  if (auto age = context.health.age_seconds(monotonic_ns())) {
    body["age_seconds"] = *age;
    // All are asked in one round.
    for (auto& x : body["components"].as_array())
      x.as_object()["age_seconds"] = *age;
  }
  if (further)
    further(body);
  auto is_down = overall(components) == health_state::unhealthy;
  auto answer = http::json_response(body, is_down ? 503 : 200);
  answer.content_type = "application/health+json";
  return answer;
}

/// `changes[]`, newest first, each with how long ago it was.
http::response health_history(const service_context& context) {
  auto now = monotonic_ns();
  json::array changes;
  for (const auto& x : context.health.history())
    changes.push_back(json::object{
      {"component", x.component},
      {"from", to_string(x.from)},
      {"to", to_string(x.to)},
      {"reason", x.reason},
      {"seconds_ago", static_cast<double>(now - x.at_ns) / 1e9}});
  return http::json_response(json::object{{"changes", std::move(changes)}});
}

http::response liveness(const service_context& context) {
  auto last = context.heartbeat_ns.load();
  auto now = monotonic_ns();
  auto age = last == 0 || now < last ? 0 : now - last;
  if (last == 0 || age > heartbeat_ns_max)
    return http::problem(problems::not_alive,
                         last == 0 ? "no heartbeat yet"
                                   : "the scheduler's threads do not run");
  json::object body{{"alive", true},
                    {"heartbeat_age_seconds", static_cast<double>(age) / 1e9}};
  return http::json_response(body);
}

/// Why the node must get no requests; empty when it may.
json::array unready_reasons(const service_context& context) {
  json::array reasons;
  if (context.draining.load())
    reasons.emplace_back("the node is draining");
  else if (!context.ready.load())
    reasons.emplace_back("the node is starting");
  if (auto why = context.setup.core ? context.setup.core->trouble()
                                    : std::nullopt) {
    reasons.emplace_back("core: " + *why);
    return reasons; // the rest is unknown
  }
  for (auto name : {"scheduler", "database"}) {
    auto x = context.health.component(name, monotonic_ns());
    if (x.state == health_state::unhealthy)
      reasons.emplace_back(std::string{name} + ": " + x.reason);
  }
  return reasons;
}

http::response readiness(const service_context& context) {
  auto reasons = unready_reasons(context);
  if (reasons.empty())
    return http::json_response(json::object{{"ready", true}});
  return http::problem(problems::not_ready, "not ready",
                       {{"ready", false}, {"reasons", std::move(reasons)}});
}

/// A handler that needs nothing but the context.
template <class F>
http::handler at_once(const shared_context& context, F make) {
  return [context, make](const http::request&, const http::responder& reply) {
    reply(make(*context));
  };
}

} // namespace

http::handler component_handler(const shared_context& context,
                                std::string service,
                                std::vector<std::string> components,
                                std::function<void(json::object&)> further) {
  return at_once(context, [=](const service_context& x) {
    std::vector<component_health> own;
    for (const auto& name : components)
      own.push_back(x.health.component(name, monotonic_ns()));
    return health_response(x, std::move(own), service, further);
  });
}

http::handler while_storing(const shared_context& context,
                            http::handler next) {
  return [context, next = std::move(next)](const http::request& what,
                                           const http::responder& reply) {
    auto database = context->health.component("database", monotonic_ns());
    if (database.reason.starts_with(nothing_is_stored))
      reply(http::problem(problems::insufficient_storage,
                          database.reason + ": make room, then try again"));
    else
      next(what, reply);
  };
}

bool is_ready(const service_context& context) {
  return unready_reasons(context).empty();
}

bool is_degraded(const service_context& context) {
  return context.health.component("database", monotonic_ns()).state
         != health_state::healthy;
}

void add_common_routes(http::router& into, const shared_context& context,
                       const std::string& service) {
  constexpr auto tag = "node";
  auto probe = [&](std::string_view summary, std::string_view shape) {
    auto result = reading(tag, summary, shape);
    result.is_volatile = true;
    return result;
  };
  auto series = showing(tag, "Series for Prometheus", "text/plain");
  series.answers.front().other_media = {"application/openmetrics-text"};
  into
    .get("/livez", at_once(context, liveness),
         probe("Whether the process should go on", "Liveness"))
    .get("/readyz", at_once(context, readiness),
         probe("Whether it should get requests", "Readiness"))
    .get("/health",
         at_once(context,
                 [service](const service_context& x) {
                   return health_response(x, x.health.components(monotonic_ns()),
                                          service);
                 }),
         probing(tag, "How its components are", "Health"))
    .get("/health/history", at_once(context, health_history),
         probe("How they changed, newest first", "HealthHistory"))
    // One bridge counts for all listeners, so that a scrape of each reads the
    // store once.
    .get("/metrics",
         on_bridge(context, common_bridge(context->setup),
                   [service](bridge_self* self, const http::request& what) {
                     return metrics_response(self, service, what);
                   }),
         std::move(series));
}

} // namespace banksia
