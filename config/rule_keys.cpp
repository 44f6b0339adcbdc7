#include "config/keys.hpp"

#include <stdexcept>

namespace banksia::config {

namespace {

/// What a parameter of the rule engine measures.
struct quantity_kind {
  value_range range;
  std::string_view unit;
};

constexpr quantity_kind score{{-1, 1}, ""};
constexpr quantity_kind points{{0, 100}, "points"};
constexpr quantity_kind rsi{{0, 100}, "RSI"};
constexpr quantity_kind ratio{{0, 100, true}, "ratio"};
constexpr quantity_kind sentiment{{-1, 1}, "sentiment"};
constexpr quantity_kind change{{-1, 1}, "fraction"};
constexpr quantity_kind part{{0, 1}, "fraction"};
constexpr quantity_kind volatility{{0, 100, true}, "fraction"};
constexpr quantity_kind multiplier{{0, 10, true}, ""};
/// A component of weight zero could be left alone when the others are missing.
constexpr quantity_kind weight{{0, 1, true}, ""};
constexpr quantity_kind year{{1, 366}, "sessions"};
constexpr quantity_kind sessions{{5, 366}, "sessions"};

struct naming {
  std::string_view word; ///< in the parameter's name
  quantity_kind kind;
};

// The engine names its parameters by what they measure; the first word found
// decides, so that what is more particular stands above.
constexpr naming namings[] = {
  {"_score", score},
  {"_points", points},
  {"points_", points},
  {"weight_", weight},
  {"_multiplier", multiplier},
  {"_threshold", part},
  {"rsi_", rsi},
  {"_ratio", ratio},
  {"confidence_factor", score},
  {"confidence_base", score},
  {"confidence_", part},
  {"_margin", part},
  {"sentiment_", sentiment},
  {"news_", sentiment},
  {"technical_", points},
  {"volume_trend_", change},
  {"volume_", ratio},
  {"volatility_", volatility},
  {"risk_", volatility},
  {"sessions_per_year", year},
  {"context_sessions", sessions},
  {"crash_trend_", change},
  {"bearish_below", change},
  {"bullish_above", change},
};

const quantity_kind& kind_of(std::string_view name) {
  for (auto& x : namings)
    if (name.find(x.word) != std::string_view::npos)
      return x.kind;
  // Every start reads the table, so a new parameter cannot come unnoticed.
  throw std::logic_error("no range for the rule parameter "
                         + std::string{name}
                         + ": name what it measures in rule_keys.cpp");
}

/// What a key needs as text, kept for as long as the program runs.
struct rule_text {
  std::string name; ///< "rules.weight_news"
  std::string doc;  ///< the meaning as a sentence
};

/// A meaning as a sentence. The name of an input stays as it is written.
std::string sentence(std::string_view meaning) {
  std::string text{meaning};
  auto word = meaning.substr(0, meaning.find(' '));
  auto is_input = word == "rsi" || word == "sma5"
                  || word.find('_') != std::string_view::npos;
  auto& first = text.front();
  if (!is_input && first >= 'a' && first <= 'z')
    first = static_cast<char>(first - 'a' + 'A');
  return text + ".";
}

std::vector<rule_text> make_texts() {
  std::vector<rule_text> result;
  for (auto& field : rule_parameter_fields())
    result.push_back({"rules." + std::string{field.name},
                      sentence(field.meaning)});
  return result;
}

} // namespace

std::vector<key_spec> rule_keys() {
  static const auto texts = make_texts();
  std::vector<key_spec> keys;
  auto text = texts.begin();
  for (auto& field : rule_parameter_fields()) {
    auto& kind = kind_of(field.name);
    keys.push_back({text->name, value_kind::number, field.value, kind.range,
                    {}, kind.unit, text->doc});
    ++text;
  }
  return keys;
}

} // namespace banksia::config
