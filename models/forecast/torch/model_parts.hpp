#pragma once

/// What a forecast_model is made of.

#include "models/forecast/forecast_model.hpp"
#include "models/forecast/torch/network.hpp"

#include <memory>
#include <vector>

namespace banksia::forecast {

struct model_parts {
  model_shape shape;
  standardizer scales;
  double temperature = 1.0;
  double magnitude_scale = 1.0; ///< mean |return| of the training rows
  /// Added to the logits: takes back what class weights did to them.
  class_numbers logit_shift{};
  std::vector<network> networks; ///< as members_of(shape.kind) says

  static forecast_model finish(std::unique_ptr<model_parts> parts) {
    return forecast_model{std::move(parts)};
  }
};

/// The forecast of one row from the mean of its networks' outputs.
row_forecast to_forecast(const model_parts& parts,
                         const std::array<double, output_count>& output);

/// log(1 + e^x) without overflow.
double softplus(double x) noexcept;

/// softmax(logits / temperature).
class_numbers probabilities_of(const class_numbers& logits,
                               double temperature) noexcept;

} // namespace banksia::forecast
