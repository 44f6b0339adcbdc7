#include "models/scoring/report_json.hpp"

#include "models/scoring/report_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>

namespace banksia {

namespace json = boost::json;

namespace {

template <class T>
json::value or_null(const std::optional<T>& x) {
  return x ? json::value(*x) : json::value(nullptr);
}

json::array to_array(const std::optional<interval95>& x) {
  return x ? json::array{x->lower, x->upper} : json::array{nullptr, nullptr};
}

void put(json::object& out, const std::string& name, const rate_estimate& x,
         bool known) {
  out[name] = known ? json::value(x.value) : json::value(nullptr);
  out[name + "_interval"] = to_array(x.interval);
}

json::object group_object(const group_performance& x) {
  const bool known = x.samples > 0;
  json::object out;
  out["samples"] = x.samples;
  out["successes"] = x.successes;
  out["days"] = x.days;
  put(out, "success_rate", x.success_rate, known);
  put(out, "always_hold_rate", x.always_hold_rate, known);
  out["best_constant"] = known ? json::value(to_string(x.best_constant))
                               : json::value(nullptr);
  put(out, "best_constant_rate", x.best_constant_rate, known);
  put(out, "difference", x.difference, known);
  out["skill_shown"] = x.skill_shown;
  out["mean_confidence"]
    = known ? json::value(x.mean_confidence) : json::value(nullptr);
  return out;
}

} // namespace

json::value to_json(const performance_report& x) {
  auto out = group_object(x);
  out["message"] = headline_of(x);
  out["days_needed"] = or_null(x.days_needed);
  out["coverage"] = or_null(x.coverage);
  out["predictions"] = x.counts.predictions;
  out["abstentions"] = x.counts.abstentions;
  out["excluded"] = {{"void", x.excluded.void_outcomes},
                     {"gaps", x.excluded.gaps},
                     {"unusable", x.excluded.unusable}};
  json::object actions;
  for (const auto& action : x.by_action)
    actions[to_string(action.action)] = group_object(action);
  out["by_action"] = std::move(actions);
  out["directional"] = group_object(x.directional);
  json::array buckets;
  for (const auto& bucket : x.by_open_minutes) {
    auto object = group_object(bucket);
    object["from_minutes"] = bucket.from_minutes;
    object["to_minutes"] = or_null(bucket.to_minutes);
    buckets.push_back(std::move(object));
  }
  out["by_open_minutes"] = std::move(buckets);
  out["leak_suspected"] = x.leak_suspected;
  out["success_disagreements"] = x.success_disagreements;
  return out;
}

} // namespace banksia
