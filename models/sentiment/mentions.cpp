#include "models/sentiment/mentions.hpp"

#include "models/sentiment/words.hpp"

#include <algorithm>

namespace banksia::sentiment {

namespace {

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

char lower(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_word_byte(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9')
         || static_cast<unsigned char>(c) >= 0x80;
}

/// Several words, and none in small letters: a headline that shouts.
bool shouts(std::string_view x) {
  auto small = [](char c) { return c >= 'a' && c <= 'z'; };
  auto first = x.find_first_not_of(' ');
  auto last = x.find_last_not_of(' ');
  return first < last && x.substr(first, last - first).find(' ') < last
         && std::none_of(x.begin(), x.end(), small);
}

bool same_in_any_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

/// Each word of `seen` begins with a capital.
bool is_name(std::string_view seen) {
  for (std::size_t i = 0; i < seen.size(); ++i)
    if ((i == 0 || seen[i - 1] == ' ') && seen[i] >= 'a' && seen[i] <= 'z')
      return false;
  return true;
}

/// "ASX:", "(ASX: ", "(" before, or ".AX" after.
bool is_marked(std::string_view title, std::size_t at, std::size_t end) {
  if (title.substr(end).starts_with(".AX"))
    return true;
  auto before = title.substr(0, at);
  while (before.ends_with(' '))
    before.remove_suffix(1);
  if (before.ends_with("ASX:"))
    return true;
  return title.substr(0, at).ends_with('(') && title.substr(end).starts_with(')');
}

bool fits(std::string_view title, std::size_t at, const company_alias& x,
          bool title_shouts) {
  auto end = at + x.text.size();
  auto seen = title.substr(at, x.text.size());
  switch (x.letters) {
    case alias_case::name:
      return is_name(seen);
    case alias_case::ticker:
      return seen == x.text
             && (!title_shouts || is_marked(title, at, end));
    case alias_case::marked:
      return seen == x.text && is_marked(title, at, end);
  }
  return false;
}

/// Calls `use` with each place of `text` in `title` at word boundaries, until
/// it says true.
template <class Use>
bool any_place(std::string_view title, std::string_view text, Use use) {
  if (text.empty())
    return false;
  for (std::size_t at = 0; at + text.size() <= title.size(); ++at) {
    auto end = at + text.size();
    if (same_in_any_case(title.substr(at, text.size()), text)
        && (at == 0 || !is_word_byte(title[at - 1]))
        && (end == title.size() || !is_word_byte(title[end])) && use(at))
      return true;
  }
  return false;
}

/// `title` with the names that are not meant taken out.
std::string without_others(std::string title, const alias_table& table) {
  for (const auto& name : table.not_meant)
    any_place(title, name, [&](std::size_t at) {
      title.replace(at, name.size(), name.size(), ' ');
      return false;
    });
  return title;
}

} // namespace

alias_table bank_aliases() {
  using enum alias_case;
  return {
    {
      {"CBA.AX", "CBA", ticker},
      {"CBA.AX", "Commonwealth Bank"},
      {"CBA.AX", "CommBank"},
      {"CBA.AX", "Bankwest"},
      {"WBC.AX", "WBC", ticker},
      {"WBC.AX", "Westpac"},
      {"WBC.AX", "St George Bank"},
      {"ANZ.AX", "ANZ", ticker},
      {"ANZ.AX", "ANZ Bank"},
      {"ANZ.AX", "ANZ Group"},
      {"ANZ.AX", "Australia and New Zealand Banking"},
      {"NAB.AX", "NAB", ticker},
      {"NAB.AX", "National Australia Bank"},
      {"MQG.AX", "MQG", ticker},
      {"MQG.AX", "Macquarie"},
      {"QBE.AX", "QBE", ticker},
      {"QBE.AX", "QBE Insurance"},
      {"SUN.AX", "SUN", marked},
      {"SUN.AX", "Suncorp"},
    },
    {
      "Port Macquarie",
      "Lake Macquarie",
      "Lachlan Macquarie",
      "Macquarie University",
      "Macquarie Island",
      "Macquarie Park",
      "Macquarie Street",
      "Macquarie Dictionary",
      "Macquarie Technology",
      "Macquarie Telecom",
      "ANZ Stadium",
      "Suncorp Stadium",
      "CommBank Stadium",
    },
  };
}

std::vector<std::string> symbols_in(std::string_view text,
                                    const alias_table& table) {
  auto title = without_others(plain_text(text), table);
  auto title_shouts = shouts(title);
  std::vector<std::string> result;
  for (const auto& x : table.aliases) {
    if (std::find(result.begin(), result.end(), x.symbol) != result.end())
      continue;
    auto fit = [&](std::size_t at) {
      return fits(title, at, x, title_shouts);
    };
    if (any_place(title, x.text, fit))
      result.push_back(x.symbol);
  }
  return result;
}

} // namespace banksia::sentiment
