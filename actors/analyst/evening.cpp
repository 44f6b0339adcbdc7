#include "actors/analyst/analysis.hpp"

#include "messages/json.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>

namespace banksia::analysis {

namespace {

namespace json = boost::json;

using counts = std::map<std::string, std::uint64_t>;

std::uint64_t total(const counts& x) {
  std::uint64_t sum = 0;
  for (const auto& [name, count] : x)
    sum += count;
  return sum;
}

json::object counts_json(const counts& x) {
  json::object result;
  for (const auto& [name, count] : x)
    result[name] = count;
  return result;
}

/// Those that rates are made of: no void ones, none over a gap in trading.
std::vector<const day_outcome*> judged(const evening_inputs& x) {
  std::vector<const day_outcome*> result;
  for (const auto& o : x.outcomes)
    if (!o.is_void && o.sessions_elapsed <= 1)
      result.push_back(&o);
  return result;
}

/// Of HOLD, BUY and SELL the answer that would have been right most often; of
/// equals the first.
std::pair<trade_action, double>
best_constant(const std::vector<const day_outcome*>& samples) {
  std::pair best{trade_action::hold, -1.0};
  for (auto action :
       {trade_action::hold, trade_action::buy, trade_action::sell}) {
    auto right = std::count_if(samples.begin(), samples.end(), [&](auto o) {
      return plan_success(action, fraction{o->actual_return});
    });
    auto rate = static_cast<double>(right)
                / static_cast<double>(samples.size());
    if (rate > best.second)
      best = {action, rate};
  }
  return best;
}

json::object outcomes_json(const evening_inputs& x) {
  auto samples = judged(x);
  auto voids = std::count_if(x.outcomes.begin(), x.outcomes.end(),
                             [](const auto& o) { return o.is_void; });
  json::object result{{"finished", x.outcomes.size()},
                      {"void", voids},
                      {"samples", samples.size()},
                      {"success_rate", nullptr},
                      {"best_constant", nullptr},
                      {"best_constant_rate", nullptr},
                      {"difference", nullptr}};
  if (samples.empty())
    return result;
  auto right = std::count_if(samples.begin(), samples.end(),
                             [](auto o) { return o->success; });
  auto rate = static_cast<double>(right) / static_cast<double>(samples.size());
  auto [action, constant] = best_constant(samples);
  result["success_rate"] = json_number(rate);
  result["best_constant"] = to_string(action);
  result["best_constant_rate"] = json_number(constant);
  result["difference"] = json_number(rate - constant);
  return result;
}

json::array told(const std::vector<const day_outcome*>& from) {
  json::array result;
  for (auto o : from) {
    if (result.size() == extremes_told)
      break;
    result.push_back({{"prediction_id", to_string(o->prediction)},
                      {"symbol", o->symbol},
                      {"timestamp", json_time(o->slot)},
                      {"action", to_string(o->action)},
                      {"confidence", json_number(o->confidence)},
                      {"actual_return", json_number(o->actual_return)}});
  }
  return result;
}

/// What a BUY or SELL gained; a HOLD neither wins nor loses.
double gain(const day_outcome& x) {
  return x.action == trade_action::buy    ? x.actual_return
         : x.action == trade_action::sell ? -x.actual_return
                                          : 0.0;
}

/// The biggest hits, or misses: by gain, or by what a HOLD let pass.
json::array extremes(const evening_inputs& x, bool hits) {
  std::vector<const day_outcome*> chosen;
  for (auto o : judged(x))
    if (o->success == hits && (!hits || gain(*o) > 0))
      chosen.push_back(o);
  auto size = [hits](const day_outcome& o) {
    return hits || o.action != trade_action::hold ? std::abs(gain(o))
                                                  : std::abs(o.actual_return);
  };
  std::sort(chosen.begin(), chosen.end(), [&](auto a, auto b) {
    return size(*a) != size(*b) ? size(*a) > size(*b)
                                : a->prediction < b->prediction;
  });
  return told(chosen);
}

json::value training_json(const std::optional<training_record>& x) {
  if (!x)
    return nullptr;
  return {{"training_id", x->training_id},
          {"requested_at", json_time(x->requested_at)},
          {"ended_at", json_time(x->ended_at)},
          {"status", x->status},
          {"model_version", x->model_version},
          {"promoted", x->promoted},
          {"reason", x->reason}};
}

json::value model_json(const std::optional<model_record>& x) {
  if (!x)
    return nullptr;
  return {{"model_version", x->model_version},
          {"kind", x->kind},
          {"changed_at", json_time(x->changed_at)},
          {"reason", x->reason}};
}

json::object supervision_json(const evening_inputs& x) {
  json::array by_child;
  std::uint64_t restarts = 0;
  for (const auto& [child, count] : x.restarts) {
    restarts += count;
    by_child.push_back({{"child", child}, {"restarts", count}});
  }
  return {{"restarts", restarts},
          {"escalations", x.escalations},
          {"by_child", std::move(by_child)}};
}

} // namespace

json::object evening(const evening_inputs& x) {
  json::object cycles{{"completed", x.completed},
                      {"late", x.late},
                      {"missed", x.missed},
                      {"owed", x.owed},
                      {"missed_by_reason", counts_json(x.missed_by_reason)}};
  json::object predictions{{"made", total(x.by_action)},
                           {"by_action", counts_json(x.by_action)},
                           {"abstained", total(x.abstained)},
                           {"abstained_by_reason", counts_json(x.abstained)}};
  json::object data{{"bars", x.bars},
                    {"quarantined", total(x.quarantined)},
                    {"quarantined_by_reason", counts_json(x.quarantined)},
                    {"repaired", total(x.repaired)},
                    {"repaired_by_reason", counts_json(x.repaired)},
                    {"revised", x.revised}};
  return {{"kind", "evening"},
          {"as_of", json_time(x.as_of)},
          {"session", session_json(x.day)},
          {"cycles", std::move(cycles)},
          {"predictions", std::move(predictions)},
          {"outcomes", outcomes_json(x)},
          {"hits", extremes(x, true)},
          {"misses", extremes(x, false)},
          {"data", std::move(data)},
          {"model", model_json(x.champion)},
          {"training", training_json(x.training)},
          {"supervision", supervision_json(x)},
          {"counted_to", {{"quarantined", counts_json(x.quarantined_ever)},
                          {"supervision_event", x.last_supervision_event}}}};
}

} // namespace banksia::analysis
