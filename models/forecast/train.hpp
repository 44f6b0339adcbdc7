#pragma once

/// Training: seeded, on the calling thread alone, without a clock.

#include "models/forecast/forecast_model.hpp"
#include "models/forecast/inputs.hpp"
#include "models/forecast/options.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::forecast {

enum class training_failure : std::uint8_t {
  bad_options,
  bad_data,        ///< a value, label or return that cannot be
  too_little_data, ///< too few rows, or none of a class
  look_ahead,      ///< validation begins before the training labels ended
  nan_loss,        ///< the loss is no number any more
  cancelled,       ///< by the progress callback
};

std::string_view to_string(training_failure x) noexcept;

/// Where training stands, after each step.
struct training_progress {
  model_kind member = model_kind::mlp; ///< of an ensemble, the one in training
  std::uint32_t epoch = 0;             ///< from 1
  std::uint32_t step = 0;              ///< within the epoch, from 1
  std::uint32_t steps = 0;             ///< of an epoch
  double loss = 0.0;                   ///< of this step
};

/// Called after each step; false ends the training.
using progress_callback = std::function<bool(const training_progress&)>;

/// Losses of an epoch.
struct epoch_losses {
  model_kind member = model_kind::mlp;
  std::uint32_t epoch = 0;
  double training = 0.0;   ///< mean of its steps: weighted log loss + magnitude
  double validation = 0.0; ///< log loss of the probabilities, nats a row

  friend bool operator==(const epoch_losses&, const epoch_losses&) = default;
};

/// How the training of one network ended.
struct member_summary {
  model_kind member = model_kind::mlp;
  std::uint32_t best_epoch = 0; ///< whose weights are kept
  double validation_loss = 0.0; ///< then
  bool stopped_early = false;   ///< before the last epoch, out of patience

  friend bool operator==(const member_summary&, const member_summary&) = default;
};

struct training_result {
  std::optional<forecast_model> model; ///< unless it failed
  std::optional<training_failure> failure;
  std::string reason; ///< what failed and what to do; empty when nothing did
  std::vector<epoch_losses> curve; ///< up to the failure
  std::vector<member_summary> members;
  class_numbers class_weights{};
};

/// Trains on `set` and keeps the weights of the epoch that is best on
/// `validation`, which is looked at for nothing else: scales and class weights
/// come from `set`. The same arguments give the same bits in the same build on
/// the same processor capability.
///
/// Each training label must have ended when validation begins. An embargo
/// between them is the caller's business, as is the temperature: fit that on
/// rows which neither of the two has seen.
training_result train(const training_options& options, const training_set& set,
                      const training_set& validation,
                      const progress_callback& progress = {});

} // namespace banksia::forecast
