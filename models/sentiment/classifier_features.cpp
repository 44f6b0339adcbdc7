#include "models/sentiment/classifier_features.hpp"

#include "messages/ids.hpp"
#include "models/sentiment/lexicon.hpp"

#include <algorithm>
#include <cmath>

namespace banksia::sentiment {

namespace {

/// FNV-1a with a last mix (Fowler, Noll and Vo; Stafford's finalizer).
std::uint64_t hash_of(std::string_view x) {
  std::uint64_t result = 0xcbf29ce484222325ULL;
  for (char c : x) {
    result ^= static_cast<unsigned char>(c);
    result *= 0x100000001b3ULL;
  }
  result = (result ^ (result >> 30)) * 0xbf58476d1ce4e5b9ULL;
  result = (result ^ (result >> 27)) * 0x94d049bb133111ebULL;
  return result ^ (result >> 31);
}

/// Numbers differ from sentence to sentence; that there is one matters.
std::string_view number_class(const word& x) {
  if (x.percent)
    return x.sign < 0 ? "#-%" : "#%";
  if (x.money)
    return x.sign < 0 ? "#-$" : "#$";
  return x.year ? "#year" : "#";
}

std::string_view sign_text(double x) {
  return x > 0.0 ? "+" : x < 0.0 ? "-" : "0";
}

std::string_view token_of(const word& x) {
  if (x.kind == word_kind::number)
    return number_class(x);
  return stem_of(x.text);
}

// How much a block of features weighs beside the words.
constexpr double pair_value = 0.7;
constexpr double rule_value = 0.8;
constexpr double count_value = 0.3;

} // namespace

std::uint64_t lexicon_fingerprint() {
  using namespace word_lists;
  std::string all;
  for (auto list :
       {good_strong,   good,          good_weak,        bad_strong,
        bad,           bad_weak,      up,               up_first,
        down,          down_first,    good_subjects,    bad_subjects,
        loss_subjects, plain_costs,   neutral_subjects, negators,
        much,          little,        contrasts,        concessions,
        comparisons,   swings,        references}) {
    all += list;
    all += '\n';
  }
  return content_hash(all);
}

std::string_view stem_of(std::string_view x) noexcept {
  auto cut = [&](std::string_view ending, std::size_t left) {
    if (!x.ends_with(ending) || x.size() < ending.size() + left)
      return false;
    x.remove_suffix(ending.size());
    return true;
  };
  if (x.ends_with("ss") || x.ends_with("us") || x.ends_with("is"))
    return x;
  if (cut("ing", 3) || cut("ied", 2) || cut("ies", 2) || cut("ed", 3)
      || cut("es", 3) || cut("s", 3) || cut("e", 3) || cut("y", 3))
    return x;
  return x;
}

void feature_reader::add(std::string_view name, double value) {
  auto mask = (std::uint64_t{1} << hash_bits_) - 1;
  auto index = static_cast<std::uint32_t>(hash_of(name) & mask);
  features_.push_back({index, static_cast<float>(value)});
  if (keep_names_)
    names_.emplace_back(index, name);
}

void feature_reader::add_words(const text_words& words) {
  std::string_view previous = "^";
  std::string pair;
  for (const auto& x : words.all()) {
    if (x.kind == word_kind::stop)
      continue;
    auto token = token_of(x);
    add(token, 1.0);
    pair = previous;
    pair += ' ';
    pair += token;
    add(pair, pair_value);
    previous = token;
  }
  // Long sentences must not shout: unit length, times a constant.
  double square = 0.0;
  for (const auto& x : features_)
    square += static_cast<double>(x.value) * static_cast<double>(x.value);
  if (square <= 0.0)
    return;
  auto scale = 2.0 / std::sqrt(square);
  for (auto& x : features_)
    x.value = static_cast<float>(static_cast<double>(x.value) * scale);
}

void feature_reader::add_rules(const headline_score& found) {
  std::string name;
  add("rule verdict " + std::string{to_string(found.verdict)}, rule_value);
  add("rule score", found.score);
  add("rule sum", std::clamp(found.sum, -4.0, 4.0) / 2.0);
  for (const auto& x : found.parts) {
    name = "rule ";
    name += to_string(x.rule);
    name += ' ';
    name += sign_text(x.contribution);
    add(name, rule_value);
  }
  if (found.parts.empty())
    add("rule silent", rule_value);
}

void feature_reader::add_counts(const text_words& words) {
  const auto& senses = lexicon::finance();
  std::size_t numbers = 0, percents = 0, money = 0, ups = 0, downs = 0,
              negators = 0, subjects = 0, comparisons = 0, references = 0;
  for (const auto& x : words.all()) {
    numbers += x.kind == word_kind::number;
    percents += x.percent;
    money += x.money;
    auto sense = x.kind == word_kind::word ? senses.find(x.text) : nullptr;
    if (sense == nullptr)
      continue;
    ups += sense->direction > 0;
    downs += sense->direction < 0;
    subjects += sense->subject != 0;
    negators += sense->role == word_role::negator;
    comparisons += sense->role == word_role::comparison;
    references += sense->role == word_role::reference;
  }
  auto count = [this](std::string_view name, std::size_t n) {
    if (n > 0)
      add(name, count_value * static_cast<double>(std::min<std::size_t>(n, 4)));
  };
  count("count numbers", numbers);
  count("count percents", percents);
  count("count money", money);
  count("count ups", ups);
  count("count downs", downs);
  count("count subjects", subjects);
  count("count negators", negators);
  count("count comparisons", comparisons);
  count("count references", references);
  if (ups > 0 && downs == 0)
    add("only ups", rule_value);
  if (downs > 0 && ups == 0)
    add("only downs", rule_value);
  if (subjects > 0 && percents > 0)
    add("subject with percent", rule_value);
  if (subjects > 0 && comparisons > 0)
    add("subject compared", rule_value);
}

const std::vector<feature>& feature_reader::read(std::string_view text,
                                                 headline_scorer& scorer) {
  features_.clear();
  names_.clear();
  words_.assign(text);
  add_words(words_);
  add_rules(scorer.score(words_));
  add_counts(words_);
  // One entry a bucket; sorted, so that sums are made in one order.
  std::stable_sort(features_.begin(), features_.end(),
                   [](const feature& a, const feature& b) {
                     return a.index < b.index;
                   });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < features_.size(); ++i) {
    if (kept > 0 && features_[kept - 1].index == features_[i].index)
      features_[kept - 1].value += features_[i].value;
    else
      features_[kept++] = features_[i];
  }
  features_.resize(kept);
  return features_;
}

} // namespace banksia::sentiment
