#pragma once

/// Everything that is asked of a forecast, for several of them on the same
/// samples beside the baselines, and a verdict that follows from the numbers.
///
/// Intervals are 95 % and drawn by trading day (`day_blocks.hpp`). A gain in
/// log loss is climatology's minus the forecast's, sample by sample: above 0 is
/// better. What each number means and where its formula comes from is in
/// docs/evaluation.md.

#include "models/scoring/confusion.hpp"
#include "models/scoring/day_blocks.hpp"
#include "models/scoring/group_performance.hpp"
#include "models/scoring/named_forecast.hpp"
#include "models/scoring/proper_scores.hpp"
#include "models/scoring/reliability.hpp"
#include "models/scoring/sharpe.hpp"
#include "models/scoring/significance.hpp"
#include "models/scoring/suspicion.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

/// The baseline that probabilities are measured against.
inline constexpr std::string_view reference_name = "climatology";

struct evaluation_options {
  bootstrap_options bootstrap{};
  std::uint32_t bins = 10;        ///< of reliability
  std::uint32_t curve_steps = 10; ///< of the coverage curve
  /// For Diebold and Mariano's test on daily means of the loss.
  loss_test_options loss_test{};
  suspicion_options suspicion{};
  /// Variants tried so far, this one among them, as the registry counted
  /// them; 0: not counted, and nothing is deflated.
  std::uint64_t trials = 0;
  /// The variance of the trials' Sharpe ratios a day; needed for more than
  /// one, else nothing is deflated.
  double trial_variance = 0.0;
  double sessions_per_year = 252.0;
};

/// A forecast's actions.
struct action_evaluation {
  double coverage = 0.0; ///< acted on / samples
  group_performance all; ///< what was acted on, by the plan's rule
  group_performance buy;
  group_performance sell;
  group_performance directional; ///< BUY and SELL together
  double buy_coverage = 0.0;     ///< BUY / samples
  double sell_coverage = 0.0;
  /// Trading days in all until the difference to the best constant is told
  /// from zero; none where it is not above zero or has no interval.
  std::optional<std::uint64_t> days_needed;
  std::optional<test_result> direction_test;        ///< Pesaran, Timmermann
  std::optional<test_result> direction_test_by_day; ///< the same over days
  suspicion leak;
};

/// A correlation and its interval.
struct correlation_estimate {
  double value = 0.0;
  std::optional<interval95> interval;
};

/// A forecast's probabilities.
struct probability_evaluation {
  proper_scores scores;
  mean_estimate log_loss_gain; ///< over climatology, nats a sample
  rate_estimate brier_skill;   ///< over climatology
  /// Of daily mean losses, the forecast's minus climatology's: a negative
  /// statistic is the forecast's advantage. None for climatology itself.
  std::optional<test_result> loss_test;
  reliability equal_width; ///< of the most likely class
  reliability equal_mass;
  double ece = 0.0; ///< the larger of both: no binning may hide an error
  /// Of each class's own probability, bins of equal mass. Indexed by class.
  std::array<double, move_class_count> class_ece{};
  class_confusion confusion; ///< most likely class against what came true
  std::vector<coverage_point> coverage_curve; ///< of the most likely class
  /// Information coefficient: rank correlation of p(up) - p(down) and return.
  std::optional<correlation_estimate> rank_ic;
  std::optional<double> plain_ic;     ///< Pearson's, of the values themselves
  std::optional<double> area_up; ///< under the ROC curve: up by p(up) - p(down)
};

/// The account that trades on a forecast.
struct account_evaluation {
  return_moments moments;
  double sharpe_a_year = 0.0;
  drawdown fall;
  std::optional<double> probabilistic; ///< chance that the true ratio is > 0
  std::optional<double> deflated; ///< none: trials or variance not known
};

struct forecast_evaluation {
  std::string name;
  std::optional<action_evaluation> actions;
  std::optional<probability_evaluation> probabilities;
  std::optional<account_evaluation> account;
  /// What it has of both shows skill: success over the best constant, log loss
  /// over climatology.
  bool skill_shown = false;
  std::string verdict; ///< in words, with the numbers it follows from
};

struct evaluation_report {
  std::uint64_t samples = 0;
  std::uint32_t days = 0;
  trading_date first_day{};
  trading_date last_day{};
  std::array<double, move_class_count> base_rates{};
  std::uint64_t trials = 0;
  std::vector<forecast_evaluation> forecasts; ///< as given
  std::vector<forecast_evaluation> baselines; ///< as given
};

/// Judges `forecasts` and `baselines` on `samples`, which come in order of
/// slot. The same input and options always give the same report.
/// @throws std::invalid_argument where `problem_of` finds one, without samples,
///         and when no baseline "climatology" has probabilities
evaluation_report evaluate_forecasts(std::span<const forecast_sample> samples,
                                     std::span<const named_forecast> forecasts,
                                     std::span<const named_forecast> baselines,
                                     const evaluation_options& options = {});

/// The verdict on a forecast, from its numbers alone.
std::string verdict_of(const forecast_evaluation& x);

} // namespace banksia
