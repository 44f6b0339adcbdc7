#include "actors/ml/judge.hpp"
#include "messages/json.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <cmath>

namespace banksia {

namespace {

namespace json = boost::json;

json::array interval_of(const interval95& x) {
  return {json_number(x.lower), json_number(x.upper)};
}

json::object quality_json(const live_window_quality& x) {
  json::object out{{"day", to_string(x.day)},
                   {"samples", x.samples},
                   {"days", x.days},
                   {"log_loss", json_number(x.log_loss)},
                   {"brier", json_number(x.brier)},
                   {"brier_skill", json_number(x.brier_skill)},
                   {"brier_gain", json_number(x.brier_gain.value)},
                   {"ece", json_number(x.ece)},
                   {"ece_by_chance", json_number(x.ece_by_chance)}};
  out["brier_gain_interval"] = x.brier_gain.interval
                                 ? json::value(
                                     interval_of(*x.brier_gain.interval))
                                 : json::value(nullptr);
  return out;
}

json::object model_json(const live_model& x) {
  json::array days;
  for (const auto& day : x.days)
    days.push_back(quality_json(day));
  return {{"model_version", x.version},
          {"days", std::move(days)},
          {"directions_told", x.directions.told},
          {"directions_right", json_number(x.directions.accuracy)},
          {"directions_interval", interval_of(x.directions.interval)},
          {"leak_suspected", x.directions.leak_suspected}};
}

/// Numbers of an array; nothing where it holds anything else.
std::optional<std::vector<double>> numbers(const json::object& from,
                                           std::string_view name) {
  auto value = from.if_contains(name);
  auto array = value ? value->if_array() : nullptr;
  if (!array)
    return std::nullopt;
  std::vector<double> result;
  for (const auto& x : *array) {
    if (!x.is_number())
      return std::nullopt;
    result.push_back(x.to_number<double>());
  }
  return result;
}

std::optional<double> number(const json::object& from, std::string_view name) {
  auto value = from.if_contains(name);
  if (!value || !value->is_number())
    return std::nullopt;
  return value->to_number<double>();
}

std::optional<drift_reference> reference_from(const json::value& x) {
  auto from = x.if_object();
  if (!from)
    return std::nullopt;
  auto edges = numbers(*from, "edges");
  auto parts = numbers(*from, "parts");
  auto missing = number(*from, "missing");
  auto samples = number(*from, "samples");
  if (!edges || !parts || !missing || !samples)
    return std::nullopt;
  auto bins = edges->size() + 1;
  auto ascending = std::adjacent_find(edges->begin(), edges->end(),
                                      std::greater_equal<>{})
                   == edges->end();
  if (!(parts->size() == bins || (parts->empty() && edges->empty()))
      || !ascending || !(*missing >= 0.0 && *missing <= 1.0)
      || !(*samples >= 0.0 && *samples < 1e15))
    return std::nullopt;
  drift_reference result;
  result.edges = std::move(*edges);
  result.parts = std::move(*parts);
  result.missing = *missing;
  result.samples = static_cast<std::uint64_t>(*samples);
  return result;
}

} // namespace

std::map<std::string, drift_reference, std::less<>>
feature_references(const json::object& manifest) {
  std::map<std::string, drift_reference, std::less<>> result;
  auto value = manifest.if_contains("drift");
  auto all = value ? value->if_object() : nullptr;
  if (!all)
    return result;
  for (const auto& [name, x] : *all)
    if (auto reference = reference_from(x))
      result.emplace(std::string{name}, std::move(*reference));
  return result;
}

json::object to_json(const live_judgement& x,
                     std::span<const feature_shift> drift) {
  json::array shadows, shifts;
  auto leak = x.champion && x.champion->directions.leak_suspected;
  for (const auto& shadow : x.shadows) {
    shadows.push_back(model_json(shadow));
    leak = leak || shadow.directions.leak_suspected;
  }
  for (const auto& shift : drift)
    shifts.push_back({{"feature", shift.feature},
                      {"psi", json_number(shift.found.index)},
                      {"chance_level", json_number(shift.found.chance_level)},
                      {"missing", json_number(shift.found.missing)},
                      {"samples", shift.found.samples},
                      {"drifted", shift.found.drifted}});
  json::object demotion{{"demote", x.demotion.demote},
                        {"days_broken", x.demotion.days_broken},
                        {"reason", x.demotion.reason}};
  return {{"champion", x.champion ? json::value(model_json(*x.champion))
                                  : json::value(nullptr)},
          {"demotion", x.champion ? json::value(std::move(demotion))
                                  : json::value(nullptr)},
          {"shadows", std::move(shadows)},
          {"drift", std::move(shifts)},
          {"leak_suspected", leak}};
}

} // namespace banksia
