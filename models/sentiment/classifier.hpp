#pragma once

/// A classifier trained on labelled sentences: multinomial logistic regression
/// over hashed words, pairs of words, and what the lexicon's rules found.

#include "models/sentiment/headline_score.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::sentiment {

struct labelled_sentence {
  std::string sentence;
  label is = label::neutral;

  friend bool operator==(const labelled_sentence&,
                         const labelled_sentence&) = default;
};

/// One feature: a bucket of the hash and how much of it there is.
struct feature {
  std::uint32_t index = 0;
  float value = 0.0F;

  friend bool operator==(const feature&, const feature&) = default;
};

/// Probabilities by `label`; they add up to 1.
using label_probabilities = std::array<double, label_count>;

/// How a classifier is trained. The defaults hold for thousands of sentences.
struct training_settings {
  std::uint64_t seed = 1; ///< of the order in which sentences are seen
  std::uint32_t hash_bits = 18; ///< 2^bits buckets, 8 to 20
  std::uint32_t epochs = 20;    ///< passes over the sentences, 1 to 1000
  double rate = 0.03;           ///< Adagrad's first step
  double l2 = 1e-3;             ///< shrinks weights at each step that uses them
  /// Rare classes count more: a class's weight is (mean count / its count) to
  /// this power; 0 counts each sentence alike, 1 each class.
  double class_balance = 0.5;

  friend bool operator==(const training_settings&,
                         const training_settings&) = default;
};

/// Says what is wrong with settings, and what to set; nothing when fit.
std::optional<std::string> problem_of(const training_settings& x);

/// A model that cannot be used, or sentences that none can be made of. The text
/// says what is wrong and what to do.
class model_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// A trained classifier. Pure: the same text gives the same bits in the same
/// build. Not changed by use; the scorer passed in is.
class classifier {
public:
  /// Trains on `sentences`, on one thread. The same input and seed give the
  /// same bits.
  /// @throws model_error for unfit settings, or when a label has no sentence
  static classifier train(std::span<const labelled_sentence> sentences,
                          const training_settings& settings = {});

  /// Reads what `to_text` wrote. Refuses, in this order: text that is no model,
  /// a later version, another lexicon or set of features, damage.
  /// @throws model_error
  static classifier from_text(std::string_view text);

  /// Text with a version, the settings, the weights that are not zero, and a
  /// SHA-256 over it all.
  std::string to_text() const;

  /// A larger file is no model of ours.
  static constexpr std::size_t text_bytes_max = 64 << 20;

  label_probabilities probabilities(std::string_view text,
                                    headline_scorer& scorer) const;

  std::uint32_t hash_bits() const noexcept { return hash_bits_; }
  std::uint64_t seed() const noexcept { return seed_; }
  /// Sentences of each label that it was trained on.
  const std::array<std::uint64_t, label_count>& samples() const noexcept {
    return samples_;
  }

  /// One word's or rule's part in P(positive) against P(negative).
  struct reason {
    std::string feature;       ///< as `feature_names` tells it
    double contribution = 0.0; ///< value × (weight positive - weight negative)
  };

  /// The features of `text` that weigh in, the heaviest first; at most `limit`.
  std::vector<reason> reasons(std::string_view text, headline_scorer& scorer,
                              std::size_t limit) const;

  friend bool operator==(const classifier&, const classifier&) = default;

private:
  friend class model_reader;

  std::uint32_t hash_bits_ = 0;
  std::uint64_t seed_ = 0;
  std::array<std::uint64_t, label_count> samples_{};
  std::array<float, label_count> bias_{};
  std::vector<std::array<float, label_count>> weights_; ///< by bucket
};

/// P(positive) - P(negative), in [-1, 1].
double score_of(const label_probabilities& x) noexcept;

/// The likeliest label; of equal ones the more neutral, then the worse.
label label_of(const label_probabilities& x) noexcept;

} // namespace banksia::sentiment
