#pragma once

/// How well labels are told.

#include "models/sentiment/classifier.hpp"

namespace banksia::sentiment {

/// Rows are true labels, columns the labels told, both in order of `label`.
struct label_quality {
  std::array<std::array<std::uint64_t, label_count>, label_count> confusion{};

  void add(label is, label told) noexcept;

  std::uint64_t samples() const noexcept;
  /// The part told right, in [0, 1]; 0 without samples.
  double accuracy() const noexcept;
  /// F1 = 2 TP / (2 TP + FP + FN) of a label; 0 where it never occurs.
  double f1(label x) const noexcept;
  /// The plain mean of F1 over the labels that are true or told at least once.
  double macro_f1() const noexcept;

  friend bool operator==(const label_quality&, const label_quality&) = default;
};

/// The lexicon on `sentences`.
label_quality judge_lexicon(std::span<const labelled_sentence> sentences);

/// A classifier on `sentences`, which it should not have seen.
label_quality judge(const classifier& x,
                    std::span<const labelled_sentence> sentences);

/// Trains on all folds but one and judges on that one, for each of `folds` in
/// turn: every sentence is judged once, by a classifier that has not seen it.
/// Folds have the labels in equal parts and are drawn with the settings' seed.
/// @throws model_error for fewer than 2 folds, or where a label has fewer
///         sentences than there are folds
label_quality cross_validate(std::span<const labelled_sentence> sentences,
                             std::size_t folds,
                             const training_settings& settings = {});

} // namespace banksia::sentiment
