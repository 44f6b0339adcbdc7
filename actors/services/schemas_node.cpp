#include "actors/services/descriptions.hpp"

/// How the node is, and what the dashboard shows.

namespace banksia {

namespace {

namespace sc = http::schema;

http::json_schema state() {
  return sc::one_of({"HEALTHY", "DEGRADED", "UNHEALTHY"});
}

http::json_schema level_state() {
  return sc::one_of({"met", "at_risk", "missed", "no_data"});
}

http::json_schema analysis() {
  return sc::or_null(sc::object({{"due_at", sc::time()},
                                 {"ended_at", sc::time()},
                                 {"status", sc::text()},
                                 {"reason", sc::text()},
                                 {"newer", sc::or_null(sc::object({}))},
                                 {"analysis", sc::object({})}}));
}

} // namespace

void add_node_schemas(boost::json::object& into) {
  into["Component"] = sc::object({{"component", sc::text()},
                                  {"state", state()},
                                  {"reason", sc::text()},
                                  {"age_seconds", sc::number(), false}});
  into["Health"]
    = sc::object({{"status", state()},
                  {"components", sc::list(sc::ref("Component"))},
                  {"service", sc::text()},
                  {"checks", sc::object({})},
                  {"age_seconds",
                   sc::said(sc::number(),
                            "of the round of questions behind it"),
                   false}});
  auto change = sc::object({{"component", sc::text()},
                            {"from", state()},
                            {"to", state()},
                            {"reason", sc::text()},
                            {"seconds_ago", sc::number()}});
  into["HealthHistory"]
    = sc::object({{"changes", sc::list(std::move(change))}});
  into["Liveness"] = sc::object({{"alive", sc::boolean()},
                                 {"heartbeat_age_seconds", sc::number()}});
  into["Readiness"] = sc::object({{"ready", sc::boolean()}});
  into["OpenApi"] = sc::object({{"openapi", sc::text()},
                                {"info", sc::object({})},
                                {"paths", sc::object({})},
                                {"components", sc::object({})}});
  into["SymbolSummary"]
    = sc::object({{"symbol", sc::text()},
                  {"action", maybe_text()},
                  {"sparkline", sc::list(maybe_number())},
                  {"last_price", maybe_number()},
                  {"change", maybe_number()}});
  into["Summary"]
    = sc::object({{"market_time", maybe_time()},
                  {"market_state", sc::one_of({"open", "closed"})},
                  {"next_slot", maybe_time()},
                  {"scheduler_answers", sc::boolean()},
                  {"cycles", sc::map_of(sc::whole())},
                  {"run", sc::text()},
                  {"clock", sc::text()},
                  {"speed", sc::number()},
                  {"health", state()},
                  {"components", sc::list(sc::ref("Component"))},
                  {"symbols", sc::list(sc::ref("SymbolSummary"))},
                  {"symbols_total", sc::whole()},
                  {"context", sc::or_null(sc::ref("MarketContext"))},
                  {"outcomes", sc::object({})},
                  {"analysis", sc::map_of(maybe_text())}});
  into["ServiceLevel"]
    = sc::object({{"level", sc::text()},
                  {"meaning", sc::text()},
                  {"state", level_state()},
                  {"since", maybe_time()},
                  {"value", maybe_number()},
                  {"unit", sc::text()},
                  {"target", sc::number()},
                  {"rule", sc::text()},
                  {"good", sc::number()},
                  {"bad", sc::number()},
                  {"budget_left", maybe_number()},
                  {"clock", sc::text()},
                  {"as_of", maybe_time()},
                  {"window_from", maybe_time()},
                  {"window_seconds", sc::whole()},
                  {"burn_rate",
                   sc::object({{"long", maybe_number()},
                               {"short", maybe_number()},
                               {"short_window_seconds", sc::whole()}})},
                  {"best_constant",
                   sc::object({{"answer", sc::text()},
                               {"rate", sc::number()}}),
                   false}});
  into["ServiceLevels"]
    = sc::object({{"state", level_state()},
                  {"levels", sc::list(sc::ref("ServiceLevel"))},
                  {"run", sc::text()},
                  {"clock", sc::text()},
                  {"speed", sc::number()},
                  {"degraded", sc::boolean()}});
  into["Analyses"] = sc::object({{"morning", analysis(), false},
                                 {"evening", analysis(), false},
                                 {"degraded", sc::boolean()}});
}

} // namespace banksia
