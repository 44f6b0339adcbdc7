#include "actors/services/asking.hpp"
#include "actors/services/descriptions.hpp"
#include "actors/services/forecast_performance.hpp"
#include "actors/services/performance.hpp"
#include "actors/services/routes.hpp"

#include "messages/json.hpp"
#include "models/scoring/report_json.hpp"

#include <boost/json/array.hpp>

#include <map>

namespace banksia {

namespace {

namespace json = boost::json;

/// No run has more horizons; rows of one prediction that a page may skip.
constexpr std::int64_t horizons_max = 16;

void process(bridge_self* self, std::shared_ptr<const http::request>,
             const http::responder& reply) {
  auto& state = self->state;
  ask_part(
    self, state.context->parts.evaluator, state.evaluator, second_try::never,
    [reply](std::uint64_t open) {
      reply(http::json_response(json::object{{"open", open}}));
    },
    [reply](const asked_in_vain& why) {
      reply(problem_of(why, "try again"));
    },
    wire::sweep_atom_v);
}

json::value make_report(bridge_self* self, std::int64_t days,
                        const std::string& symbol) {
  const auto& plan = self->state.plan();
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
  return report;
}

/// Reports, kept until the run has made something. One thread: the bridge's.
class kept_reports {
public:
  const json::value& get(bridge_self* self, std::int64_t days,
                         const std::string& symbol) {
    auto totals = self->state.ask().totals(self->state.plan().run);
    if (totals != of_ || kept_.size() >= kept_max)
      kept_.clear();
    of_ = totals;
    auto question = std::pair{days, symbol};
    auto found = kept_.find(question);
    // Resamples of a month of outcomes take far longer than any list.
    if (found == kept_.end())
      found = kept_.emplace(question, make_report(self, days, symbol)).first;
    return found->second;
  }

private:
  static constexpr std::size_t kept_max = 64;

  store::run_totals of_;
  std::map<std::pair<std::int64_t, std::string>, json::value> kept_;
};

bridge_answer metrics() {
  return [kept = std::make_shared<kept_reports>()](bridge_self* self,
                                                   const http::request& what) {
    query_parameters query{what};
    auto days = query.whole("days", report_days_absent);
    auto symbol = query.symbol("symbol", self->state.plan());
    return http::json_response(kept->get(self, days, symbol));
  };
}

json::object row_json(const store::queries::outcome_row& x) {
  auto result = to_json(x.content);
  result["action"] = to_string(x.action);
  result["ex_date"] = x.ex_date;
  return result;
}

http::response list(bridge_self* self, const http::request& what) {
  query_parameters query{what};
  auto bounds = bounds_of(query);
  auto cursor = cursor_of(query);
  store::list_filter filter;
  filter.run = self->state.plan().run;
  filter.symbol = query.symbol("symbol", self->state.plan());
  filter.from = bounds.from;
  filter.to = bounds.to;
  filter.limit = bounds.limit + 1;
  filter.ascending = query.is_ascending();
  if (cursor) {
    // The page before may have ended between two horizons of one prediction:
    // its rows are read again, and those already given skipped.
    (filter.ascending ? filter.first_id : filter.before_id)
      = cursor->id + (filter.ascending ? "" : "g");
    filter.limit += horizons_max;
  }
  auto horizon = query.whole("horizon_minutes", 0);
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

http::operation outcome_list_operation(std::string_view tag) {
  return reading(tag, "Outcomes", "OutcomePage",
                 {"symbol", "from", "to", "limit", "cursor", "order",
                  "horizon_minutes"});
}

void add_evaluation_routes(http::router& into, const shared_context& context) {
  constexpr auto tag = "evaluation";
  into
    .post("/evaluations/process",
          while_storing(context, talk_on_bridge(context, evaluation_bridge,
                                                process)),
          failing(changing(tag, "Looks for outcomes that are due", "Sweep"),
                  {504}))
    .get("/evaluations/metrics", on_bridge(context, evaluation_bridge, metrics()),
         reading(tag, "The honest report", "Report", {"days", "symbol"}))
    .get("/evaluations", outcome_list(context, evaluation_bridge),
         outcome_list_operation(tag))
    .get("/evaluations/health",
         component_handler(context, "evaluation",
                           {"outcome_evaluator", "database"}),
         probing(tag, "How the service is", "Health"));
}

} // namespace banksia
