#include "models/scoring/baselines.hpp"

#include "models/scoring/day_table.hpp"

#include <stdexcept>

namespace banksia {

std::string_view to_string(baseline x) noexcept {
  switch (x) {
    case baseline::always_hold:
      return "always_hold";
    case baseline::best_constant:
      return "best_constant";
    case baseline::majority_class:
      return "majority_class";
    case baseline::persistence:
      return "persistence";
    case baseline::reversal:
      return "reversal";
    case baseline::half_hour:
      return "half_hour";
    case baseline::climatology:
      return "climatology";
  }
  return "";
}

baseline_set::baseline_set(std::span<const forecast_sample> samples,
                           std::span<const std::uint32_t> training) {
  if (training.empty())
    throw std::invalid_argument("nothing to train on: baselines: give a "
                                "training part with samples");
  class_counts all{1.0, 1.0, 1.0};
  std::array<class_counts, move_class_count> after{};
  std::map<std::uint32_t, class_counts> by_half_hour;
  tally constants;
  for (auto i : training) {
    const auto& x = samples[i];
    auto label = index_of(x.label());
    all[label] += 1.0;
    by_half_hour[x.half_hour][label] += 1.0;
    if (x.last_return)
      after[index_of(label_of(*x.last_return, x.band))][label] += 1.0;
    for (std::size_t k = 0; k < constant_actions.size(); ++k)
      constants.constant_successes[k]
        += plan_success(constant_actions[k], x.actual_return);
  }
  const auto n = static_cast<double>(training.size() + move_class_count);
  for (std::size_t k = 0; k < move_class_count; ++k)
    climatology_[k] = all[k] / n;
  best_constant_ = constant_actions[constants.best_constant()];
  for (std::size_t k = 0; k < move_class_count; ++k)
    after_[k] = shrunk(after[k]);
  for (const auto& [half_hour, counts] : by_half_hour)
    by_half_hour_[half_hour] = shrunk(counts);
}

class_probabilities
baseline_set::shrunk(const class_counts& counts) const noexcept {
  double n = prior_samples;
  for (auto x : counts)
    n += x;
  class_probabilities result;
  for (std::size_t k = 0; k < move_class_count; ++k)
    result[k] = (counts[k] + prior_samples * climatology_[k]) / n;
  return result;
}

baseline_forecast
baseline_set::forecast(baseline x,
                       const forecast_sample& sample) const noexcept {
  switch (x) {
    case baseline::always_hold:
      return {trade_action::hold, climatology_};
    case baseline::best_constant:
      return {best_constant_, climatology_};
    case baseline::persistence:
    case baseline::reversal: {
      if (!sample.last_return)
        return {trade_action::hold, climatology_};
      auto last = label_of(*sample.last_return, sample.band);
      auto told = x == baseline::persistence ? last : mirrored(last);
      return {action_of(told), after_[index_of(last)]};
    }
    case baseline::half_hour: {
      auto i = by_half_hour_.find(sample.half_hour);
      const auto& p = i == by_half_hour_.end() ? climatology_ : i->second;
      return {action_of(most_likely(p)), p};
    }
    case baseline::majority_class:
    case baseline::climatology:
      break;
  }
  return {action_of(most_likely(climatology_)), climatology_};
}

baseline_run run_baselines(std::span<const forecast_sample> samples,
                           std::span<const walk_forward_fold> folds) {
  baseline_run result;
  result.forecasts.resize(baselines.size());
  for (std::size_t k = 0; k < baselines.size(); ++k)
    result.forecasts[k].name = to_string(baselines[k]);
  for (const auto& fold : folds) {
    baseline_set fitted{samples, fold.training};
    for (auto i : fold.test) {
      result.tested.push_back(i);
      for (std::size_t k = 0; k < baselines.size(); ++k) {
        auto x = fitted.forecast(baselines[k], samples[i]);
        result.forecasts[k].actions.push_back(x.action);
        result.forecasts[k].probabilities.push_back(x.probabilities);
      }
    }
  }
  return result;
}

std::vector<forecast_sample>
samples_at(std::span<const forecast_sample> samples,
           std::span<const std::uint32_t> indices) {
  std::vector<forecast_sample> result;
  result.reserve(indices.size());
  for (auto i : indices)
    result.push_back(samples[i]);
  return result;
}

} // namespace banksia
