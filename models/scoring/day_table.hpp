#pragma once

/// Successes counted per trading day, and their bootstrap by whole days. The
/// symbols of a day move together, so a day and not a sample is what may be
/// drawn anew.

#include "messages/domain.hpp"
#include "messages/time.hpp"
#include "models/scoring/day_blocks.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace banksia {

/// The three answers that need no model, in the order in which a tie for the
/// best is broken.
inline constexpr std::array constant_actions{
  trade_action::hold, trade_action::buy, trade_action::sell};

/// How often the forecast and each constant answer were right on the same
/// samples.
struct tally {
  std::uint64_t samples = 0;
  std::uint64_t successes = 0;
  /// Indexed like `constant_actions`.
  std::array<std::uint64_t, constant_actions.size()> constant_successes{};

  /// Index into `constant_actions` of the most successful; the first of a tie.
  std::size_t best_constant() const noexcept;
};

/// What a bootstrap drew for one group: a value a resample, those in which the
/// group had no sample left out. All are fractions.
struct group_replicates {
  std::vector<double> success_rate;
  std::vector<double> always_hold_rate;
  std::vector<double> best_constant_rate;
  std::vector<double> difference; ///< success_rate - best_constant_rate
};

/// Tallies by day (rows) and group of samples (columns). A sample may belong
/// to several groups.
class day_table {
public:
  /// `days` in any order, with repetitions.
  day_table(std::vector<trading_date> days, std::size_t groups);

  /// Counts one sample. `day` must be among those given, `group` < groups;
  /// the outcome is judged by the plan's rule.
  void add(trading_date day, std::size_t group, trade_action action,
           fraction actual_return);

  /// The same for a day whose row is known (`day_index::row_of`).
  void add_at(std::uint32_t row, std::size_t group, trade_action action,
              fraction actual_return) noexcept;

  /// Number of distinct days.
  std::uint32_t days() const noexcept { return days_.size(); }

  const day_index& index() const noexcept { return days_; }

  /// Number of days on which `group` has a sample.
  std::uint32_t days_with(std::size_t group) const noexcept;

  /// The sum of `group` over all days.
  tally total(std::size_t group) const noexcept;

  /// Draws `days()` days with replacement, `resamples` times, and for each
  /// group takes the rates of what was drawn, its best constant chosen anew.
  /// The same table and options always give the same replicates.
  std::vector<group_replicates>
  bootstrap(const bootstrap_options& options) const;

  /// The same, of single days.
  std::vector<group_replicates> bootstrap(std::uint32_t resamples,
                                          std::uint64_t seed) const {
    return bootstrap({.resamples = resamples, .seed = seed});
  }

private:
  /// Counters of a tally: samples, successes, one a constant.
  static constexpr std::size_t width_ = 2 + constant_actions.size();

  template <class Number>
  static tally tally_at(const Number* counters) noexcept;
  template <class Sum>
  std::vector<group_replicates>
  bootstrap_by(const bootstrap_options& options) const;

  day_index days_;
  std::size_t groups_;
  std::vector<std::uint32_t> counters_; ///< [day][group][counter]
};

} // namespace banksia
