#pragma once

/// Brings features and bars to a common scale.

#include "models/forecast/inputs.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace banksia::forecast {

/// Where a column lies and how wide it is.
struct column_scale {
  double mean = 0.0;
  /// Standard deviation; 1 where all values are equal, 0 where there are none.
  double scale = 1.0;

  friend bool operator==(const column_scale&, const column_scale&) = default;
};

/// Standardises each column by the mean and standard deviation of the values
/// present in the rows it was fitted on. A column that is never present there
/// becomes 0 everywhere, its presence too: nothing can be learned from it, so
/// nothing may come of it later.
class standardizer {
public:
  /// Farther out than so many standard deviations is cut off, so that one wild
  /// value cannot carry a forecast away.
  static constexpr double limit = 8.0;

  standardizer() = default;

  standardizer(std::vector<column_scale> features,
               std::vector<column_scale> channels)
    : features_(std::move(features)), channels_(std::move(channels)) {}

  /// Fits on all rows of `x`, and on nothing else: give it the training rows
  /// alone, or what comes later has leaked. `x` must have no problem.
  static standardizer fit(const forecast_inputs& x);

  /// Whether the feature was ever present in the rows it was fitted on.
  bool knows(std::size_t index) const noexcept {
    return features_[index].scale != 0.0;
  }

  /// A feature that is present, standardised.
  float feature(std::size_t index, double value) const noexcept {
    return scaled(features_[index], value);
  }

  /// A value of a bar that is present, standardised.
  float channel(std::size_t index, float value) const noexcept {
    return scaled(channels_[index], static_cast<double>(value));
  }

  const std::vector<column_scale>& features() const noexcept {
    return features_;
  }
  const std::vector<column_scale>& channels() const noexcept {
    return channels_;
  }

  friend bool operator==(const standardizer&, const standardizer&) = default;

private:
  static float scaled(const column_scale& column, double value) noexcept;

  std::vector<column_scale> features_; ///< feature_count of them
  std::vector<column_scale> channels_; ///< one a channel of the bars
};

} // namespace banksia::forecast
