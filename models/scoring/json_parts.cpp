#include "models/scoring/json_parts.hpp"

#include <string>

namespace banksia {

namespace json = boost::json;

namespace {

void put(json::object& out, const std::string& name, const rate_estimate& x,
         bool known) {
  out[name] = known ? json::value(x.value) : json::value(nullptr);
  out[name + "_interval"] = to_array(x.interval);
}

} // namespace

json::array to_array(const std::optional<interval95>& x) {
  return x ? json::array{x->lower, x->upper} : json::array{nullptr, nullptr};
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

} // namespace banksia
