#include "models/scoring/named_forecast.hpp"

#include <algorithm>
#include <cmath>

namespace banksia {

std::vector<label_window> windows_of(std::span<const forecast_sample> samples) {
  std::vector<label_window> result;
  result.reserve(samples.size());
  for (const auto& x : samples)
    result.push_back({x.slot, x.label_end, x.day});
  return result;
}

std::optional<std::string>
problem_of(std::span<const forecast_sample> samples) {
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto& x = samples[i];
    auto where = ": sample " + std::to_string(i) + ": ";
    if (!x.day.ok())
      return "not a real day" + where + "give the exchange's date";
    if (!std::isfinite(x.actual_return.value()))
      return "a return is not finite" + where + "leave out void outcomes";
    if (!std::isfinite(x.band.value()) || !(x.band.value() > 0.0))
      return "no flat band" + where + "leave out samples without volatility";
    if (x.last_return && !std::isfinite(x.last_return->value()))
      return "the last return is not finite" + where + "give none instead";
    if (i > 0 && (x.slot < samples[i - 1].slot || x.day < samples[i - 1].day))
      return "out of order" + where + "sort by slot";
  }
  return std::nullopt;
}

std::optional<std::string> problem_of(const named_forecast& forecast,
                                      std::size_t samples) {
  auto where = ": forecast " + forecast.name + ": ";
  auto fits = [&](std::size_t n) { return n == 0 || n == samples; };
  if (!fits(forecast.actions.size()) || !fits(forecast.probabilities.size()))
    return "another number of forecasts than samples" + where
           + "give one a sample";
  if (forecast.actions.empty() && forecast.probabilities.empty())
    return "neither actions nor probabilities" + where + "give one of them";
  for (auto action : forecast.actions)
    if (action == trade_action::strong_buy
        || action == trade_action::strong_sell)
      return "a strong action" + where + "give BUY, SELL, HOLD or none";
  for (std::size_t i = 0; i < forecast.probabilities.size(); ++i)
    if (auto problem = problem_of(forecast.probabilities[i]))
      return *problem + where + "sample " + std::to_string(i);
  if (!std::all_of(forecast.daily_returns.begin(),
                   forecast.daily_returns.end(), [](double x) {
                     return std::isfinite(x) && x >= -1.0;
                   }))
    return "a daily return is not finite or below -1" + where
           + "give fractions";
  return std::nullopt;
}

std::vector<trade_action>
actions_of(std::span<const class_probabilities> probabilities) {
  std::vector<trade_action> result;
  result.reserve(probabilities.size());
  for (const auto& p : probabilities)
    result.push_back(action_of(most_likely(p)));
  return result;
}

} // namespace banksia
