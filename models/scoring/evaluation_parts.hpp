#pragma once

/// How the parts of `evaluation_report.hpp` are made.

#include "models/scoring/evaluation_report.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace banksia {

/// What all forecasts share.
struct judged_samples {
  std::span<const forecast_sample> samples;
  std::vector<move_class> labels;
  std::vector<std::uint32_t> rows; ///< of each sample's trading day
  std::uint32_t days = 0;
};

/// Requires sound samples (`problem_of`).
judged_samples judged_samples_of(std::span<const forecast_sample> samples);

/// One evaluation a forecast; those without actions have none.
std::vector<std::optional<action_evaluation>>
evaluate_actions(const judged_samples& x,
                 std::span<const named_forecast* const> forecasts,
                 const evaluation_options& options);

/// The same for probabilities, against those of `reference`.
std::vector<std::optional<probability_evaluation>>
evaluate_probabilities(const judged_samples& x,
                       std::span<const named_forecast* const> forecasts,
                       const named_forecast& reference,
                       const evaluation_options& options);

/// None where returns tell nothing.
std::optional<account_evaluation>
evaluate_account(std::span<const double> daily_returns,
                 const evaluation_options& options);

/// The larger expected error of both ways of binning the most likely class.
double calibration_error(std::span<const class_probabilities> forecasts,
                         std::span<const move_class> labels,
                         std::uint32_t bins);

} // namespace banksia
