#pragma once

/// A headline as its rules see it: words and phrases with what the lexicon says
/// of them. Used by the rules alone.

#include "models/sentiment/headline_score.hpp"
#include "models/sentiment/lexicon.hpp"
#include "models/sentiment/words.hpp"

#include <cstdint>
#include <vector>

namespace banksia::sentiment {

/// A word, a phrase, a number or a stop.
struct item {
  const word* first = nullptr;
  const word* last = nullptr;
  const word_sense* sense = nullptr; ///< null where the lexicon is silent
  std::uint16_t sentence = 0;
  std::uint16_t clause = 0; ///< commas do not end one
  bool bound = false;       ///< a rule has used it, so its tone is spent

  bool is_number() const { return first->kind == word_kind::number; }
  bool is_stop() const { return first->kind == word_kind::stop; }
  bool is_text(std::string_view x) const {
    return first == last && first->text == x;
  }
  bool is_subject() const { return sense != nullptr && sense->is_subject; }
  int direction() const { return sense == nullptr ? 0 : sense->direction; }
  word_role role() const {
    return sense == nullptr ? word_role::none : sense->role;
  }
};

/// The items of one headline, and the parts found so far.
class reading {
public:
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

  /// Reads `words`, which must outlive this reading's use.
  void assign(std::span<const word> words, const lexicon& senses);

  /// Appends a part about the items `from` and `at` (`from` may be `nowhere`):
  /// `weight` scaled by degree words, negation and clauses around `at`.
  void add_part(score_rule rule, std::size_t from, std::size_t at,
                double weight);

  /// Whether the subject at `at` only qualifies another one: of "profit before
  /// taxes rose" the taxes are not what rose.
  bool is_base(std::size_t at) const;

  /// The nearest subject to the left of `at` in its clause, or `nowhere`.
  std::size_t subject_before(std::size_t at) const;
  /// The nearest subject to the right of `at`, close by, or `nowhere`.
  std::size_t subject_after(std::size_t at) const;

  std::size_t size() const noexcept { return items.size(); }

  std::vector<item> items;
  std::vector<score_part> parts;

private:
  double degree_of(std::size_t at) const;
  double clause_weight(std::size_t at) const;
  bool negated(std::size_t from, std::size_t at) const;

  bool has_contrast_ = false;
  std::uint16_t contrast_clause_ = 0; ///< begins with the last contrast word
  bool is_question_ = false;
};

// The rules, in the order they apply. Each binds the items it uses.
void swing_rule(reading& x);
void direction_rule(reading& x);
void comparison_rule(reading& x);
void expectation_rule(reading& x);
void tone_rule(reading& x);

} // namespace banksia::sentiment
