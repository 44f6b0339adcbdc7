#include "models/sentiment/reading.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace banksia::sentiment {

namespace {

// How far a word reaches, in items.
constexpr std::size_t subject_reach_back = 14;
constexpr std::size_t subject_reach_ahead = 4;
constexpr std::size_t negation_reach = 3;

constexpr double negation_factor = -0.6; ///< "not good" is less than bad
constexpr double before_contrast = 0.6;
constexpr double after_contrast = 1.2;
constexpr double in_concession = 0.3;
constexpr double in_question = 0.5;

bool ends_sentence(const word& x) {
  return x.text == "." || x.text == ";" || x.text == "!" || x.text == "?"
         || x.text == "|";
}

/// Words that a modifier does not reach beyond: "increased and sales fell".
bool parts_phrases(const item& x) {
  static constexpr std::array<std::string_view, 15> known = {
    "and", "as", "while", "by",   "from", "to",     "due",     "than",
    "on",  "at", "for",   "with", "when", "thanks", "because",
  };
  return x.is_stop() || x.is_number()
         || (x.first == x.last
             && std::find(known.begin(), known.end(), x.first->text)
                  != known.end());
}


std::string words_between(const item& from, const item& to) {
  auto begin = from.first->seen.data();
  auto end = to.last->seen.data() + to.last->seen.size();
  return {begin, end};
}

} // namespace

void reading::assign(std::span<const word> words, const lexicon& senses) {
  items.clear();
  parts.clear();
  has_contrast_ = false;
  is_question_ = !words.empty() && words.back().text == "?";
  std::uint16_t sentence = 0;
  std::uint16_t clause = 0;
  std::string phrase;
  for (std::size_t i = 0; i < words.size();) {
    item x;
    x.first = x.last = &words[i];
    std::size_t taken = 1;
    if (words[i].kind == word_kind::word) {
      x.sense = senses.find(words[i].text);
      // The longest phrase wins.
      auto longer = x.sense != nullptr && x.sense->begins_phrase;
      if (longer)
        phrase = words[i].text;
      for (std::size_t n = 1;
           longer && n < lexicon::phrase_words_max && i + n < words.size()
           && words[i + n].kind == word_kind::word;
           ++n) {
        phrase += ' ';
        phrase += words[i + n].text;
        auto found = senses.find(phrase);
        if (found == nullptr)
          break;
        longer = found->begins_phrase;
        auto says_something = found->tone != 0.0F || found->direction != 0
                              || found->is_subject
                              || found->role != word_role::none;
        if (says_something) {
          x.sense = found;
          x.last = &words[i + n];
          taken = n + 1;
        }
      }
    }
    auto role = x.role();
    if (role == word_role::contrast || role == word_role::concession)
      ++clause;
    if (role == word_role::contrast && !items.empty()) {
      has_contrast_ = true;
      contrast_clause_ = clause;
    }
    x.sentence = sentence;
    x.clause = clause;
    items.push_back(x);
    if (x.is_stop() && x.first->text != "," && x.first->text != "("
        && x.first->text != ")") {
      ++clause;
      if (ends_sentence(*x.first))
        ++sentence;
    }
    i += taken;
  }
}

bool reading::is_base(std::size_t at) const {
  static constexpr std::array<std::string_view, 6> known = {
    "before", "after", "excluding", "including", "per", "from",
  };
  return at > 0 && items[at - 1].first == items[at - 1].last
         && std::find(known.begin(), known.end(), items[at - 1].first->text)
              != known.end();
}

std::size_t reading::subject_before(std::size_t at) const {
  auto lowest = at > subject_reach_back ? at - subject_reach_back : 0;
  for (auto i = at; i-- > lowest;) {
    if (items[i].clause != items[at].clause)
      break;
    if (items[i].is_subject() && !is_base(i))
      return i;
  }
  return nowhere;
}

std::size_t reading::subject_after(std::size_t at) const {
  auto end = std::min(items.size(), at + 1 + subject_reach_ahead);
  for (auto i = at + 1; i < end; ++i) {
    if (items[i].is_subject())
      return i;
    if (parts_phrases(items[i]))
      break;
  }
  return nowhere;
}

double reading::degree_of(std::size_t at) const {
  auto factor = 1.0;
  auto scale = [&](std::size_t i) {
    if (i >= items.size() || items[i].role() != word_role::degree)
      return false;
    factor *= items[i].sense->factor;
    return true;
  };
  if (at > 0)
    scale(at - 1);
  scale(at + 1);
  // "rose 0.4 %" says less than "rose 30 %".
  for (auto i = at + 1; i < std::min(items.size(), at + 5); ++i)
    if (items[i].is_number() && items[i].first->percent) {
      auto percent = std::abs(items[i].first->value);
      return factor * (percent < 1.0 ? 0.7 : percent >= 10.0 ? 1.25 : 1.0);
    }
  return factor;
}

double reading::clause_weight(std::size_t at) const {
  auto weight = is_question_ ? in_question : 1.0;
  // A concession reaches to the comma that ends it.
  for (auto i = at + 1; i-- > 0;) {
    if (items[i].clause != items[at].clause || items[i].is_text(","))
      break;
    if (items[i].role() == word_role::concession)
      weight *= in_concession;
  }
  if (has_contrast_)
    weight *= items[at].clause >= contrast_clause_ ? after_contrast
                                                   : before_contrast;
  return weight;
}

bool reading::negated(std::size_t from, std::size_t at) const {
  auto first = from == nowhere ? at : std::min(from, at);
  auto last = from == nowhere ? at : std::max(from, at);
  auto lowest = first > negation_reach ? first - negation_reach : 0;
  bool result = false;
  for (auto i = last; i-- > lowest;) {
    if (items[i].clause != items[at].clause
        || (i < first && items[i].is_stop()))
      break;
    if (items[i].role() == word_role::negator)
      result = !result;
  }
  return result;
}

void reading::add_part(score_rule rule, std::size_t from, std::size_t at,
                       double weight) {
  score_part x;
  x.rule = rule;
  x.negated = negated(from, at);
  x.contribution = weight * degree_of(at) * clause_weight(at)
                   * (x.negated ? negation_factor : 1.0);
  if (from == nowhere) {
    x.text = words_between(items[at], items[at]);
  } else {
    const auto& left = items[std::min(from, at)];
    const auto& right = items[std::max(from, at)];
    auto apart = std::max(from, at) - std::min(from, at) > 1;
    x.text = apart ? words_between(left, left) + " … "
                       + words_between(right, right)
                   : words_between(left, right);
  }
  parts.push_back(std::move(x));
}

void tone_rule(reading& x) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto& item = x.items[i];
    if (item.sense != nullptr && !item.bound && item.sense->tone != 0.0F)
      x.add_part(score_rule::tone, reading::nowhere, i, item.sense->tone);
  }
}

} // namespace banksia::sentiment
