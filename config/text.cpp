#include "config/text.hpp"

#include "config/keys.hpp"
#include "messages/ids.hpp"

#include <algorithm>

namespace banksia::config {

namespace {

template <class Predicate>
std::string text_of_keys(const settings& x, Predicate wanted) {
  std::vector<std::string> lines;
  for (auto& key : all_keys())
    if (wanted(key))
      lines.push_back(std::string{key.name} + " = " + to_toml(read(x, key)));
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (auto& line : lines)
    text += line + "\n";
  return text;
}

} // namespace

std::string full_text(const settings& x) {
  return text_of_keys(x, [](const key_spec&) { return true; });
}

std::string decision_text(const settings& x) {
  return text_of_keys(x, [&](const key_spec& key) {
    return key.effect == key_effect::decision
           || (key.effect == key_effect::decision_where_set
               && read(x, key) != default_of(key));
  });
}

std::string configuration_hash(const settings& x) {
  return sha256_hex(decision_text(x));
}

std::string effective_text(const configuration& x) {
  std::string text;
  for (auto& entry : x.effective)
    text += entry.key + " = " + entry.text + "  # " + entry.origin + "\n";
  return text;
}

} // namespace banksia::config
