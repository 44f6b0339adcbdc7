#include "models/sentiment/quality.hpp"

#include "models/scoring/random.hpp"

namespace banksia::sentiment {

void label_quality::add(label is, label told) noexcept {
  ++confusion[static_cast<std::size_t>(is)][static_cast<std::size_t>(told)];
}

std::uint64_t label_quality::samples() const noexcept {
  std::uint64_t result = 0;
  for (const auto& row : confusion)
    for (auto n : row)
      result += n;
  return result;
}

double label_quality::accuracy() const noexcept {
  auto all = samples();
  std::uint64_t right = 0;
  for (std::size_t i = 0; i < label_count; ++i)
    right += confusion[i][i];
  return all == 0 ? 0.0
                  : static_cast<double>(right) / static_cast<double>(all);
}

double label_quality::f1(label x) const noexcept {
  auto k = static_cast<std::size_t>(x);
  std::uint64_t both = 0; // true or told, so hits count twice
  for (std::size_t i = 0; i < label_count; ++i)
    both += confusion[k][i] + confusion[i][k];
  return both == 0 ? 0.0
                   : 2.0 * static_cast<double>(confusion[k][k])
                       / static_cast<double>(both);
}

double label_quality::macro_f1() const noexcept {
  double sum = 0.0;
  int labels = 0;
  for (std::size_t k = 0; k < label_count; ++k) {
    std::uint64_t both = 0;
    for (std::size_t i = 0; i < label_count; ++i)
      both += confusion[k][i] + confusion[i][k];
    if (both == 0)
      continue;
    sum += f1(static_cast<label>(k));
    ++labels;
  }
  return labels == 0 ? 0.0 : sum / labels;
}

label_quality judge_lexicon(std::span<const labelled_sentence> sentences) {
  label_quality result;
  headline_scorer scorer;
  for (const auto& x : sentences)
    result.add(x.is, scorer.score(x.sentence).verdict);
  return result;
}

label_quality judge(const classifier& model,
                    std::span<const labelled_sentence> sentences) {
  label_quality result;
  headline_scorer scorer;
  for (const auto& x : sentences)
    result.add(x.is, label_of(model.probabilities(x.sentence, scorer)));
  return result;
}

label_quality cross_validate(std::span<const labelled_sentence> sentences,
                             std::size_t folds,
                             const training_settings& settings) {
  if (folds < 2)
    throw model_error("fewer than 2 folds: give 2 or more");
  std::array<std::vector<std::uint32_t>, label_count> by_label;
  for (std::uint32_t i = 0; i < sentences.size(); ++i)
    by_label[static_cast<std::size_t>(sentences[i].is)].push_back(i);
  std::vector<std::size_t> fold_of(sentences.size());
  splitmix64 random{settings.seed};
  for (std::size_t k = 0; k < label_count; ++k) {
    auto& of_label = by_label[k];
    if (of_label.size() < folds)
      throw model_error(std::to_string(of_label.size()) + " sentences are "
                        + std::string{to_string(static_cast<label>(k))}
                        + ": give at least one for each fold, or fewer folds");
    for (auto i = of_label.size(); i > 1; --i)
      std::swap(of_label[i - 1],
                of_label[random.below(static_cast<std::uint32_t>(i))]);
    for (std::size_t i = 0; i < of_label.size(); ++i)
      fold_of[of_label[i]] = i % folds;
  }
  label_quality result;
  headline_scorer scorer;
  for (std::size_t fold = 0; fold < folds; ++fold) {
    std::vector<labelled_sentence> seen;
    for (std::size_t i = 0; i < sentences.size(); ++i)
      if (fold_of[i] != fold)
        seen.push_back(sentences[i]);
    auto model = classifier::train(seen, settings);
    for (std::size_t i = 0; i < sentences.size(); ++i)
      if (fold_of[i] == fold)
        result.add(sentences[i].is, label_of(model.probabilities(
                                      sentences[i].sentence, scorer)));
  }
  return result;
}

} // namespace banksia::sentiment
