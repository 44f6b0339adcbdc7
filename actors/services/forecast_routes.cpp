#include "actors/services/asking.hpp"
#include "actors/services/descriptions.hpp"
#include "actors/services/problem_types.hpp"
#include "actors/services/routes.hpp"

#include "actors/symbol/recompute.hpp"
#include "messages/json.hpp"
#include "models/decision/forecast_words.hpp"
#include "models/decision/policy.hpp"

#include <boost/json/array.hpp>

namespace banksia {

namespace {

namespace json = boost::json;

/// Each costs a reading of all its bars.
constexpr std::size_t symbols_max = 50;

/// What the rules say of each symbol now, and what models are asked.
struct asked_forecasts {
  std::vector<prediction> predictions;
  forecast_request request; ///< about those that are no abstentions
};

asked_forecasts rows_of(bridge_self* self,
                        const std::vector<std::string>& symbols,
                        timestamp now) {
  auto plan = std::make_shared<const run_plan>(self->state.plan());
  asked_forecasts result;
  auto& ask = self->state.ask();
  auto market = read_market(ask, *plan, now, followed_at(ask, *plan, now));
  for (const auto& symbol : symbols) {
    auto inputs = read_inputs(ask, *plan, symbol, now);
    inputs.market = market;
    auto made = predict_from(plan, symbol, inputs, now);
    if (!made.content.abstained)
      result.request.rows.push_back(std::move(made.row));
    result.predictions.push_back(std::move(made.content));
  }
  return result;
}

http::response answer_of(bridge_self* self, asked_forecasts asked,
                         const forecast_answer& said) {
  const auto& plan = self->state.plan();
  take_words(asked_about(asked.predictions), said);
  json::array rows;
  for (auto& p : asked.predictions) {
    apply_policy(p,
                 horizon_sessions(plan, p.slot, plan.primary_horizon_minutes),
                 plan.policy, plan.rules);
    auto row = to_json(p);
    // It is not stored: nobody could ask for it by these.
    for (auto id : {"prediction_id", "cycle_id", "trace_id"})
      row.erase(id);
    rows.push_back(std::move(row));
  }
  json::object result{{"predictions", std::move(rows)}};
  result["models_away"] = said.failure.empty() ? json::value(nullptr)
                                               : json::value(said.failure);
  return http::json_response(result);
}

void ask_models(bridge_self* self, const http::responder& reply,
                std::shared_ptr<asked_forecasts> asked) {
  auto finish = [=](const forecast_answer& said) {
    answer_with(self, reply,
                [&] { return answer_of(self, std::move(*asked), said); });
  };
  auto gate = self->state.context->setup.names->name<forecast_gate_actor>(
    "ml/gate");
  auto go_without = [finish](std::string why) {
    forecast_answer silent;
    silent.failure = std::move(why);
    finish(silent);
  };
  if (!gate.get()) {
    go_without("no models are served here");
    return;
  }
  ask_part(
    self, self->state.context->parts.models, gate,
    second_try::when_not_reached, finish,
    [go_without](const asked_in_vain& why) { go_without(why.detail); },
    asked->request);
}

void predict(bridge_self* self, std::shared_ptr<const http::request> what,
             const http::responder& reply) {
  auto symbols = symbols_in_body(*what, self->state);
  if (symbols.size() > symbols_max)
    refuse_field(422, "symbols", "more than " + std::to_string(symbols_max)
                                   + " symbols: ask in parts");
  with_status(self, [=](const schedule_status& now, bool) {
    if (now.market_time == timestamp{}) {
      reply(http::problem(problems::part_away,
                          "the scheduler does not say what time it is: try "
                          "again"));
      return;
    }
    auto asked = std::make_shared<asked_forecasts>();
    if (attempt(self, reply,
                [&] { *asked = rows_of(self, symbols, now.market_time); }))
      ask_models(self, reply, asked);
  });
}

} // namespace

void add_forecast_routes(http::router& into, const shared_context& context) {
  auto what = taking(changing("ml", "A prediction of each symbol now, not stored",
                              "PredictionsNow"),
                     symbols_body());
  what.problems.clear(); // it stores nothing
  into.post("/ml/predict", talk_on_bridge(context, ml_bridge, predict),
            std::move(what));
}

} // namespace banksia
