#include "models/scoring/evaluation_json.hpp"

#include "models/scoring/json_parts.hpp"

#include <string>

namespace banksia {

namespace json = boost::json;

namespace {

json::object by_class(const std::array<double, move_class_count>& x) {
  json::object out;
  for (auto of : move_classes)
    out[to_string(of)] = x[index_of(of)];
  return out;
}

json::value test_value(const std::optional<test_result>& x) {
  if (!x)
    return nullptr;
  return {{"statistic", x->statistic}, {"p_value", x->p_value}};
}

// -- actions ------------------------------------------------------------------

json::object side_object(const group_performance& x, double coverage) {
  auto out = group_object(x);
  // A forecast's stated confidence is its probabilities'.
  out.erase("mean_confidence");
  out["coverage"] = coverage;
  return out;
}

json::value actions_value(const std::optional<action_evaluation>& x) {
  if (!x)
    return nullptr;
  auto out = side_object(x->all, x->coverage);
  out["days_needed"] = or_null(x->days_needed);
  out["BUY"] = side_object(x->buy, x->buy_coverage);
  out["SELL"] = side_object(x->sell, x->sell_coverage);
  out["directional"]
    = side_object(x->directional, x->buy_coverage + x->sell_coverage);
  out["pesaran_timmermann"] = test_value(x->direction_test);
  out["pesaran_timmermann_by_day"] = test_value(x->direction_test_by_day);
  json::object leak;
  leak["told"] = x->leak.told;
  leak["days"] = x->leak.days;
  leak["accuracy"]
    = x->leak.told > 0 ? json::value(x->leak.accuracy) : json::value(nullptr);
  leak["accuracy_interval"] = to_array(x->leak.interval);
  leak["leak_suspected"] = x->leak.leak_suspected;
  out["suspicion"] = std::move(leak);
  return out;
}

// -- probabilities ------------------------------------------------------------

json::object reliability_object(const reliability& x) {
  json::array bins;
  for (const auto& bin : x.bins)
    bins.push_back({{"from", bin.from},
                    {"to", bin.to},
                    {"samples", bin.samples},
                    {"mean_stated", bin.mean_stated},
                    {"observed_rate", bin.observed_rate},
                    {"observed_interval", to_array(bin.observed_interval)}});
  json::object out;
  out["expected_error"] = x.expected_error;
  out["largest_error"] = x.largest_error;
  out["bins"] = std::move(bins);
  return out;
}

json::array curve_array(const std::vector<coverage_point>& curve) {
  json::array out;
  for (const auto& x : curve)
    out.push_back({{"coverage", x.coverage},
                   {"threshold", x.threshold},
                   {"samples", x.samples},
                   {"accuracy", x.accuracy},
                   {"accuracy_interval", to_array(x.interval)}});
  return out;
}

json::object classes_object(const class_confusion& x) {
  json::array confusion;
  for (const auto& row : x.counts)
    confusion.push_back(json::array(row.begin(), row.end()));
  json::object out;
  out["confusion"] = std::move(confusion);
  out["accuracy"] = x.accuracy();
  out["balanced_accuracy"] = x.balanced_accuracy();
  out["mcc"] = x.mcc();
  return out;
}

json::value
probabilities_value(const std::optional<probability_evaluation>& x) {
  if (!x)
    return nullptr;
  json::object out;
  out["log_loss"] = x->scores.log_loss;
  out["log_loss_gain"] = x->log_loss_gain.value;
  out["log_loss_gain_interval"] = to_array(x->log_loss_gain.interval);
  out["days_needed"] = or_null(x->log_loss_gain.days_needed);
  out["diebold_mariano"] = test_value(x->loss_test);
  out["brier"] = x->scores.brier;
  out["brier_by_class"] = by_class(x->scores.brier_by_class);
  out["brier_skill"] = x->brier_skill.value;
  out["brier_skill_interval"] = to_array(x->brier_skill.interval);
  out["ece"] = x->ece;
  out["ece_by_class"] = by_class(x->class_ece);
  out["reliability"] = {{"equal_width", reliability_object(x->equal_width)},
                        {"equal_mass", reliability_object(x->equal_mass)}};
  out["coverage_curve"] = curve_array(x->coverage_curve);
  out["classes"] = classes_object(x->confusion);
  out["rank_ic"]
    = x->rank_ic ? json::value(x->rank_ic->value) : json::value(nullptr);
  out["rank_ic_interval"]
    = to_array(x->rank_ic ? x->rank_ic->interval : std::nullopt);
  out["plain_ic"] = or_null(x->plain_ic);
  out["area_up"] = or_null(x->area_up);
  return out;
}

// -- the whole ----------------------------------------------------------------

json::value account_value(const std::optional<account_evaluation>& x) {
  if (!x)
    return nullptr;
  json::object out;
  out["days"] = x->moments.periods;
  out["mean"] = x->moments.mean;
  out["deviation"] = x->moments.deviation;
  out["skewness"] = x->moments.skewness;
  out["kurtosis"] = x->moments.kurtosis;
  out["sharpe_a_year"] = x->sharpe_a_year;
  out["max_drawdown"] = x->fall.depth;
  out["probabilistic_sharpe"] = or_null(x->probabilistic);
  out["deflated_sharpe"] = or_null(x->deflated);
  return out;
}

json::array forecasts_array(const std::vector<forecast_evaluation>& list) {
  json::array out;
  for (const auto& x : list) {
    json::object object;
    object["name"] = x.name;
    object["skill_shown"] = x.skill_shown;
    object["verdict"] = x.verdict;
    object["actions"] = actions_value(x.actions);
    object["probabilities"] = probabilities_value(x.probabilities);
    object["account"] = account_value(x.account);
    out.push_back(std::move(object));
  }
  return out;
}

} // namespace

json::value to_json(const evaluation_report& x) {
  json::object out;
  out["samples"] = x.samples;
  out["days"] = x.days;
  out["first_day"] = to_string(x.first_day);
  out["last_day"] = to_string(x.last_day);
  out["base_rates"] = by_class(x.base_rates);
  out["trials"] = x.trials;
  out["forecasts"] = forecasts_array(x.forecasts);
  out["baselines"] = forecasts_array(x.baselines);
  return out;
}

json::value to_json(const promotion_verdict& x) {
  json::object out;
  out["promote"] = x.promote;
  out["reasons"] = json::array(x.reasons.begin(), x.reasons.end());
  out["text"] = x.text();
  return out;
}

} // namespace banksia
