#include "actors/services/forecast_performance.hpp"
#include "actors/services/performance.hpp"
#include "actors/services/routes.hpp"

#include "messages/json.hpp"
#include "models/scoring/report_json.hpp"

#include <boost/json/array.hpp>

namespace banksia {

namespace {

namespace json = boost::json;

constexpr std::chrono::seconds sweep_limit{5};

/// No run has more horizons; rows of one prediction that a page may skip.
constexpr std::int64_t horizons_max = 16;

constexpr std::int64_t horizon_minutes_max = 100'000;

void process(bridge_self* self, std::shared_ptr<const http::request> what,
             const http::responder& reply) {
  query_parameters none{*what, {}};
  auto silent = [reply] {
    reply(http::problem(503, "", "the evaluator does not answer: try again"));
  };
  const auto& target = self->state.evaluator.get();
  if (!target) {
    silent();
    return;
  }
  self->request(target, sweep_limit, wire::sweep_atom_v)
    .then(
      [reply](std::uint64_t open) {
        reply(http::json_response(json::object{{"open", open}}));
      },
      [silent](caf::error&) { silent(); });
}

http::response metrics(bridge_self* self, const http::request& what) {
  query_parameters query{what, {"days", "symbol"}};
  auto days = query.whole("days", report_days_absent, 1, report_days_max);
  const auto& plan = self->state.plan();
  auto symbol = query.symbol("symbol", plan);
  auto report = to_json(
    report_of(self->state.database(), plan.run, days, symbol));
  auto& result = report.as_object();
  if (auto forecasts
      = forecasts_of(self->state.database(), plan.run, days, symbol,
                     plan.calendar, plan.flat_band))
    put(result, *forecasts);
  result["run"] = plan.run;
  result["days_asked"] = days;
  result["horizon_minutes"] = plan.primary_horizon_minutes;
  result["symbol"] = symbol.empty() ? json::value(nullptr) : json::value(symbol);
  return http::json_response(report);
}

json::object row_json(const store::queries::outcome_row& x) {
  auto result = to_json(x.content);
  result["action"] = to_string(x.action);
  result["ex_date"] = x.ex_date;
  return result;
}

http::response list(bridge_self* self, const http::request& what) {
  query_parameters query{
    what, {"symbol", "from", "to", "limit", "cursor", "horizon_minutes"}};
  auto bounds = bounds_of(query);
  auto cursor = cursor_of(query);
  store::list_filter filter;
  filter.run = self->state.plan().run;
  filter.symbol = query.symbol("symbol", self->state.plan());
  filter.from = bounds.from;
  filter.to = bounds.to;
  filter.limit = bounds.limit + 1;
  if (cursor) {
    // The page before may have ended between two horizons of one prediction:
    // its rows are read again, and those already given skipped.
    filter.before_id = cursor->id + "g";
    filter.limit += horizons_max;
  }
  auto horizon
    = query.whole("horizon_minutes", 0, 1, horizon_minutes_max);
  auto rows = self->state.ask().outcomes(filter, horizon);
  if (cursor)
    std::erase_if(rows, [&](const auto& x) {
      return to_string(x.content.prediction) == cursor->id
             && x.content.horizon_minutes <= cursor->part;
    });
  auto limit = static_cast<std::size_t>(bounds.limit);
  json::value next = nullptr;
  if (rows.size() > limit) {
    const auto& last = rows[limit - 1].content;
    next = to_string(last.prediction) + "-"
           + std::to_string(last.horizon_minutes);
    rows.resize(limit);
  }
  json::array outcomes;
  for (const auto& x : rows)
    outcomes.push_back(row_json(x));
  return http::json_response(
    json::object{{"outcomes", std::move(outcomes)},
                 {"next_cursor", next},
                 {"degraded", is_degraded(*self->state.context)}});
}

} // namespace

http::handler outcome_list(const shared_context& context,
                           std::string_view bridge) {
  return on_bridge(context, bridge, list);
}

void add_evaluation_routes(http::router& into, const shared_context& context) {
  into
    .post("/evaluations/process",
          while_storing(context, talk_on_bridge(context, evaluation_bridge,
                                                process)))
    .get("/evaluations/metrics", on_bridge(context, evaluation_bridge, metrics))
    .get("/evaluations", outcome_list(context, evaluation_bridge))
    .get("/evaluations/health",
         component_handler(context, "evaluation",
                           {"outcome_evaluator", "database"}));
}

} // namespace banksia
