#include "models/scoring/proper_scores.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace banksia {

double log_loss_of(const class_probabilities& p, move_class label) noexcept {
  return -std::log(std::max(p[index_of(label)], log_loss_clip));
}

double brier_of(const class_probabilities& p, move_class label,
                move_class of) noexcept {
  auto distance = p[index_of(of)] - (label == of ? 1.0 : 0.0);
  return distance * distance;
}

double brier_of(const class_probabilities& p, move_class label) noexcept {
  double sum = 0.0;
  for (auto of : move_classes)
    sum += brier_of(p, label, of);
  return sum;
}

proper_scores
score_probabilities(std::span<const class_probabilities> forecasts,
                    std::span<const move_class> labels) {
  if (forecasts.size() != labels.size())
    throw std::invalid_argument(
      std::to_string(forecasts.size()) + " forecasts of "
      + std::to_string(labels.size())
      + " outcomes: proper scores: give one forecast a sample");
  proper_scores result;
  result.samples = labels.size();
  if (labels.empty())
    return result;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (auto problem = problem_of(forecasts[i]))
      throw std::invalid_argument(*problem + ": sample " + std::to_string(i)
                                  + ": check what made the forecast");
    result.log_loss += log_loss_of(forecasts[i], labels[i]);
    for (auto of : move_classes)
      result.brier_by_class[index_of(of)]
        += brier_of(forecasts[i], labels[i], of);
    result.base_rates[index_of(labels[i])] += 1.0;
  }
  const auto n = static_cast<double>(labels.size());
  result.log_loss /= n;
  for (std::size_t k = 0; k < move_class_count; ++k) {
    result.brier_by_class[k] /= n;
    result.base_rates[k] /= n;
    result.brier += result.brier_by_class[k];
  }
  return result;
}

double skill_score(double score, double reference) noexcept {
  return reference > 0.0 ? 1.0 - score / reference : 0.0;
}

} // namespace banksia
