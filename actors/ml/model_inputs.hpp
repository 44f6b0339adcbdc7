#pragma once

/// From what messages carry to what a model reads.

#include "messages/learning.hpp"
#include "models/forecast/forecast_model.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace banksia {

/// One row of inputs a row.
/// @throws forecast::forecast_error for a window of another length
forecast::forecast_inputs inputs_of(const forecast::forecast_model& model,
                                    std::span<const forecast_row> rows);

/// Features that are present and farther from the mean of the model's training
/// rows than the standardizer's limit. One that was never present there counts
/// for nothing, as it does in the model.
std::uint32_t count_outlying(const forecast::standardizer& scales,
                             const feature_vector& x) noexcept;

} // namespace banksia
