#include "models/scoring/group_performance.hpp"

#include <algorithm>
#include <utility>

namespace banksia {

namespace {

rate_estimate rate(std::uint64_t successes, std::uint64_t trials,
                   std::vector<double> replicates, std::uint32_t blocks) {
  rate_estimate result;
  result.value = static_cast<double>(successes) / static_cast<double>(trials);
  result.interval = percentile_interval(std::move(replicates), blocks);
  if (result.interval) {
    auto wilson = wilson_interval(successes, trials);
    result.interval->lower = std::min(result.interval->lower, wilson.lower);
    result.interval->upper = std::max(result.interval->upper, wilson.upper);
  }
  return result;
}

} // namespace

group_performance judge_group(const tally& total, std::uint32_t days,
                              std::uint32_t block_days, double confidence_sum,
                              group_replicates replicates) {
  group_performance result;
  if (total.samples == 0)
    return result;
  auto best = total.best_constant();
  auto blocks = blocks_of(days, block_days);
  result.samples = total.samples;
  result.successes = total.successes;
  result.days = days;
  result.success_rate = rate(total.successes, total.samples,
                             std::move(replicates.success_rate), blocks);
  result.always_hold_rate
    = rate(total.constant_successes[0], total.samples,
           std::move(replicates.always_hold_rate), blocks);
  result.best_constant = constant_actions[best];
  result.best_constant_rate
    = rate(total.constant_successes[best], total.samples,
           std::move(replicates.best_constant_rate), blocks);
  result.difference.value
    = result.success_rate.value - result.best_constant_rate.value;
  result.difference.interval
    = percentile_interval(std::move(replicates.difference), blocks);
  result.mean_confidence
    = confidence_sum / static_cast<double>(total.samples);
  result.skill_shown = result.difference.interval
                       && result.difference.interval->lower > 0.0;
  return result;
}

} // namespace banksia
