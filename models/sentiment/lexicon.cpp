#include "models/sentiment/lexicon.hpp"

namespace banksia::sentiment {

namespace {

bool is_vowel(char c) {
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

/// "rise" → "rises", "loss" → "losses", "supply" → "supplies".
std::string with_s(std::string x) {
  auto ends_in_y = x.size() > 1 && x.back() == 'y'
                   && !is_vowel(x[x.size() - 2]);
  if (ends_in_y) {
    x.pop_back();
    return x + "ies";
  }
  if (x.ends_with("s") || x.ends_with("sh") || x.ends_with("ch")
      || x.ends_with("x"))
    return x + "es";
  return x + "s";
}

std::string with_ed(std::string x) {
  if (x.back() == 'e')
    return x + "d";
  if (x.back() == 'y' && x.size() > 1 && !is_vowel(x[x.size() - 2])) {
    x.pop_back();
    return x + "ied";
  }
  return x + "ed";
}

std::string with_ing(std::string x) {
  if (x.back() == 'e' && !x.ends_with("ee"))
    x.pop_back();
  return x + "ing";
}

} // namespace

const lexicon& lexicon::finance() {
  static const lexicon made;
  return made;
}

void lexicon::add_one(std::string word, const word_sense& sense) {
  for (auto& c : word)
    if (c == '_' || c == '-') // words are parted at hyphens
      c = ' ';
  auto space = word.find(' ');
  if (space != std::string::npos) {
    senses_[word.substr(0, space)].begins_phrase = true;
    auto second = word.find(' ', space + 1);
    if (second != std::string::npos)
      senses_[word.substr(0, second)].begins_phrase = true;
  }
  // A word of several lists has the senses of all, and the first list's tone.
  auto& x = senses_[word];
  if (x.tone == 0.0F)
    x.tone = sense.tone;
  if (x.direction == 0) {
    x.direction = sense.direction;
    x.weak_direction = sense.weak_direction;
    x.order = sense.order;
  }
  if (!x.is_subject) {
    x.subject = sense.subject;
    x.is_subject = sense.is_subject;
    x.is_loss = sense.is_loss;
  }
  if (x.role == word_role::none) {
    x.role = sense.role;
    x.factor = sense.factor;
  }
}

void lexicon::add(std::string_view words, const word_sense& sense) {
  for (std::size_t at = 0; at < words.size();) {
    auto end = words.find_first_of(" \n", at);
    if (end == std::string_view::npos)
      end = words.size();
    std::string word{words.substr(at, end - at)};
    at = end + 1;
    if (word.empty())
      continue;
    auto mark = word.back();
    if (mark == '~' || mark == '*' || mark == '+')
      word.pop_back();
    add_one(word, sense);
    if (mark == '~')
      add_one(with_s(word), sense);
    if (mark == '*' || mark == '+') {
      add_one(with_s(word), sense);
      auto stem = mark == '+' ? word + word.back() : word;
      add_one(with_ed(stem), sense);
      add_one(with_ing(stem), sense);
    }
  }
}

lexicon::lexicon() {
  using namespace word_lists;
  auto tone = [](float x) { return word_sense{.tone = x}; };
  auto role = [](word_role x, float factor = 1.0F) {
    return word_sense{.role = x, .factor = factor};
  };
  auto subject = [](std::int8_t x, float tone_of_it = 0.0F) {
    return word_sense{.tone = tone_of_it, .subject = x, .is_subject = true};
  };
  auto direction = [](std::int8_t x, word_order order) {
    return word_sense{.direction = x, .order = order};
  };
  add(up_first, direction(1, word_order::before_subject));
  add(down_first, direction(-1, word_order::before_subject));
  add(up, direction(1, word_order::after_subject));
  add(down, direction(-1, word_order::after_subject));
  add("up", {.direction = 1, .weak_direction = true});
  add("down", {.direction = -1, .weak_direction = true});
  auto above = word_sense{.direction = 1,
                          .weak_direction = true,
                          .role = word_role::above};
  add("above over ahead_of", above);
  above.direction = -1;
  add("below under short_of behind", above);
  add(good_subjects, subject(1));
  add(bad_subjects, subject(-1, -0.5F));
  auto loss = subject(-1, -1.0F);
  loss.is_loss = true;
  add(loss_subjects, loss);
  // Costs are no news by themselves; more of them is.
  add(plain_costs, subject(-1));
  add(neutral_subjects, subject(0));
  add(good_strong, tone(1.5F));
  add(bad_strong, tone(-1.5F));
  add(good, tone(1.0F));
  add(bad, tone(-1.0F));
  add(good_weak, tone(0.4F)); // below the band by itself
  add(bad_weak, tone(-0.4F));
  add(negators, role(word_role::negator));
  add(much, role(word_role::degree, 1.4F));
  add(little, role(word_role::degree, 0.6F));
  add(contrasts, role(word_role::contrast));
  add(concessions, role(word_role::concession));
  add(comparisons, role(word_role::comparison));
  add(swings, role(word_role::swing));
  add(references, role(word_role::reference));
}

} // namespace banksia::sentiment
