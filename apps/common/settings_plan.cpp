#include "apps/common/settings_plan.hpp"

#include "apps/common/command.hpp"
#include "apps/common/version.hpp"
#include "config/text.hpp"

#include <algorithm>

namespace banksia {

namespace {

constexpr std::uint32_t hour = 60;
constexpr std::uint32_t day = 24 * hour;

bar_interval interval_of(std::uint32_t minutes, std::string_view key) {
  for (auto known : {bar_interval::m1, bar_interval::m5, bar_interval::m15,
                     bar_interval::m30, bar_interval::m60, bar_interval::d1})
    if (minutes_of(known) == minutes)
      return known;
  throw commands::command_error(
    commands::exit_bad_config,
    "no cycle or bar of " + std::to_string(minutes)
      + " minutes: configuration, key " + std::string{key}
      + ": use 1, 5, 15, 30, 60 or 1440");
}

std::vector<std::uint32_t> horizons_of(std::uint32_t primary) {
  std::vector<std::uint32_t> horizons{hour, primary, day};
  std::sort(horizons.begin(), horizons.end());
  horizons.erase(std::unique(horizons.begin(), horizons.end()),
                 horizons.end());
  return horizons;
}

run_plan common_plan(const config::settings& x) {
  run_plan plan;
  plan.symbols = x.symbols;
  plan.index_symbol = x.index_symbol;
  plan.stale_after = std::chrono::minutes{x.stale_after_minutes};
  plan.rules = x.rules;
  plan.flat_band = x.flat_band;
  plan.policy.confidence_threshold = x.confidence_threshold;
  plan.policy.transaction_cost = x.transaction_cost;
  plan.policy.outlying_max = x.outlying_features_max;
  plan.policy.rules_without_model
    = x.without_model == config::without_model::rules;
  plan.calendar = calendar_from(x);
  return plan;
}

} // namespace

daily_plan training_plan(const config::settings& x) {
  daily_plan plan;
  plan.training_at = x.training_time_utc;
  plan.training_days = x.model_retrain_interval_days;
  return plan;
}

exchange_calendar calendar_from(const config::settings& x) {
  if (!x.market_hours_start_utc || !x.market_hours_end_utc)
    return exchange_calendar{};
  auto made = exchange_calendar::with_utc_hours(
    {*x.market_hours_start_utc, *x.market_hours_end_utc});
  if (auto problem = std::get_if<std::string>(&made))
    throw commands::command_error(commands::exit_bad_config, *problem);
  return std::get<exchange_calendar>(std::move(made));
}

run_plan live_plan(const config::settings& x) {
  auto plan = common_plan(x);
  plan.run = "live";
  plan.interval = interval_of(x.prediction_interval_minutes,
                              "prediction_interval_minutes");
  plan.data_interval
    = x.price_source == config::price_source::live
        ? interval_of(x.price_interval_minutes, "price_interval_minutes")
        : interval_of(x.simulation_interval_minutes,
                      "simulation_interval_minutes");
  plan.context = parse_context_names(x.context_series).series;
  plan.primary_horizon_minutes = x.evaluation_delay_hours * hour;
  plan.horizons_minutes = horizons_of(plan.primary_horizon_minutes);
  plan.forecasts = x.ml == config::model_service::on;
  plan.daily = training_plan(x);
  plan.daily.morning = std::chrono::minutes{x.morning_analysis_minutes};
  plan.daily.evening = std::chrono::minutes{x.evening_analysis_minutes};
  return plan;
}

run_plan replay_plan(const config::settings& x, bar_interval interval) {
  auto plan = common_plan(x);
  plan.interval = plan.data_interval = interval;
  plan.news = false; // unless it is told some
  if (interval == bar_interval::d1) {
    plan.primary_horizon_minutes = day;
    plan.horizons_minutes = {day};
  } else {
    plan.primary_horizon_minutes = x.evaluation_delay_hours * hour;
    plan.horizons_minutes = horizons_of(plan.primary_horizon_minutes);
  }
  return plan;
}

store::provenance provenance_from(const config::settings& x) {
  return {config::configuration_hash(x), config::full_text(x), build_text()};
}

} // namespace banksia
