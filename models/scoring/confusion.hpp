#pragma once

/// How often each class was told for each that came true.

#include "models/scoring/move_class.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace banksia {

/// Rows are what came true, columns what was told; both down, flat, up.
struct class_confusion {
  std::array<std::array<std::uint64_t, move_class_count>, move_class_count>
    counts{};

  void add(move_class actual, move_class told) noexcept;

  std::uint64_t samples() const noexcept;

  /// The part told right, in 0 … 1; 0 without samples.
  double accuracy() const noexcept;

  /// The part of those of a class that was told so; none where it never came
  /// true.
  std::optional<double> recall(move_class x) const noexcept;

  /// The mean recall over the classes that came true, in 0 … 1; a constant
  /// answer gets one over their number. 0 without samples.
  double balanced_accuracy() const noexcept;

  /// Matthews' correlation for several classes, R_K, in -1 … 1 (Gorodkin,
  /// "Comparing two K-category assignments by a K-category correlation
  /// coefficient", Computational Biology and Chemistry 28, 2004):
  ///
  ///     (c s - sum t_k p_k) / sqrt((s^2 - sum p_k^2) (s^2 - sum t_k^2))
  ///
  /// c right of s samples, t_k times class k came true, p_k times it was told.
  /// 0 where a factor is 0: a constant answer correlates with nothing.
  double mcc() const noexcept;

  friend bool operator==(const class_confusion&,
                         const class_confusion&) = default;
};

/// The most likely class of each forecast against what came true.
class_confusion confusion_of(std::span<const class_probabilities> forecasts,
                             std::span<const move_class> labels) noexcept;

} // namespace banksia
