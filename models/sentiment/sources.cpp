#include "models/sentiment/sources.hpp"

namespace banksia::sentiment {

namespace {

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
         || static_cast<unsigned char>(c) >= 0x80;
}

std::string lower_case(std::string_view x) {
  std::string result{x};
  for (auto& c : result)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return result;
}

/// Whether `name` occurs in `text` with no letter or digit beside it.
bool has_word(std::string_view text, std::string_view name) {
  for (auto at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    auto end = at + name.size();
    if ((at == 0 || !is_word_byte(text[at - 1]))
        && (end == text.size() || !is_word_byte(text[end])))
      return true;
  }
  return false;
}

bool is_reliability(double x) {
  return x > 0.0 && x <= 1.0; // a NaN fails
}

} // namespace

double source_table::of(std::string_view source) const {
  auto text = lower_case(source);
  const source_reliability* best = nullptr;
  for (const auto& x : sources)
    if ((best == nullptr || x.name.size() > best->name.size())
        && has_word(text, x.name))
      best = &x;
  return best == nullptr ? unknown : best->reliability;
}

source_table default_sources() {
  source_table result;
  result.sources = {
    {"asx", 1.0},
    {"asx announcements", 1.0},
    {"company announcement", 1.0},
    {"rba", 1.0},
    {"apra", 1.0},
    {"asic", 1.0},
    {"simulator", 1.0},
    {"reuters", 0.95},
    {"bloomberg", 0.95},
    {"dow jones", 0.95},
    {"associated press", 0.95},
    {"aap", 0.9},
    {"afr", 0.9},
    {"australian financial review", 0.9},
    {"financial times", 0.9},
    {"wall street journal", 0.9},
    {"abc news", 0.85},
    {"the australian", 0.85},
    {"sydney morning herald", 0.85},
    {"smh", 0.85},
    {"the age", 0.85},
    {"marketwatch", 0.8},
    {"cnbc", 0.8},
    {"the guardian", 0.8},
    {"yahoo", 0.7},
    {"google news", 0.7},
    {"news.com.au", 0.7},
    {"market index", 0.7},
    {"investing.com", 0.7},
    {"motley fool", 0.5},
    {"seeking alpha", 0.5},
    {"livewire", 0.5},
    {"hotcopper", 0.3},
    {"reddit", 0.3},
    {"twitter", 0.3},
  };
  return result;
}

std::optional<std::string> problem_of(const source_table& x) {
  if (!is_reliability(x.unknown))
    return "reliability of unknown sources: not in (0, 1]: set a number above "
           "0, at most 1";
  for (const auto& source : x.sources) {
    if (source.name.empty() || source.name != lower_case(source.name))
      return "source name '" + source.name
             + "': empty or not in lower case: write it in lower case";
    if (!is_reliability(source.reliability))
      return "reliability of " + source.name
             + ": not in (0, 1]: set a number above 0, at most 1";
  }
  return std::nullopt;
}

} // namespace banksia::sentiment
