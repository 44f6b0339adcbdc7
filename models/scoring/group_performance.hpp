#pragma once

/// Successes by the plan's rule beside those of the constant answers, with
/// intervals.

#include "messages/domain.hpp"
#include "models/scoring/day_table.hpp"
#include "models/scoring/interval.hpp"

#include <cstdint>

namespace banksia {

/// Successes of a set of samples beside those of the constant answers on the
/// same samples. Without samples all rates are 0 and mean nothing.
struct group_performance {
  std::uint64_t samples = 0;
  std::uint64_t successes = 0;
  std::uint32_t days = 0; ///< distinct trading days
  rate_estimate success_rate;
  rate_estimate always_hold_rate;
  trade_action best_constant = trade_action::none; ///< none: no samples
  rate_estimate best_constant_rate;
  rate_estimate difference;     ///< success_rate - best_constant_rate
  double mean_confidence = 0.0; ///< as stated, 0 … 1
  bool skill_shown = false;     ///< the difference's lower bound is > 0

  friend bool operator==(const group_performance&,
                         const group_performance&) = default;
};

/// Makes the rates and intervals of a group from its tally over `days` days
/// and what a bootstrap of blocks of `block_days` drew for it. Intervals of
/// plain rates are widened to the Wilson interval where that reaches further.
group_performance judge_group(const tally& total, std::uint32_t days,
                              std::uint32_t block_days, double confidence_sum,
                              group_replicates replicates);

} // namespace banksia
