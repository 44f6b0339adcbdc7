#pragma once

/// Scores that a forecaster can only better by saying what it believes
/// (Gneiting and Raftery, "Strictly proper scoring rules, prediction, and
/// estimation", JASA 102, 2007).

#include "models/scoring/move_class.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace banksia {

/// Probabilities are raised to this before their logarithm is taken: who gave
/// nothing to what happened pays 13.8 nats and not infinity.
inline constexpr double log_loss_clip = 1e-6;

/// -ln(max(p[label], log_loss_clip)), in nats. ln 3 = 1.0986 for a third each.
double log_loss_of(const class_probabilities& p, move_class label) noexcept;

/// The sum over the classes of (p - 1 if it came true else p)^2, in 0 … 2
/// (Brier, "Verification of forecasts expressed in terms of probability",
/// Monthly Weather Review 78, 1950). 2 / 3 for a third each.
double brier_of(const class_probabilities& p, move_class label) noexcept;

/// The term of one class, in 0 … 1.
double brier_of(const class_probabilities& p, move_class label,
                move_class of) noexcept;

/// Means over samples. All 0 without samples.
struct proper_scores {
  std::uint64_t samples = 0;
  double log_loss = 0.0;
  double brier = 0.0;
  /// Means of the terms; they sum to `brier`. Indexed by class.
  std::array<double, move_class_count> brier_by_class{};
  /// How often each class came true. Indexed by class.
  std::array<double, move_class_count> base_rates{};
};

/// Scores `forecasts` on `labels` of the same length.
/// @throws std::invalid_argument when lengths differ or probabilities are
///         unsound (`problem_of`)
proper_scores
score_probabilities(std::span<const class_probabilities> forecasts,
                    std::span<const move_class> labels);

/// 1 - score / reference: 1 is perfect, 0 no better than the reference, below
/// 0 worse. 0 when the reference is perfect itself. For scores where less is
/// better.
double skill_score(double score, double reference) noexcept;

} // namespace banksia
