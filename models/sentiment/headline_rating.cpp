#include "models/sentiment/headline_rating.hpp"

namespace banksia::sentiment {

double headline_rating::score(std::string_view title) {
  if (model_)
    return score_of(model_->probabilities(title, scorer_));
  return scorer_.score(title).score;
}

std::size_t headline_rating::rate(std::span<headline> headlines) {
  std::size_t rated = 0;
  for (auto& x : headlines) {
    if (x.scored)
      continue;
    x.score = real{score(x.title)};
    x.scored = true;
    ++rated;
  }
  return rated;
}

} // namespace banksia::sentiment
