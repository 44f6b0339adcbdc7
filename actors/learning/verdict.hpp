#pragma once

/// Whether what a walk-forward showed is enough to serve.

#include "actors/learning/walk.hpp"
#include "models/scoring/promotion.hpp"

#include <optional>
#include <string>
#include <vector>

namespace banksia::learning {

/// A champion's forecasts of those judged samples that it cannot have learned
/// from: `data_to`, its last outcome, lies before their slot.
struct champion_showing {
  std::string version;
  std::vector<std::uint32_t> judged; ///< positions among the samples
  std::vector<class_probabilities> probabilities; ///< of these
};

/// @throws forecast_error where the model cannot forecast such rows
champion_showing show_champion(const forecast::forecast_model& champion,
                               const std::string& version, timestamp data_to,
                               const dataset& data, const walk_result& result);

struct model_verdict {
  bool promote = false;
  /// One a condition, each with its number; those that failed begin with
  /// "not".
  std::vector<std::string> reasons;
  promotion_evidence evidence;
  /// Log loss of the direction of what moved, climatology's less the model's,
  /// nats a sample. The log loss is the sum of what is lost on whether it
  /// moves and on where it goes; the gain over climatology alone may come from
  /// the first, which nobody can buy or sell.
  mean_estimate direction_gain;
  bool leak_suspected = false;
  /// In one line: "skill shown", or "no skill shown; about N more trading days
  /// needed".
  std::string text;
};

/// Promotion's rule (`judge_promotion`), and two more conditions: the direction
/// is told better than by climatology, with an interval that leaves out zero,
/// and not so well that it is a leak until shown otherwise.
///
/// Each interval is one of 95 %, so a model without skill passes the direction
/// in at most 2.5 % of cases.
/// @param champion null: there is none
model_verdict judge(const walk_result& result, const champion_showing* champion,
                    const bootstrap_options& bootstrap = {});

/// The part of trainings without anything to learn that is promoted, at most.
inline constexpr double false_promotion_rate = 0.025;

} // namespace banksia::learning
