#include "models/sentiment/headline_score.hpp"

#include "models/sentiment/reading.hpp"

#include <cmath>

namespace banksia::sentiment {

std::string_view to_string(label x) noexcept {
  switch (x) {
    case label::negative:
      return "negative";
    case label::neutral:
      return "neutral";
    case label::positive:
      return "positive";
  }
  return "";
}

std::string_view to_string(score_rule x) noexcept {
  switch (x) {
    case score_rule::tone:
      return "tone";
    case score_rule::direction:
      return "direction";
    case score_rule::comparison:
      return "comparison";
    case score_rule::swing:
      return "swing";
    case score_rule::expectation:
      return "expectation";
  }
  return "";
}

double squashed(double sum) noexcept {
  return std::tanh(sum / 2.0);
}

label label_of_sum(double sum) noexcept {
  if (sum >= neutral_sum)
    return label::positive;
  if (sum <= -neutral_sum)
    return label::negative;
  return label::neutral;
}

struct headline_scorer::state {
  text_words words;
  reading read;
  headline_score result;
};

headline_scorer::headline_scorer() : state_(std::make_unique<state>()) {}
headline_scorer::~headline_scorer() = default;
headline_scorer::headline_scorer(headline_scorer&&) noexcept = default;
headline_scorer&
headline_scorer::operator=(headline_scorer&&) noexcept = default;

const headline_score& headline_scorer::score(std::string_view title) {
  state_->words.assign(title);
  return score(state_->words);
}

const headline_score& headline_scorer::score(const text_words& words) {
  auto& read = state_->read;
  read.parts.swap(state_->result.parts); // keeps its memory
  read.assign(words.all(), lexicon::finance());
  swing_rule(read);
  direction_rule(read);
  comparison_rule(read);
  expectation_rule(read);
  tone_rule(read);
  auto& result = state_->result;
  result.parts.swap(read.parts);
  result.sum = 0.0;
  for (const auto& x : result.parts)
    result.sum += x.contribution;
  result.score = squashed(result.sum);
  result.verdict = label_of_sum(result.sum);
  return result;
}

} // namespace banksia::sentiment
