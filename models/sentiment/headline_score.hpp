#pragma once

/// The sentiment of a headline by the lexicon and a few rules of grammar. Every
/// score comes with the parts that it is the sum of.

#include "models/sentiment/words.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::sentiment {

/// Also the order of a classifier's outputs and of a confusion matrix.
enum class label : std::uint8_t {
  negative = 0,
  neutral = 1,
  positive = 2,
};

inline constexpr std::size_t label_count = 3;

/// "negative", "neutral", "positive".
std::string_view to_string(label x) noexcept;

enum class score_rule : std::uint8_t {
  tone = 0,        ///< a word that is good or bad by itself
  direction = 1,   ///< something rose or fell: "profit fell", "costs rose"
  comparison = 2,  ///< two values: "EUR 12m, compared with 10m"
  swing = 3,       ///< "swung to a loss"
  expectation = 4, ///< "above forecasts", "misses estimates"
};

inline constexpr std::size_t score_rule_count = 5;

/// "tone", "direction", "comparison", "swing", "expectation".
std::string_view to_string(score_rule x) noexcept;

/// One reason of a score.
struct score_part {
  std::string text;          ///< the headline's words it rests on
  score_rule rule = score_rule::tone;
  bool negated = false;      ///< a negation turned it
  double contribution = 0.0; ///< what it adds to the sum

  friend bool operator==(const score_part&, const score_part&) = default;
};

/// What a headline says, and why.
struct headline_score {
  double sum = 0.0;   ///< of the parts' contributions
  double score = 0.0; ///< tanh(sum / 2), in [-1, 1]
  label verdict = label::neutral;
  std::vector<score_part> parts;

  friend bool operator==(const headline_score&,
                         const headline_score&) = default;
};

/// An ordinary good word adds 1 to the sum. A headline is neutral while its sum
/// stays within half of one such word, so the band of the score is
/// tanh(0.25) = 0.245.
inline constexpr double neutral_sum = 0.5;

/// tanh(sum / 2): two ordinary words give 0.76, four 0.96.
double squashed(double sum) noexcept;

/// By the band of `neutral_sum`.
label label_of_sum(double sum) noexcept;

/// Scores headlines. Pure: the same text always gives the same bits. Keeps
/// its memory from one headline to the next; not thread-safe.
class headline_scorer {
public:
  headline_scorer();
  ~headline_scorer();
  headline_scorer(headline_scorer&&) noexcept;
  headline_scorer& operator=(headline_scorer&&) noexcept;

  /// Any bytes will do; only the first `text_words::bytes_max` count. A text
  /// without a word we know scores 0 and has no parts.
  const headline_score& score(std::string_view title);

  /// The same for words parted already.
  const headline_score& score(const text_words& words);

private:
  struct state;

  std::unique_ptr<state> state_;
};

} // namespace banksia::sentiment
