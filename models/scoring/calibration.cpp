#include "models/scoring/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>

namespace banksia {

namespace {

/// Mean log loss at an inverse temperature, and its first two derivatives by
/// it.
struct loss_at {
  double loss = 0.0;
  double slope = 0.0;
  double curvature = 0.0;
};

loss_at evaluate(std::span<const class_logits> logits,
                 std::span<const move_class> labels, double inverse) {
  loss_at sum;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const auto& z = logits[i];
    auto largest = *std::max_element(z.begin(), z.end());
    double weight = 0.0, first = 0.0, second = 0.0;
    for (auto x : z) {
      // Distances from the largest: nothing overflows.
      auto d = x - largest;
      auto w = std::exp(inverse * d);
      weight += w;
      first += w * d;
      second += w * d * d;
    }
    auto mean = first / weight;
    auto own = z[index_of(labels[i])] - largest;
    sum.loss += std::log(weight) - inverse * own;
    sum.slope += mean - own;
    sum.curvature += second / weight - mean * mean;
  }
  auto n = static_cast<double>(logits.size());
  return {sum.loss / n, sum.slope / n, sum.curvature / n};
}

void check(std::span<const class_logits> logits,
           std::span<const move_class> labels) {
  if (logits.empty() || logits.size() != labels.size())
    throw std::invalid_argument(
      std::to_string(logits.size()) + " logits of "
      + std::to_string(labels.size())
      + " outcomes: temperature: hold back samples to fit on");
  for (const auto& z : logits)
    for (auto x : z)
      if (!std::isfinite(x))
        throw std::invalid_argument("a logit is not finite: temperature: check "
                                    "what made the forecast");
}

/// Where the slope crosses zero in [low, high], whose ends have it below and
/// above zero.
double crossing(std::span<const class_logits> logits,
                std::span<const move_class> labels, double low, double high) {
  constexpr int most_steps = 200;
  auto inverse = std::clamp(1.0, low, high);
  for (int step = 0; step < most_steps; ++step) {
    auto at = evaluate(logits, labels, inverse);
    (at.slope < 0.0 ? low : high) = inverse;
    auto next = at.curvature > 0.0 ? inverse - at.slope / at.curvature : low;
    // Newton's step, or half the bracket where it leads out of it.
    if (!(next > low && next < high))
      next = low + (high - low) / 2.0;
    if (std::abs(next - inverse) <= 1e-12 * inverse)
      return next;
    inverse = next;
  }
  return inverse;
}

} // namespace

class_probabilities softmax(const class_logits& z,
                            double temperature) noexcept {
  auto largest = *std::max_element(z.begin(), z.end());
  class_probabilities result;
  double sum = 0.0;
  for (std::size_t k = 0; k < move_class_count; ++k)
    sum += result[k] = std::exp((z[k] - largest) / temperature);
  for (auto& p : result)
    p /= sum;
  return result;
}

temperature_fit fit_temperature(std::span<const class_logits> logits,
                                std::span<const move_class> labels) {
  check(logits, labels);
  constexpr auto low = 1.0 / largest_temperature;
  constexpr auto high = 1.0 / least_temperature;
  temperature_fit result;
  double inverse = 1.0;
  if (evaluate(logits, labels, low).slope >= 0.0)
    inverse = low;
  else if (evaluate(logits, labels, high).slope <= 0.0)
    inverse = high;
  else
    inverse = crossing(logits, labels, low, high);
  result.at_bound = inverse == low || inverse == high;
  result.temperature = 1.0 / inverse;
  result.log_loss_before = evaluate(logits, labels, 1.0).loss;
  result.log_loss_after = evaluate(logits, labels, inverse).loss;
  // At the minimum itself rounding may go either way.
  if (result.log_loss_after > result.log_loss_before) {
    result.temperature = 1.0;
    result.log_loss_after = result.log_loss_before;
  }
  return result;
}

} // namespace banksia
