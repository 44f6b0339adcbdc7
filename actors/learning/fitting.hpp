#pragma once

/// One model from one stretch of the past: trained, stopped early and
/// calibrated on rows of which each serves one purpose alone.

#include "actors/learning/dataset.hpp"
#include "models/forecast/train.hpp"
#include "models/scoring/calibration.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace banksia::learning {

/// Parts of the training rows, the last ones in time, that training does not
/// see.
struct holdout_options {
  double validation = 0.15;  ///< when training stops, and which weights stay
  double calibration = 0.15; ///< the temperature; the newest rows
};

/// Training rows by what they are for, in time order. A row whose outcome was
/// not known when the next part began belongs to none.
struct time_split {
  std::vector<std::uint32_t> training;
  std::vector<std::uint32_t> validation;
  std::vector<std::uint32_t> calibration;
  std::uint32_t purged = 0;
};

/// Splits `rows` (indices into `samples`, ascending). Days are never parted.
time_split split_in_time(std::span<const forecast_sample> samples,
                         std::span<const std::uint32_t> rows,
                         const holdout_options& options = {});

/// A model, calibrated, with how it came about.
struct fitted_model {
  forecast::forecast_model model;
  temperature_fit temperature;
  std::vector<forecast::member_summary> members;
  std::size_t training_rows = 0;
  std::size_t validation_rows = 0;
  std::size_t calibration_rows = 0;
};

/// Called now and then with what is done, 0 … 1; what it throws ends the
/// training.
using fit_progress = std::function<void(double)>;

/// Fits on rows `rows` of `data` and looks at no other.
/// @throws learning_error with the reason where training fails
fitted_model fit(const dataset& data, std::span<const std::uint32_t> rows,
                 const forecast::training_options& options,
                 const holdout_options& holdout = {},
                 const fit_progress& progress = {});

/// Rows to learn from: of the features, those of `learned_features`.
forecast::training_set learned_rows(const dataset& data,
                                    std::span<const std::uint32_t> rows);

/// The model's calibrated probabilities of rows, in their order.
/// @throws forecast_error
std::vector<class_probabilities>
probabilities_of(const forecast::forecast_model& model, const dataset& data,
                 std::span<const std::uint32_t> rows);

} // namespace banksia::learning
