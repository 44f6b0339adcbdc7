#pragma once

/// Whether a challenger has earned the champion's place.

#include "models/scoring/interval.hpp"

#include <optional>
#include <string>
#include <vector>

namespace banksia::forecast {

/// Log loss of the challenger minus the other's, on the same samples of the
/// purged walk-forward; below zero the challenger is better.
struct loss_difference {
  double mean = 0.0;
  std::optional<interval95> interval; ///< none: too few days to say
};

struct promotion_evidence {
  std::optional<loss_difference> against_champion; ///< none: not measured
  loss_difference against_climatology;
  double calibration_error = 1.0; ///< ECE, 0 … 1
};

struct promotion_bounds {
  double calibration_error_max = 0.05;
};

/// What speaks against it, one reason each; empty when it may be promoted: it
/// beats climatology and the champion, if there is one, by intervals that
/// exclude zero, and its ECE is within the bound. Numbers that are none speak
/// against it.
std::vector<std::string>
reasons_against_promotion(const promotion_evidence& evidence, bool has_champion,
                          const promotion_bounds& bounds = {});

} // namespace banksia::forecast
