#include "actors/services/descriptions.hpp"

/// Predictions, outcomes and the report.

namespace banksia {

namespace {

namespace sc = http::schema;

http::json_schema fraction() {
  return sc::number(0, 1);
}

http::json_schema direction() {
  return sc::or_null(sc::whole(-1, 1));
}

/// `{"<name>": [...], "next_cursor", "degraded"}`.
http::json_schema page_of(std::string_view name, std::string_view rows) {
  return sc::object(
    {{name, sc::list(sc::ref(rows))},
     {"next_cursor", sc::said(maybe_text(), "null: there is no next page")},
     {"degraded", sc::said(sc::boolean(),
                           "the database may lack what is promised")}});
}

/// @param is_stored with the ids by which it can be asked for
http::json_schema prediction_shape(bool is_stored) {
  return sc::object(
    {{"prediction_id", sc::text(), is_stored},
     {"cycle_id", sc::text(), is_stored},
     {"trace_id", sc::text(), is_stored},
     {"symbol", sc::text()},
     {"interval", sc::text()},
     {"timestamp", sc::time()},
     {"abstained", sc::boolean()},
     {"reason", sc::said(maybe_text(), "why it abstained")},
     {"action", sc::or_null(sc::one_of({"BUY", "SELL", "HOLD"}))},
     {"optimal_action", sc::or_null(sc::one_of({"BUY", "SELL", "HOLD",
                                                "STRONG_BUY",
                                                "STRONG_SELL"}))},
     {"confidence", sc::or_null(fraction())},
     {"predicted_direction", direction()},
     {"predicted_magnitude", maybe_number()},
     {"entry_price", maybe_number()},
     {"horizon_minutes", sc::whole()},
     {"model_version", sc::text()},
     {"market_context", sc::one_of({"BEARISH", "NEUTRAL", "BULLISH"})},
     {"market_context_flagged", sc::boolean()},
     {"features", sc::said(sc::map_of(maybe_number()),
                           "those that could be computed")},
     {"forecasts", sc::list(sc::ref("Forecast"))}});
}

http::json_schema outcome_shape() {
  return sc::object(
    {{"outcome_id", sc::text()},
     {"prediction_id", sc::text()},
     {"symbol", sc::text()},
     {"horizon_minutes", sc::whole()},
     {"due_at", sc::time()},
     {"evaluation_timestamp", sc::time()},
     {"entry_price", maybe_number()},
     {"exit_price", maybe_number()},
     {"actual_return", maybe_number()},
     {"actual_direction", direction()},
     {"total_return", maybe_number()},
     {"success", sc::or_null(sc::boolean())},
     {"sessions_elapsed", sc::whole()},
     {"open_minutes", sc::whole()},
     {"void", sc::boolean()},
     {"reason", sc::said(maybe_text(), "why it is void")},
     {"ex_date", sc::said(sc::boolean(),
                          "a split or dividend took effect in between")}});
}

http::json_schema explanation() {
  return sc::object({{"prediction_id", sc::text()},
                     {"run", sc::text()},
                     {"prediction", sc::ref("Prediction")},
                     {"context", sc::ref("MarketContext")},
                     {"input_count", sc::whole()},
                     {"factors", sc::list(sc::ref("Factor"))},
                     {"recomputed", sc::boolean()},
                     {"identical", sc::boolean(), false},
                     {"different_build", sc::boolean(), false},
                     {"within_tolerance", sc::boolean(), false},
                     {"compared", sc::whole(), false},
                     {"differences", sc::list(sc::object({})), false},
                     {"build", sc::text(), false},
                     {"unchecked", sc::list(sc::text()), false}});
}

/// Rates of a group of outcomes.
http::json_schema group() {
  auto interval = [] {
    return sc::said(sc::list(maybe_number(), 2, 2), "95 %");
  };
  return sc::object({{"samples", sc::whole()},
                     {"successes", sc::whole()},
                     {"days", sc::whole()},
                     {"success_rate", sc::or_null(fraction())},
                     {"success_rate_interval", interval()},
                     {"always_hold_rate", sc::or_null(fraction())},
                     {"best_constant", maybe_text()},
                     {"best_constant_rate", sc::or_null(fraction())},
                     {"difference", maybe_number()},
                     {"difference_interval", interval()},
                     {"skill_shown", sc::boolean()},
                     {"mean_confidence", sc::or_null(fraction())}});
}

http::json_schema report_shape() {
  auto result = group();
  auto further = sc::object(
    {{"message", sc::text()},
     {"days_needed", maybe_number()},
     {"coverage", sc::or_null(fraction())},
     {"predictions", sc::whole()},
     {"abstentions", sc::whole()},
     {"excluded", sc::map_of(sc::whole())},
     {"by_action", sc::map_of(sc::ref("RateGroup"))},
     {"directional", sc::ref("RateGroup")},
     {"by_open_minutes", sc::list(sc::ref("RateGroup"))},
     {"leak_suspected", sc::boolean()},
     {"success_disagreements", sc::whole()},
     {"brier", sc::number(), false},
     {"brier_skill", sc::number(), false},
     {"ece", sc::number(), false},
     {"log_loss", sc::number(), false},
     {"forecast_samples", sc::whole(), false},
     {"run", sc::text()},
     {"days_asked", sc::whole()},
     {"horizon_minutes", sc::whole()},
     {"symbol", maybe_text()}});
  for (const auto& [name, shape] : further["properties"].as_object())
    result["properties"].as_object()[name] = shape;
  for (const auto& name : further["required"].as_array())
    result["required"].as_array().push_back(name);
  return result;
}

} // namespace

void add_prediction_schemas(boost::json::object& into) {
  into["Forecast"] = sc::object({{"model_version", sc::text()},
                                 {"served", sc::boolean()},
                                 {"down", maybe_number()},
                                 {"flat", maybe_number()},
                                 {"up", maybe_number()},
                                 {"magnitude", maybe_number()},
                                 {"outlying", sc::whole()}});
  into["Prediction"] = prediction_shape(true);
  into["PredictionPage"] = page_of("predictions", "Prediction");
  auto full = prediction_shape(true);
  full["properties"].as_object()["run"] = sc::text();
  full["properties"].as_object()["outcomes"] = sc::list(sc::ref("Outcome"));
  full["required"].as_array().emplace_back("run");
  full["required"].as_array().emplace_back("outcomes");
  into["PredictionWithOutcomes"] = std::move(full);
  into["GeneratedPredictions"]
    = sc::object({{"predictions", sc::list(sc::ref("Prediction"))},
                  {"slot", sc::time()},
                  {"missing", sc::list(sc::text())},
                  {"next_slot", maybe_time()},
                  {"degraded", sc::boolean()}});
  into["PredictionNow"] = prediction_shape(false);
  into["PredictionsNow"]
    = sc::object({{"predictions", sc::list(sc::ref("PredictionNow"))},
                  {"models_away", sc::said(maybe_text(),
                                           "why no model forecast")}});
  into["MarketContext"]
    = sc::object({{"trend", sc::one_of({"BEARISH", "NEUTRAL", "BULLISH"})},
                  {"trend_return", maybe_number()},
                  {"volatility", maybe_number()},
                  {"multiplier", maybe_number()},
                  {"buy_threshold", maybe_number()},
                  {"sell_threshold", maybe_number()},
                  {"stress", maybe_number()},
                  {"flagged", sc::boolean()}});
  into["Factor"] = sc::object({{"name", sc::text()},
                               {"side", sc::text()},
                               {"value", maybe_number()},
                               {"weight", maybe_number()},
                               {"contribution", maybe_number()},
                               {"present", sc::boolean()},
                               {"text", sc::text()}});
  into["Explanation"] = explanation();
  into["Outcome"] = outcome_shape();
  auto row = outcome_shape();
  row["properties"].as_object()["action"] = sc::text();
  row["required"].as_array().emplace_back("action");
  into["OutcomeRow"] = std::move(row);
  into["OutcomePage"] = page_of("outcomes", "OutcomeRow");
  into["RateGroup"] = group();
  into["Report"] = report_shape();
  into["Sweep"] = sc::object(
    {{"open", sc::said(sc::whole(), "outcomes that are still owed")}});
}

} // namespace banksia
