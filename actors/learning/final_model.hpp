#pragma once

/// The model that may serve: fitted on all there is, with a manifest that says
/// where it comes from and how models like it did on the walk-forward.

#include "actors/learning/verdict.hpp"
#include "models/forecast/model_file.hpp"

#include <cstdint>
#include <string>

namespace banksia::learning {

/// What a manifest says beside data and figures.
struct model_origin {
  timestamp trained_at{}; ///< market time
  std::uint32_t trials = 1; ///< variants tried so far, this one included
  std::string configuration_hash;
  std::string build;
};

/// Fits on all rows of `data` (the newest stop training and calibrate), with
/// the options of the walk-forward.
/// @throws learning_error where training fails
forecast::model_content
final_model(const dataset& data, const walk_options& options,
            const walk_result& shown, const model_verdict& verdict,
            const model_origin& origin, const fit_progress& progress = {});

/// The walk-forward's figures with their intervals, as a manifest keeps them.
forecast::metric_table figures_of(const walk_result& shown,
                                  const model_verdict& verdict);

/// How each feature that models learn from lies in these rows.
forecast::drift_table drift_table_of(const forecast::training_set& rows);

} // namespace banksia::learning
