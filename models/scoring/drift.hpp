#pragma once

/// Whether a feature still looks as it did in training: the population
/// stability index.

#include <cstdint>
#include <span>
#include <vector>

namespace banksia {

/// Inner edges of bins and the part of the reference in each bin. A value on
/// an edge belongs to the bin above it.
struct drift_reference {
  std::vector<double> edges; ///< ascending, distinct; one fewer than bins
  std::vector<double> parts; ///< of the reference's present values, sum 1
  double missing = 0.0;      ///< part of the reference that was missing
  std::uint64_t samples = 0; ///< missing ones too

  friend bool operator==(const drift_reference&,
                         const drift_reference&) = default;
};

/// Bins of equal mass over a reference sample, ten unless told otherwise; NaN
/// is a missing value. Values that repeat leave fewer bins. A feature without
/// a present value has no bins.
/// @throws std::invalid_argument for less than two bins
drift_reference make_drift_reference(std::span<const double> values,
                                     std::uint32_t bins = 10);

/// An empty bin counts as this part: its logarithm would be infinite.
inline constexpr double least_bin_part = 1e-4;

/// From here on a shift is called large (Siddiqi, "Credit risk scorecards",
/// 2006); below 0.1 there is none to speak of.
inline constexpr double large_drift = 0.25;

struct drift {
  /// sum (a - e) ln(a / e) over the bins and, where one has missing values,
  /// over the missing; e the part in the reference, a the part now. 0 is no
  /// change.
  double index = 0.0;
  /// Where nothing changed: the point that the index exceeds by chance once
  /// in a thousand times. About (1/n + 1/m) times that of chi-squared with
  /// bins - 1 degrees of freedom (Yurdakul, "Statistical properties of
  /// population stability index", 2018).
  double chance_level = 0.0;
  double missing = 0.0;      ///< part missing now
  std::uint64_t samples = 0; ///< looked at now
  /// The index is over `large_drift` and over `chance_level`.
  bool drifted = false;
};

/// Compares values now with the reference; NaN is a missing value. Without
/// values on one side nothing has drifted.
drift drift_of(const drift_reference& reference, std::span<const double> now);

} // namespace banksia
