#pragma once

/// The honest performance report: how often predictions were right by the
/// plan's rule, always beside the best answer that needs no model.
///
/// All rates are fractions (0.55 is 55 %). Every interval is a 95 % bootstrap
/// by trading day (`day_table.hpp`), read at the quantiles that few days call
/// for (`interval.hpp`). Those of plain rates are widened to the Wilson
/// interval where that reaches further: a bootstrap of successes alone would
/// shrink to a point. Days are taken as independent unless
/// `bootstrap_options::block_days` says otherwise; a horizon that reaches into
/// the next day makes neighbours slightly dependent, which intervals of single
/// days do not see.

#include "messages/domain.hpp"
#include "messages/time.hpp"
#include "messages/units.hpp"
#include "models/scoring/group_performance.hpp"
#include "models/scoring/suspicion.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace banksia {

/// A prediction with its outcome at the primary horizon.
struct scored_sample {
  std::string symbol;
  trading_date day; ///< the exchange's date of the slot: the block
  timestamp slot;
  trade_action action = trade_action::none; ///< BUY, SELL or HOLD
  fraction confidence;                      ///< as stated, 0 … 1
  fraction actual_return;                   ///< price return
  bool success = false;                     ///< as stored with the outcome
  std::uint32_t sessions_elapsed = 0;
  std::uint32_t open_minutes = 0;
};

/// What the samples alone do not tell.
struct report_counts {
  std::uint64_t predictions = 0; ///< with an action, evaluated or not yet
  std::uint64_t abstentions = 0;
  std::uint64_t void_outcomes = 0; ///< delisted or halted: no sample
};

/// Samples of one action.
struct action_performance : group_performance {
  trade_action action = trade_action::none;
};

/// Samples whose horizon held `from_minutes` … `to_minutes` (both included) of
/// open market.
struct open_minutes_performance : group_performance {
  std::uint32_t from_minutes = 0;
  std::optional<std::uint32_t> to_minutes; ///< none: no end
};

/// Outcomes that headline rates leave out. Each is in one count.
struct excluded_counts {
  std::uint64_t void_outcomes = 0;
  std::uint64_t gaps = 0; ///< `sessions_elapsed` > 1
  /// No BUY, SELL or HOLD; not a real day; a return that is not finite; a
  /// confidence outside 0 … 1. Never to be seen: the stored data is damaged.
  std::uint64_t unusable = 0;

  friend bool operator==(const excluded_counts&,
                         const excluded_counts&) = default;
};

/// The report. The inherited fields are of all samples.
struct performance_report : group_performance {
  /// Estimate of how many trading days in all (not in addition) it takes for
  /// the lower bound to reach zero if the present difference d is the true
  /// one: days x ((d - lower) / d)^2, since the width falls with the square
  /// root of the days; never under `min_interval_days`. It is <= `days` when
  /// skill is shown. None when d <= 0 (no number of days shows skill that is
  /// not there) and without an interval.
  std::optional<std::uint64_t> days_needed;
  /// Predictions / (predictions + abstentions); none when there are neither.
  std::optional<double> coverage;
  report_counts counts;
  excluded_counts excluded;
  /// BUY, SELL, HOLD in this order, each always there.
  std::array<action_performance, 3> by_action;
  /// BUY and SELL together: the directional accuracy.
  group_performance directional;
  /// Ascending; only those with samples.
  std::vector<open_minutes_performance> by_open_minutes;
  /// Of BUY and SELL: too good to be true; look for a leak before believing it.
  suspicion leak;
  /// Samples whose stored `success` is not what the rule says of their return.
  /// Rates use the rule; more than 0 means that stored outcomes are wrong.
  std::uint64_t success_disagreements = 0;
};

/// Judges `samples`, in any order. The same input, options and seed always
/// give the same report. 50,000 samples take well under a second.
performance_report make_report(std::span<const scored_sample> samples,
                               const report_counts& counts,
                               const bootstrap_options& options = {});

} // namespace banksia
