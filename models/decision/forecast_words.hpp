#pragma once

/// What models are asked, and how their words come to predictions.

#include "messages/domain.hpp"

#include <span>
#include <vector>

namespace banksia {

/// The predictions that models are asked about, in the order of the rows: those
/// that are no abstentions.
std::vector<prediction*> asked_about(std::span<prediction> all);

/// Puts each model's words beside the predictions that were `asked` about, one a
/// row. A model that failed, gave another number of rows or said what cannot be a
/// forecast is not heard at all.
void take_words(std::span<prediction* const> asked,
                const forecast_answer& answer);

} // namespace banksia
