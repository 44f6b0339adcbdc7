#include "models/sentiment/words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace banksia::sentiment {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

/// Bytes beyond ASCII are letters of other languages here.
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || is_upper(c)
         || static_cast<unsigned char>(c) >= 0x80;
}

template <std::size_t N>
bool is_one_of(std::string_view x,
               const std::array<std::string_view, N>& known) {
  return std::find(known.begin(), known.end(), x) != known.end();
}

constexpr std::array<std::string_view, 24> currencies = {
  "eur",  "euro", "euros", "usd", "aud", "nzd",    "gbp",     "jpy",
  "sek",  "nok",  "dkk",   "chf", "cad", "cny",    "inr",     "hkd",
  "sgd",  "rub",  "us",    "a",   "nz",  "dollar", "dollars", "rs",
};

constexpr std::array<std::string_view, 18> abbreviations = {
  "corp", "inc", "ltd", "co", "mr", "mrs", "ms",  "dr",  "no",
  "jan",  "feb", "mar", "apr", "aug", "sept", "oct", "nov", "dec",
};

struct unit {
  std::string_view name;
  double factor;
};

constexpr std::array<unit, 14> units = {{
  {"m", 1e6},
  {"mn", 1e6},
  {"mln", 1e6},
  {"mio", 1e6},
  {"million", 1e6},
  {"millions", 1e6},
  {"bn", 1e9},
  {"b", 1e9},
  {"billion", 1e9},
  {"tn", 1e12},
  {"trillion", 1e12},
  {"k", 1e3},
  {"thousand", 1e3},
  {"c", 1},
}};

constexpr std::array<std::string_view, 6> percents = {
  "percent", "pct", "pc", "percentage", "bps", "bp",
};

} // namespace

void text_words::assign(std::string_view text) {
  plain_ = plain_text(text.substr(0, bytes_max));
  lower_ = plain_;
  for (auto& c : lower_)
    if (is_upper(c))
      c = static_cast<char>(c - 'A' + 'a');
  words_.clear();
  currency_ = false;
  for (std::size_t at = 0; at < plain_.size();) {
    auto c = plain_[at];
    auto next = at + 1 < plain_.size() ? plain_[at + 1] : ' ';
    if (is_digit(c) || ((c == '.' || c == '+' || c == '-') && is_digit(next))) {
      at = take_number(at);
    } else if (is_letter(c)) {
      at = take_word(at);
    } else {
      take_mark(at);
      ++at;
    }
  }
}

std::size_t text_words::take_number(std::size_t at) {
  auto from = at;
  word x;
  x.kind = word_kind::number;
  if (plain_[at] == '+' || plain_[at] == '-') {
    // "9 %-12 %" and "50-50" are ranges.
    auto alone = at == 0 || plain_[at - 1] == ' ' || plain_[at - 1] == '(';
    if (alone)
      x.sign = plain_[at] == '+' ? 1 : -1;
    ++at;
  }
  std::array<char, 32> digits{};
  std::size_t count = 0;
  bool whole = true;
  for (; at < plain_.size(); ++at) {
    auto c = plain_[at];
    auto digit_next = at + 1 < plain_.size() && is_digit(plain_[at + 1]);
    if (c == ',' && digit_next)
      continue;
    if (c == '.' && digit_next && whole)
      whole = false;
    else if (!is_digit(c))
      break;
    if (count < digits.size())
      digits[count++] = c;
  }
  std::from_chars(digits.data(), digits.data() + count, x.value);
  x.text = std::string_view{lower_}.substr(from, at - from);
  x.seen = std::string_view{plain_}.substr(from, at - from);
  // Some texts come with the decimals parted from the number: "EUR20 .4 m".
  if (x.text.starts_with('.') && !words_.empty()
      && words_.back().kind == word_kind::number
      && x.text.data() == words_.back().text.end() + 1) {
    words_.back().value += x.value;
    words_.back().year = false;
    return at;
  }
  x.money = currency_;
  x.year = whole && count == 4 && !currency_ && x.value >= 1900
           && x.value < 2100;
  currency_ = false;
  // What is glued to it: a unit ("12m"), or it was a name ("4G").
  auto end = at;
  while (end < plain_.size() && (is_letter(plain_[end]) || is_digit(plain_[end])))
    ++end;
  words_.push_back(x);
  if (end > at
      && !take_unit(std::string_view{lower_}.substr(at, end - at))) {
    words_.pop_back();
    add_word(from, end);
  }
  return end;
}

bool text_words::take_unit(std::string_view name) {
  if (words_.empty() || words_.back().kind != word_kind::number)
    return false;
  auto& number = words_.back();
  if (is_one_of(name, percents)) {
    number.percent = true;
    number.year = false;
    return true;
  }
  for (const auto& x : units)
    if (x.name == name && !number.percent) {
      number.value *= x.factor;
      number.money = true;
      number.year = false;
      return true;
    }
  return false;
}

std::size_t text_words::take_word(std::size_t at) {
  auto end = at;
  while (end < plain_.size()) {
    auto c = plain_[end];
    auto letter_next = end + 1 < plain_.size() && is_letter(plain_[end + 1]);
    if (is_digit(c) && is_one_of(std::string_view{lower_}.substr(at, end - at),
                                 currencies))
      break; // "EUR20"
    if (!is_letter(c) && !is_digit(c)
        && !((c == '\'' || c == '&') && letter_next))
      break;
    ++end;
  }
  auto text = std::string_view{lower_}.substr(at, end - at);
  auto after_number = !words_.empty()
                      && words_.back().kind == word_kind::number;
  if (after_number && (take_unit(text) || text == "per")) {
    // "per cent": the number learns of it when "cent" comes.
    if (text == "per"
        && std::string_view{lower_}.substr(end).starts_with(" cent")) {
      take_unit("percent");
      return end + 5;
    }
    if (text != "per")
      return end;
  }
  if (after_number && is_one_of(text, currencies))
    words_.back().money = true;
  add_word(at, end);
  return end;
}

void text_words::add_word(std::size_t from, std::size_t to) {
  word x;
  x.text = std::string_view{lower_}.substr(from, to - from);
  if (x.text == "s" && from > 0 && plain_[from - 1] == '\'')
    return; // "'s" apart from its word is possessive too
  x.seen = std::string_view{plain_}.substr(from, to - from);
  currency_ = is_one_of(x.text, currencies);
  x.capital = is_upper(x.seen.front());
  auto low = [](char c) { return c >= 'a' && c <= 'z'; };
  x.upper = std::any_of(x.seen.begin(), x.seen.end(), is_upper)
            && std::none_of(x.seen.begin(), x.seen.end(), low);
  if (x.text == "n't") {
    x.text = "not";
  } else if (x.text.ends_with("n't")) {
    auto negation = x;
    x.text.remove_suffix(3);
    words_.push_back(x);
    negation.text = "not";
    x = negation;
  } else if (x.text.ends_with("'s")) {
    x.text.remove_suffix(2);
  }
  if (!x.text.empty())
    words_.push_back(x);
}

void text_words::take_mark(std::size_t at) {
  auto c = plain_[at];
  auto space_after = at + 1 >= plain_.size() || plain_[at + 1] == ' ';
  auto space_before = at == 0 || plain_[at - 1] == ' ';
  if (c == ' ')
    return;
  if (c == '$') {
    currency_ = true;
    return;
  }
  if (c == '%') {
    take_unit("percent");
    return;
  }
  currency_ = false;
  auto sentence_end = c == '.' && space_after
                      && (words_.empty()
                          || !is_one_of(words_.back().text, abbreviations));
  if (sentence_end || c == ',' || c == ';' || c == ':' || c == '!' || c == '?'
      || c == '(' || c == ')' || c == '|'
      || (c == '-' && space_before && space_after))
    add_stop(at);
}

void text_words::add_stop(std::size_t at) {
  word x;
  x.kind = word_kind::stop;
  x.text = std::string_view{lower_}.substr(at, 1);
  x.seen = x.text;
  words_.push_back(x);
}

} // namespace banksia::sentiment
