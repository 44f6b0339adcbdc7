#pragma once

/// What single words and fixed phrases of financial English say. The lists are
/// our own, written from general knowledge of how results are reported.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace banksia::sentiment {

/// What a word does to the words around it.
enum class word_role : std::uint8_t {
  none = 0,
  negator = 1,    ///< "not", "without": turns what follows
  degree = 2,     ///< "sharply", "slightly": scales a neighbour by `factor`
  contrast = 3,   ///< "but": what follows counts more than what came before
  concession = 4, ///< "despite": its clause counts little
  comparison = 5, ///< "compared", "versus": a reference value follows
  swing = 6,      ///< "swung to": from profit to loss or back
  reference = 7,  ///< "forecasts", "expectations": what results are held to
  above = 8,      ///< "above", and `direction` -1 for "below": of a reference
};

/// Where a direction's subject stands.
enum class word_order : std::uint8_t {
  after_subject = 0, ///< "profit fell"
  before_subject = 1, ///< "cut costs", "higher sales"; else as above
};

/// One entry of the lexicon. A tone says good or bad of itself; a direction
/// says up or down, and whether that is good depends on the subject.
struct word_sense {
  float tone = 0.0F;          ///< 1 is an ordinary good word, -1 a bad one
  std::int8_t direction = 0;  ///< 1 up, -1 down
  std::int8_t subject = 0;    ///< 1: more of it is good; -1: bad
  bool is_subject = false;    ///< with `subject` 0: neither (a stake, a vote)
  bool is_loss = false;       ///< the negative side of profit
  bool weak_direction = false; ///< a direction only beside a number ("up")
  bool begins_phrase = false; ///< a longer entry begins with this word
  word_role role = word_role::none;
  word_order order = word_order::after_subject;
  float factor = 1.0F;        ///< of a degree word
};

/// The lexicon; made once, never changed, safe to share.
class lexicon {
public:
  /// Phrases have at most this many words.
  static constexpr std::size_t phrase_words_max = 3;

  /// Our lists of financial English.
  static const lexicon& finance();

  /// `word` in lower case, a phrase with single spaces; null when unknown.
  const word_sense* find(std::string_view word) const {
    auto found = senses_.find(word);
    return found == senses_.end() ? nullptr : &found->second;
  }

  std::size_t size() const noexcept { return senses_.size(); }

private:
  lexicon();

  void add(std::string_view words, const word_sense& sense);
  void add_one(std::string word, const word_sense& sense);

  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view x) const noexcept {
      return std::hash<std::string_view>{}(x);
    }
  };

  std::unordered_map<std::string, word_sense, text_hash, std::equal_to<>>
    senses_;
};

/// The word lists, as `lexicon` reads them: words parted by spaces, "_" within
/// a phrase; "~" after a noun adds its plural, "*" after a verb its regular
/// forms, "+" those with the last letter doubled.
namespace word_lists {

extern const std::string_view good_strong, good, good_weak;
extern const std::string_view bad_strong, bad, bad_weak;
extern const std::string_view up, up_first, down, down_first;
extern const std::string_view good_subjects, bad_subjects, loss_subjects;
extern const std::string_view plain_costs;
extern const std::string_view neutral_subjects;
extern const std::string_view negators, much, little, contrasts, concessions;
extern const std::string_view comparisons, swings, references;

} // namespace word_lists

} // namespace banksia::sentiment
