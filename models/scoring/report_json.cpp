#include "models/scoring/report_json.hpp"

#include "models/scoring/json_parts.hpp"
#include "models/scoring/report_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace banksia {

namespace json = boost::json;

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
  out["leak_suspected"] = x.leak.leak_suspected;
  out["success_disagreements"] = x.success_disagreements;
  return out;
}

} // namespace banksia
