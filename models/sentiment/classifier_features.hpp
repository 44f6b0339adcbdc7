#pragma once

/// What a classifier sees of a sentence.

#include "models/sentiment/classifier.hpp"

namespace banksia::sentiment {

/// Grows whenever the features of a sentence change: a model's weights mean
/// nothing for other features.
inline constexpr std::uint32_t feature_version = 1;

/// A hash over the lexicon's lists; they are part of the features.
std::uint64_t lexicon_fingerprint();

/// Reads features. Keeps its memory from one sentence to the next; not
/// thread-safe.
class feature_reader {
public:
  /// `hash_bits` from 8 to 20.
  explicit feature_reader(std::uint32_t hash_bits) : hash_bits_(hash_bits) {}

  /// The features of `text`, with one entry a bucket, in order of buckets.
  const std::vector<feature>& read(std::string_view text,
                                   headline_scorer& scorer);

  /// The names behind the features of the last text, with their buckets: words
  /// ("profit"), pairs ("profit fell"), rules ("rule direction -") and counts.
  const std::vector<std::pair<std::uint32_t, std::string>>& names() const {
    return names_;
  }

  /// Whether `names` is kept; costs time.
  void keep_names(bool x) { keep_names_ = x; }

private:
  void add(std::string_view name, double value);
  void add_words(const text_words& words);
  void add_rules(const headline_score& found);
  void add_counts(const text_words& words);

  std::uint32_t hash_bits_;
  bool keep_names_ = false;
  text_words words_;
  std::string stems_;
  std::vector<feature> features_;
  std::vector<std::pair<std::uint32_t, std::string>> names_;
};

/// `word` without a regular ending: "profits" → "profit", "rising" → "ris".
std::string_view stem_of(std::string_view word) noexcept;

} // namespace banksia::sentiment
