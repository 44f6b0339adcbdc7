#include "models/market/bar_formats.hpp"
#include "models/market/bar_formats_text.hpp"

#include <algorithm>
#include <charconv>

namespace banksia {

namespace {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

constexpr bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}

constexpr bool is_lower(char c) noexcept {
  return c >= 'a' && c <= 'z';
}

bool all_of(std::string_view text, bool (*holds)(char)) {
  return std::all_of(text.begin(), text.end(), holds);
}

/// A bare ASX code. Some are digits only (`360`); longer runs are dates.
bool is_code(std::string_view text) {
  return text.size() >= 2 && text.size() <= 6
         && all_of(text, [](char c) { return is_upper(c) || is_digit(c); })
         && (text.size() == 3 || !all_of(text, is_digit));
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (auto& c : result)
    if (is_lower(c))
      c = static_cast<char>(c - 'a' + 'A');
  return result;
}

/// The last part of a path without the endings that name a file's type.
std::string_view stem(std::string_view name) {
  if (auto slash = name.find_last_of("/\\"); slash != name.npos)
    name.remove_prefix(slash + 1);
  for (std::string_view ending : {".gz", ".csv", ".txt", ".json"})
    if (name.size() > ending.size()
        && bar_text::lower(name.substr(name.size() - ending.size())) == ending)
      name.remove_suffix(ending.size());
  return name;
}

/// Calls `visit` with each part of the name between underscores, until it
/// returns true.
template <class Visit>
void each_part(std::string_view name, Visit visit) {
  while (!name.empty()) {
    auto end = std::min(name.find('_'), name.size());
    if (end > 0 && visit(name.substr(0, end)))
      return;
    name.remove_prefix(std::min(end + 1, name.size()));
  }
}

/// `CBA.AX`, `cba.ax`, `7203.T`; not `v1.2`, nor a foreign suffix in lower
/// case, which is rather the ending of a file.
bool has_suffix(std::string_view part) {
  auto dot = part.find('.');
  if (dot == part.npos)
    return false;
  auto code = upper(part.substr(0, dot));
  auto suffix = part.substr(dot + 1);
  auto digits_and_letters = [](char c) { return is_upper(c) || is_digit(c); };
  return !code.empty() && code.size() <= 6 && all_of(code, digits_and_letters)
         && (bar_text::lower(suffix) == "ax"
             || (!suffix.empty() && suffix.size() <= 4
                 && all_of(suffix, is_upper)
                 && code == part.substr(0, dot)));
}

/// `^GSPC`, `AUDUSD=X`, `BTC-USD`, `CBA.AX`: cannot be an ordinary word.
bool is_marked_symbol(std::string_view part) {
  auto plain = [](char c) {
    return is_upper(c) || is_digit(c) || c == '^' || c == '=' || c == '-'
           || c == '.';
  };
  if (has_suffix(part))
    return true;
  return part.size() <= 16 && part.size() >= 2 && all_of(part, plain)
         && std::any_of(part.begin(), part.end(), is_upper)
         && part.find_first_of("^=-") != part.npos;
}

} // namespace

bool normalize_symbol(std::string_view code, std::string& out) {
  code = bar_text::trimmed(code);
  constexpr std::size_t longest = 20;
  if (code.empty() || code.size() > longest)
    return false;
  auto bare = true;
  auto alphanumeric = false;
  for (auto c : code) {
    if (is_upper(c) || is_lower(c) || is_digit(c))
      alphanumeric = true;
    else if (c == '^' || c == '=' || c == '-' || c == '.')
      bare = false;
    else
      return false;
  }
  if (!alphanumeric)
    return false;
  if (bare && (code.size() < 2 || code.size() > 6))
    return false;
  out.assign(code);
  if (bare) {
    for (auto& c : out)
      if (is_lower(c))
        c = static_cast<char>(c - 'a' + 'A');
    out += ".AX";
  }
  return true;
}

std::optional<std::string> symbol_from_filename(std::string_view file_name) {
  auto name = stem(file_name);
  std::string_view found;
  each_part(name, [&](std::string_view part) {
    if (is_marked_symbol(part))
      found = part;
    return !found.empty();
  });
  if (!found.empty())
    return has_suffix(found) ? upper(found) : std::string(found);
  each_part(name, [&](std::string_view part) {
    auto short_word = part.size() == 3 && part.size() == name.size()
                      && all_of(part, is_lower);
    if ((is_code(part) && !interval_from_text(part)) || short_word)
      found = part;
    return !found.empty();
  });
  if (found.empty())
    return std::nullopt;
  return upper(found) + ".AX";
}

std::optional<bar_interval> interval_from_text(std::string_view text) {
  auto word = bar_text::lower(text);
  if (word == "daily")
    return bar_interval::d1;
  unsigned count = 0;
  auto end = word.data() + word.size();
  auto [unit, error] = std::from_chars(word.data(), end, count);
  if (error != std::errc{})
    return std::nullopt;
  std::string_view rest{unit, static_cast<std::size_t>(end - unit)};
  if (rest == "d" || rest == "day")
    return count == 1 ? std::optional{bar_interval::d1} : std::nullopt;
  if (rest == "h" || rest == "hour")
    return count == 1 ? std::optional{bar_interval::m60} : std::nullopt;
  if (rest != "m" && rest != "min")
    return std::nullopt;
  for (auto x : {bar_interval::m1, bar_interval::m5, bar_interval::m15,
                 bar_interval::m30, bar_interval::m60})
    if (minutes_of(x) == count)
      return x;
  return std::nullopt;
}

std::optional<bar_interval> interval_from_filename(std::string_view file_name) {
  std::optional<bar_interval> found;
  each_part(stem(file_name), [&](std::string_view part) {
    found = interval_from_text(part);
    return found.has_value();
  });
  return found;
}

} // namespace banksia
