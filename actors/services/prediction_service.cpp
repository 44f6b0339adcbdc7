#include "actors/services/descriptions.hpp"
#include "actors/services/problem_types.hpp"
#include "actors/services/routes.hpp"

#include "actors/symbol/recompute.hpp"
#include "actors/tracing/work.hpp"
#include "messages/json.hpp"
#include "models/decision/explain.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value_from.hpp>

#include <algorithm>

namespace banksia {

namespace {

namespace json = boost::json;

template <class Rows>
json::array to_array(const Rows& rows) {
  json::array result;
  for (const auto& x : rows)
    result.push_back(to_json(x.content));
  return result;
}

// -- one prediction -------------------------------------------------------------

store::stored_prediction find(bridge_self* self, const http::request& what) {
  auto id = parse_id<prediction_id>(what.param("id"));
  if (!id)
    refuse_field(422, "prediction_id",
                 "not an id: " + std::string{what.param("id")}
                   + ": an id is 32 hex digits");
  if (auto found = self->state.ask().prediction_by_id(to_string(*id)))
    return *found;
  refuse_missing(problems::no_such_prediction,
                 "no such prediction: " + to_string(*id));
}

http::response one(bridge_self* self, const http::request& what) {
  auto found = find(self, what);
  link_to_cycle(found.content.cycle);
  auto result = to_json(found.content);
  json::array outcomes;
  for (const auto& x :
       self->state.ask().outcomes_of(to_string(found.content.id))) {
    auto row = to_json(x.content);
    row["ex_date"] = x.ex_date;
    outcomes.push_back(std::move(row));
  }
  result["run"] = found.run;
  result["outcomes"] = std::move(outcomes);
  return http::json_response(result);
}

json::object to_json(const factor& x) {
  return {{"name", x.name},
          {"side", to_string(x.side)},
          {"value", json_number(x.value)},
          {"weight", json_number(x.weight)},
          {"contribution", json_number(x.contribution)},
          {"present", x.present},
          {"text", x.text}};
}

/// Makes the prediction once more, as of then, and says what differs.
void put_recomputation(json::object& into, bridge_self* self,
                       const store::stored_prediction& stored,
                       shared_plan plan) {
  auto again = recompute(self->state.ask(), stored, std::move(plan));
  json::array differences;
  for (const auto& x : again.fields.differences)
    differences.push_back({{"field", x.field},
                           {"stored", x.stored},
                           {"recomputed", x.recomputed},
                           {"within_tolerance", x.within_tolerance}});
  into["identical"] = again.identical();
  into["different_build"]
    = again.stored_build != self->state.context->setup.build;
  into["within_tolerance"] = again.within_tolerance();
  into["compared"] = again.fields.compared;
  into["differences"] = std::move(differences);
  into["build"] = again.stored_build;
  into["unchecked"] = json::value_from(again.unchecked);
}

http::response explanation(bridge_self* self, const http::request& what) {
  auto found = find(self, what);
  const auto& p = found.content;
  const auto& plan_then = self->state.context->setup.stored_plan;
  auto plan = plan_then ? plan_then(self->state.ask(), found)
                        : self->state.context->setup.plan;
  json::array factors;
  for (const auto& x : explain(p, plan->policy, plan->rules))
    factors.push_back(to_json(x));
  json::object result{{"prediction_id", to_string(p.id)},
                      {"run", found.run},
                      {"prediction", banksia::to_json(p)},
                      {"context", banksia::to_json(p.context)},
                      {"input_count", p.input_count},
                      {"factors", std::move(factors)},
                      {"recomputed", static_cast<bool>(plan_then)}};
  if (plan_then)
    put_recomputation(result, self, found, std::move(plan));
  return http::json_response(result);
}

// -- lists ----------------------------------------------------------------------

http::response latest(bridge_self* self, const http::request& what) {
  query_parameters query{what};
  auto symbols = query.text("symbols")
                   ? query.symbols("symbols", self->state.plan())
                   : self->state.followed();
  auto degraded = is_degraded(*self->state.context);
  std::string question = degraded ? "latest, degraded" : "latest";
  for (const auto& symbol : symbols)
    question += " " + symbol;
  return self->state.kept(question, [&] {
    auto rows = self->state.ask().latest(self->state.plan().run, symbols);
    // Mostly of one cycle.
    std::optional<cycle_id> last;
    for (const auto& x : rows)
      if (last != x.content.cycle)
        self->state.note_cycle(last.emplace(x.content.cycle));
    return http::json_response(json::object{{"predictions", to_array(rows)},
                                            {"next_cursor", nullptr},
                                            {"degraded", degraded}});
  });
}

/// The first few cycles of a page.
template <class Rows>
void link_to_cycles(const Rows& rows) {
  constexpr std::size_t links_max = 8;
  std::size_t links = 0;
  std::optional<cycle_id> last;
  for (const auto& x : rows) {
    if (last == x.content.cycle)
      continue;
    if (++links > links_max)
      return;
    link_to_cycle(last.emplace(x.content.cycle));
  }
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
  // One more than wanted tells whether there is a next page.
  filter.limit = bounds.limit + 1;
  filter.ascending = query.is_ascending();
  if (cursor && filter.ascending)
    filter.first_id = cursor->id + "g"; // the one after that
  else if (cursor)
    filter.before_id = cursor->id;
  auto rows = self->state.ask().predictions(filter);
  link_to_cycles(rows);
  json::value next = nullptr;
  if (rows.size() > static_cast<std::size_t>(bounds.limit)) {
    rows.pop_back();
    next = to_string(rows.back().content.id) + "-0";
  }
  return http::json_response(
    json::object{{"predictions", to_array(rows)},
                 {"next_cursor", next},
                 {"degraded", is_degraded(*self->state.context)}});
}

// -- generate -------------------------------------------------------------------

/// The rows of the newest slot: the same slot never gets a second prediction.
http::response slot_rows(bridge_self* self,
                         const std::vector<std::string>& symbols,
                         const schedule_status& status) {
  auto& ask = self->state.ask();
  const auto& run = self->state.plan().run;
  json::value next = nullptr;
  if (status.next_slot != timestamp{})
    next = json_time(status.next_slot);
  auto slot = ask.last_ended_slot(run);
  store::list_filter filter;
  filter.run = run;
  filter.limit = 1;
  json::array rows;
  json::array missing;
  for (const auto& symbol : symbols) {
    if (!slot)
      break;
    filter.symbol = symbol;
    filter.from = *slot;
    filter.to = *slot + micros{1};
    auto found = ask.predictions(filter);
    if (found.empty()) {
      missing.emplace_back(symbol);
      continue;
    }
    link_to_cycle(found.front().content.cycle);
    rows.push_back(to_json(found.front().content));
  }
  if (rows.empty())
    return http::problem(problems::nothing_predicted_yet,
                         "no slot is predicted yet: ask again after the next "
                         "one",
                         {{"next_slot", next}});
  return http::json_response(json::object{{"predictions", std::move(rows)},
                                          {"slot", json_time(*slot)},
                                          {"missing", std::move(missing)},
                                          {"next_slot", next},
                                          {"degraded", is_degraded(
                                             *self->state.context)}});
}

void generate(bridge_self* self, std::shared_ptr<const http::request> what,
              const http::responder& reply) {
  auto symbols = symbols_in_body(*what, self->state);
  with_status(self, [=](const schedule_status& status, bool) {
    answer_with(self, reply,
                [&] { return slot_rows(self, symbols, status); });
  });
}

} // namespace

std::vector<std::string> symbols_in_body(const http::request& what,
                                         const bridge_state& state) {
  const auto& plan = state.plan();
  auto given = body_of(what).if_contains("symbols");
  if (!given)
    return state.followed();
  const auto& names = given->as_array();
  std::vector<std::string> result;
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::string name{names[i].as_string()};
    if (!is_planned(plan, name))
      refuse_field(problems::unknown_symbol,
                   "symbols[" + std::to_string(i) + "]",
                   "not followed: " + name);
    if (std::find(result.begin(), result.end(), name) == result.end())
      result.push_back(std::move(name));
  }
  return result;
}

http::handler prediction_list(const shared_context& context,
                              std::string_view bridge) {
  return on_bridge(context, bridge, list);
}

http::operation prediction_list_operation(std::string_view tag) {
  return reading(tag, "Predictions", "PredictionPage",
                 {"symbol", "from", "to", "limit", "cursor", "order"});
}

void add_prediction_routes(http::router& into, const shared_context& context) {
  auto on = [&](bridge_answer make) {
    return on_bridge(context, prediction_bridge, std::move(make));
  };
  constexpr auto tag = "prediction";
  into
    .post("/predictions/generate",
          while_storing(context, talk_on_bridge(context, prediction_bridge,
                                                generate)),
          failing(taking(changing(tag, "The newest slot's predictions",
                                  "GeneratedPredictions"),
                         symbols_body()),
                  {409}))
    .get("/predictions/latest", on(latest),
         reading(tag, "The newest prediction of each symbol", "PredictionPage",
                 {"symbols"}))
    .get("/predictions", prediction_list(context, prediction_bridge),
         prediction_list_operation(tag))
    .get("/predictions/health",
         component_handler(context, "prediction",
                           {"prediction_engine", "symbols", "database"}),
         probing(tag, "How the service is", "Health"))
    .get("/predictions/{id}", on(one),
         failing(reading(tag, "A prediction and what came of it",
                         "PredictionWithOutcomes"),
                 {404, 422}))
    .get("/predictions/{id}/explain", on(explanation),
         failing(reading(tag, "Why it was predicted, and whether it still "
                              "would be",
                         "Explanation"),
                 {404, 422}));
}

} // namespace banksia
