#include "models/forecast/standardizer.hpp"

#include <algorithm>
#include <cmath>

namespace banksia::forecast {

namespace {

/// Welford's running mean and sum of squares ("Note on a method for
/// calculating corrected sums of squares and products", 1962): prices far from
/// zero lose no digits.
class running_scale {
public:
  void add(double value) noexcept {
    ++count_;
    auto delta = value - mean_;
    mean_ += delta / static_cast<double>(count_);
    squares_ += delta * (value - mean_);
  }

  column_scale result() const noexcept {
    if (count_ == 0)
      return {0.0, 0.0};
    auto deviation = std::sqrt(squares_ / static_cast<double>(count_));
    // Rounding leaves a trace of width in a column that is constant.
    if (!(deviation > 1e-12 * std::abs(mean_)))
      return {mean_, 1.0};
    return {mean_, deviation};
  }

private:
  std::size_t count_ = 0;
  double mean_ = 0.0;
  double squares_ = 0.0;
};

std::vector<column_scale> results(const std::vector<running_scale>& columns) {
  std::vector<column_scale> out;
  out.reserve(columns.size());
  for (const auto& column : columns)
    out.push_back(column.result());
  return out;
}

} // namespace

standardizer standardizer::fit(const forecast_inputs& x) {
  std::vector<running_scale> features(feature_count);
  std::vector<running_scale> channels(x.bar_channels);
  for (std::size_t row = 0; row < x.rows(); ++row) {
    auto values = x.feature_row(row);
    for (std::size_t i = 0; i < feature_count; ++i)
      if ((x.masks[row] >> i & 1) != 0)
        features[i].add(values[i]);
    for (std::size_t t = 0; t < window_bars; ++t)
      if ((x.bar_masks[row] >> t & 1) != 0)
        for (std::size_t c = 0; c < x.bar_channels; ++c)
          channels[c].add(static_cast<double>(x.bar(row, t)[c]));
  }
  return {results(features), results(channels)};
}

float standardizer::scaled(const column_scale& column, double value) noexcept {
  // Scale 0 stands for a column that was never present.
  if (column.scale == 0.0)
    return 0.0F;
  auto x = (value - column.mean) / column.scale;
  return static_cast<float>(std::clamp(x, -limit, limit));
}

} // namespace banksia::forecast
