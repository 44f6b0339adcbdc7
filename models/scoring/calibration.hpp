#pragma once

/// Temperature scaling: one number that makes a classifier as sure as it may
/// be, without changing what it finds most likely (Guo et al., "On calibration
/// of modern neural networks", ICML 2017).

#include "models/scoring/move_class.hpp"

#include <array>
#include <span>

namespace banksia {

/// Scores of down, flat and up before the softmax; finite.
using class_logits = std::array<double, move_class_count>;

/// p_k = exp(z_k / temperature) / sum_j exp(z_j / temperature); temperature
/// > 0. Exact for logits of any size.
class_probabilities softmax(const class_logits& z,
                            double temperature = 1.0) noexcept;

/// Temperatures stay between these: a sample told apart without an error
/// would be best served by none at all, one without any information by an
/// infinite one.
inline constexpr double least_temperature = 0.05;
inline constexpr double largest_temperature = 100.0;

struct temperature_fit {
  double temperature = 1.0; ///< > 1: the classifier was too sure
  double log_loss_before = 0.0; ///< mean, nats, not clipped
  double log_loss_after = 0.0;  ///< never above the one before
  bool at_bound = false;        ///< one of the bounds: distrust it
};

/// The temperature that minimises the mean log loss. Fit on samples that were
/// held back from training, inside a fold. In 1 / temperature the loss is
/// convex, so Newton's steps within a shrinking bracket find the only
/// minimum; the same input always gives the same bits.
/// @throws std::invalid_argument without samples, when lengths differ or a
///         logit is not finite
temperature_fit fit_temperature(std::span<const class_logits> logits,
                                std::span<const move_class> labels);

} // namespace banksia
