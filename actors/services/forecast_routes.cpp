#include "actors/services/asking.hpp"
#include "actors/services/descriptions.hpp"
#include "actors/services/problem_types.hpp"
#include "actors/services/routes.hpp"

#include "actors/symbol/read_series.hpp"
#include "actors/symbol/recompute.hpp"
#include "messages/json.hpp"
#include "models/decision/forecast_words.hpp"
#include "models/decision/policy.hpp"

#include <boost/json/array.hpp>

#include <optional>

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

/// What predictions of several symbols have in common.
struct common_inputs {
  shared_plan plan;
  shared_plan without_index; ///< whose bars are read once for all
  timestamp now;
  market_values market;
  index_series index;
};

common_inputs read_common(bridge_self* self, timestamp now) {
  common_inputs x;
  x.now = now;
  x.plan = std::make_shared<const run_plan>(self->state.plan());
  auto without = *x.plan;
  without.index_symbol.clear();
  x.without_index = std::make_shared<const run_plan>(std::move(without));
  auto& ask = self->state.ask();
  x.market = read_market(ask, *x.plan, now, followed_at(ask, *x.plan, now));
  x.index = read_recent_index(ask, *x.plan, now);
  return x;
}

void add_symbol(asked_forecasts& to, bridge_self* self, common_inputs& x,
                const std::string& symbol) {
  auto inputs = read_inputs(self->state.ask(), *x.without_index, symbol, x.now);
  inputs.market = x.market;
  inputs.index_bars = std::move(x.index.bars);
  inputs.index_revisions = std::move(x.index.revisions);
  auto made = predict_from(x.plan, symbol, inputs, x.now);
  x.index = {std::move(inputs.index_bars), std::move(inputs.index_revisions)};
  if (!made.content.abstained)
    to.request.rows.push_back(std::move(made.row));
  to.predictions.push_back(std::move(made.content));
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

/// A request for predictions under way.
struct predicting {
  std::vector<std::string> symbols;
  std::size_t next = 0; ///< of them
  http::responder reply;
  dependency::time_point deadline;
  std::optional<common_inputs> common; ///< none: not read yet
  std::shared_ptr<asked_forecasts> asked = std::make_shared<asked_forecasts>();
};

/// One symbol a job: all bars of one are read in between other requests, not
/// those of all before them.
void predict_next(bridge_self* self, std::shared_ptr<predicting> x) {
  self->state.deadline = x->deadline;
  if (x->next == x->symbols.size()) {
    ask_models(self, x->reply, x->asked);
    return;
  }
  if (attempt(self, x->reply, [&] {
        add_symbol(*x->asked, self, *x->common, x->symbols[x->next++]);
      }))
    self->send(self, bridge_job{[x](bridge_self* self) {
                 predict_next(self, x);
               }});
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
    auto x = std::make_shared<predicting>(
      predicting{symbols, 0, reply, what->deadline, std::nullopt});
    if (attempt(self, reply,
                [&] { x->common = read_common(self, now.market_time); }))
      predict_next(self, x);
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
