#pragma once

/// The walk-forward: in each fold a model is fitted on the past alone and says
/// what comes next; all that was said is judged together, beside answers that
/// need no model.

#include "actors/learning/fitting.hpp"
#include "models/scoring/evaluation_report.hpp"
#include "models/scoring/walk_forward.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace banksia::learning {

struct walk_options {
  forecast::training_options training; ///< its shape's symbols are the dataset's
  holdout_options holdout;
  walk_forward_options folds;
  evaluation_options evaluation;
  double transaction_cost = 0.001; ///< of a BUY or SELL and its way back
};

/// How a fold went.
struct fold_summary {
  trading_date first_day;
  trading_date last_day;
  std::size_t training_rows = 0;
  std::size_t validation_rows = 0;
  std::size_t calibration_rows = 0;
  std::size_t test_rows = 0;
  std::uint32_t purged = 0;
  double temperature = 1.0;
  std::vector<forecast::member_summary> members;
};

struct walk_result {
  std::vector<std::uint32_t> tested;    ///< rows of the dataset that were judged
  std::vector<forecast_sample> samples; ///< of these
  /// The model's first, then the logistic regression's (unless the model is
  /// one) and the rules'.
  std::vector<named_forecast> forecasts;
  std::vector<named_forecast> baselines;
  std::vector<fold_summary> folds;
  evaluation_report report;

  const named_forecast& model() const noexcept { return forecasts.front(); }
};

/// Told what is being done, in words, and how much of all is, 0 … 1.
using walk_progress = std::function<void(const std::string&, double)>;

/// @throws learning_error where there is too little data for a fold, or the
///         training of one fails
walk_result walk_forward_over(const dataset& data, const walk_options& options,
                              const walk_progress& progress = {});

/// Options that fit the dataset: shape, and an embargo of one horizon.
walk_options walk_options_for(const dataset& data, forecast::model_kind kind,
                              std::uint64_t seed);

/// So many folds of equal length over the last part of the days, so that the
/// first one has at least half of them to learn from.
/// @throws learning_error with fewer days than that takes
walk_forward_options recent_folds(const dataset& data, std::uint32_t folds);

/// Returns of an account that puts the same sum on each sample of a day, short
/// on SELL, and pays `cost` for each BUY or SELL; one value a day.
std::vector<double> account_of(std::span<const forecast_sample> samples,
                               std::span<const trade_action> actions,
                               double cost);

} // namespace banksia::learning
