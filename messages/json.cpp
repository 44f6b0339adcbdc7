#include "messages/json.hpp"

#include <cmath>

namespace banksia {

namespace json = boost::json;

json::value json_number(double x) {
  if (!std::isfinite(x))
    return nullptr;
  return x;
}

json::value json_time(timestamp t) {
  return json::string{to_rfc3339(t)};
}

namespace {

json::string text(std::string_view x) {
  return json::string{x};
}

} // namespace

json::object to_json(const bar& x) {
  return {{"symbol", x.symbol},
          {"interval", text(to_string(x.interval))},
          {"opened_at", json_time(x.opened_at)},
          {"open", json_number(x.open.value())},
          {"high", json_number(x.high.value())},
          {"low", json_number(x.low.value())},
          {"close", json_number(x.close.value())},
          {"volume", json_number(x.volume.value())},
          {"source", x.source},
          {"known_at", json_time(x.known_at)},
          {"received_at", json_time(x.received_at)},
          {"verdict", text(to_string(x.verdict))}};
}

json::object to_json(const headline& x) {
  json::object out{{"headline_id", x.headline_id},
                   {"symbol", x.symbol},
                   {"title", x.title},
                   {"source", x.source},
                   {"link", x.link},
                   {"published_at", json_time(x.published_at)},
                   {"known_at", json_time(x.known_at)},
                   {"received_at", json_time(x.received_at)}};
  out["score"] = x.scored ? json_number(x.score.value()) : nullptr;
  return out;
}

json::object to_json(const market_context& x) {
  return {{"trend", text(to_string(x.trend))},
          {"trend_return", json_number(x.trend_return.value())},
          {"volatility", json_number(x.volatility.value())},
          {"multiplier", json_number(x.multiplier.value())},
          {"buy_threshold", json_number(x.buy_threshold.value())},
          {"sell_threshold", json_number(x.sell_threshold.value())},
          {"stress", json_number(x.stress.value())},
          {"flagged", x.flagged}};
}

json::object to_json(const feature_vector& x) {
  json::object out;
  for (std::size_t i = 0; i < feature_count; ++i)
    if (x.has(i))
      out[feature_names[i]] = json_number(x.values[i]);
  return out;
}

namespace {

json::object to_json(const class_forecast& x) {
  return {{"model_version", x.model_version},
          {"served", x.served},
          {"down", json_number(x.down.value())},
          {"flat", json_number(x.flat.value())},
          {"up", json_number(x.up.value())},
          {"magnitude", json_number(x.magnitude.value())},
          {"outlying", x.outlying}};
}

} // namespace

json::object to_json(const prediction& x) {
  json::object out{{"prediction_id", to_string(x.id)},
                   {"cycle_id", to_string(x.cycle)},
                   // A cycle's id is the trace its messages belong to.
                   {"trace_id", to_string(x.cycle)},
                   {"symbol", x.symbol},
                   {"interval", text(to_string(x.interval))},
                   {"timestamp", json_time(x.slot)},
                   {"abstained", x.abstained},
                   {"horizon_minutes", x.horizon_minutes},
                   {"model_version", x.model_version},
                   {"market_context", text(to_string(x.context.trend))},
                   {"market_context_flagged", x.context.flagged}};
  if (x.abstained) {
    out["reason"] = text(to_string(x.reason));
    for (auto field : {"action", "optimal_action", "confidence",
                       "predicted_direction", "predicted_magnitude"})
      out[field] = nullptr;
  } else {
    out["reason"] = nullptr;
    out["action"] = text(to_string(x.action));
    out["optimal_action"] = text(to_string(x.optimal_action));
    out["confidence"] = json_number(x.confidence.value());
    out["predicted_direction"] = x.predicted_direction;
    out["predicted_magnitude"] = json_number(x.predicted_magnitude.value());
  }
  out["entry_price"]
    = x.entry_price.value() > 0 ? json_number(x.entry_price.value()) : nullptr;
  out["features"] = to_json(x.features);
  json::array forecasts;
  for (const auto& said : x.forecasts)
    forecasts.push_back(to_json(said));
  out["forecasts"] = std::move(forecasts);
  return out;
}

json::object to_json(const outcome& x) {
  json::object out{{"outcome_id", to_string(x.id)},
                   {"prediction_id", to_string(x.prediction)},
                   {"symbol", x.symbol},
                   {"horizon_minutes", x.horizon_minutes},
                   {"due_at", json_time(x.due_at)},
                   {"evaluation_timestamp", json_time(x.evaluation_timestamp)},
                   {"entry_price", json_number(x.entry_price.value())},
                   {"sessions_elapsed", x.sessions_elapsed},
                   {"open_minutes", x.open_minutes},
                   {"void", x.is_void}};
  if (x.is_void) {
    out["reason"] = x.void_reason;
    for (auto field : {"exit_price", "actual_return", "actual_direction",
                       "total_return", "success"})
      out[field] = nullptr;
  } else {
    out["reason"] = nullptr;
    out["exit_price"] = json_number(x.exit_price.value());
    out["actual_return"] = json_number(x.actual_return.value());
    out["actual_direction"] = x.actual_direction;
    out["total_return"] = json_number(x.total_return.value());
    out["success"] = x.success;
  }
  return out;
}

json::object to_json(const cycle_slot& x, cycle_status status) {
  return {{"cycle_id", to_string(x.id)},
          {"run", x.run},
          {"interval", text(to_string(x.interval))},
          {"timestamp", json_time(x.slot)},
          {"status", text(to_string(status))}};
}

json::object to_json(const component_health& x) {
  return {{"component", x.component},
          {"state", text(to_string(x.state))},
          {"reason", x.reason}};
}

} // namespace banksia
