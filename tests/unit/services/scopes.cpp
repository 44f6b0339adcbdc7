#define CAF_SUITE services_scopes
#include "actors/services/audit.hpp"
#include "actors/services/routes.hpp"
#include "actors/services/scopes.hpp"
#include "messages/ids.hpp"
#include "runtime/http/admission.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/parse.hpp>

#include <map>

using namespace banksia;
using http::route_access;

namespace {

/// The routes of each listener, as `services` puts them together.
std::map<std::string, http::router> all_routes() {
  static directory names;
  auto context = std::make_shared<service_context>();
  context->setup.names = &names;
  std::map<std::string, http::router> result;
  using add = void (*)(http::router&, const shared_context&);
  for (auto [service, fill] :
       {std::pair<const char*, add>{"prediction", add_prediction_routes},
        {"evaluation", add_evaluation_routes},
        {"ml", add_ml_routes},
        {"data", add_data_routes},
        {"dashboard", add_dashboard_routes}}) {
    fill(result[service], context);
    if (result.size() > 0 && std::string_view{service} != "dashboard")
      fill(result["gateway"], context);
  }
  for (auto& [service, routes] : result) {
    if (service != "gateway")
      add_common_routes(routes, context, service);
    set_scopes(routes);
  }
  return result;
}

const std::string secrets[]{"r", "o", "a"};

http::access_rules rules(bool reading_is_free) {
  http::access_rules result;
  result.reading_is_free = reading_is_free;
  result.tokens = {{"reader", route_access::read, sha256_hex("r")},
                   {"worker", route_access::operate, sha256_hex("o")},
                   {"chief", route_access::admin, sha256_hex("a")}};
  return result;
}

int status(const http::route& to, const std::string& secret,
           bool reading_is_free = false) {
  http::request what;
  what.method = to.method;
  what.segments = {"x"};
  what.remote = "198.51.100.9:1";
  what.headers = {{"Host", "localhost"}};
  if (!secret.empty())
    what.headers.emplace_back("Authorization", "Bearer " + secret);
  http::admission door{rules(reading_is_free), {}};
  auto refused
    = door.judge(what, {&to, "", {}}, {"127.0.0.1", 1}, {}).refusal;
  return refused ? refused->status : 0;
}

/// Said again here, so that a route that is opened by mistake is noticed.
route_access expected(const http::route& x) {
  if (x.method == http::method::get)
    return x.pattern == "/livez" || x.pattern == "/readyz" ? route_access::open
                                                           : route_access::read;
  if (x.pattern == "/data/validate" || x.pattern == "/ml/predict")
    return route_access::read;
  if (x.pattern == "/data/symbols" || x.pattern == "/ml/models/rollback"
      || x.pattern == "/ml/models/{version}/promote")
    return route_access::admin;
  return route_access::operate;
}

} // namespace

CAF_TEST(every scope holds on every route of every service) {
  std::size_t changing = 0;
  for (const auto& [service, routes] : all_routes()) {
    CAF_CHECK(routes.routes().size() > 5);
    for (const auto& x : routes.routes()) {
      auto needed = expected(x);
      CAF_MESSAGE(service << " " << to_string(x.method) << " " << x.pattern);
      CAF_CHECK(x.access == needed);
      auto is_open = needed == route_access::open;
      CAF_CHECK_EQUAL(status(x, ""), is_open ? 0 : 401);
      CAF_CHECK_EQUAL(status(x, "nobodys"), is_open ? 0 : 401);
      for (int i = 0; i < 3; ++i) {
        auto scope = static_cast<route_access>(
          static_cast<int>(route_access::read) + i);
        CAF_CHECK_EQUAL(status(x, secrets[i]), scope >= needed ? 0 : 403);
      }
      // Where only this machine can ask, reading is free and nothing else.
      auto is_free = needed <= route_access::read;
      CAF_CHECK_EQUAL(status(x, "", true), is_free ? 0 : 401);
      changing += is_free ? 0 : 1;
    }
  }
  CAF_CHECK(changing >= 14); // seven, each at its service and the gateway
}

CAF_TEST(a line of the audit says who did what and no secret) {
  http::audited x;
  x.service = "ml";
  x.route = "/ml/models/{version}/promote";
  x.method = http::method::post;
  x.path = "/ml/models/20250701T080000Z-ensemble-1a2b3c4d/promote";
  auto secret = std::string(64, 'f');
  auto body = "{\"reason\":\"better \xff\",\"token\":\"" + secret + "\"}";
  x.body = body;
  x.client = "198.51.100.9";
  x.caller = "deploy";
  x.scope = route_access::admin;
  x.status = 200;
  x.trace_id = "0af7651916cd43dd8448eb211c80319c";
  auto line = audit_line(x, timestamp{std::chrono::seconds{1751356800}});
  CAF_CHECK(line.find(secret) == std::string::npos);
  CAF_CHECK(line.find('\n') == std::string::npos);
  auto read = boost::json::parse(line).as_object();
  CAF_CHECK_EQUAL(read.at("time").as_string(), "2025-07-01T08:00:00Z");
  CAF_CHECK_EQUAL(read.at("token").as_string(), "deploy");
  CAF_CHECK_EQUAL(read.at("scope").as_string(), "admin");
  CAF_CHECK_EQUAL(read.at("path").as_string(), x.path);
  CAF_CHECK_EQUAL(read.at("status").as_int64(), 200);
  CAF_CHECK_EQUAL(read.at("trace_id").as_string(), x.trace_id);
  CAF_CHECK(read.at("body").as_string().find("***") != boost::json::string::npos);
}
