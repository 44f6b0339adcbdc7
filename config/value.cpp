#include "config/value.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

namespace banksia::config {

namespace {

template <class T>
std::optional<T> parse_whole(std::string_view text) {
  T result{};
  auto end = text.data() + text.size();
  auto [rest, error] = std::from_chars(text.data(), end, result);
  if (error != std::errc{} || rest != end)
    return std::nullopt;
  return result;
}

std::string number_text(double x) {
  char buffer[64];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof(buffer), x);
  std::string text(buffer, error == std::errc{} ? end : buffer);
  // Without these TOML would read it back as a whole number.
  if (text.find_first_of(".e") == std::string::npos)
    text += ".0";
  return text;
}

std::string escaped(unsigned char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result = "\\u00";
  result += digits[c >> 4];
  result += digits[c & 15];
  return result;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Levenshtein's distance, blind to case.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      auto replaced = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

} // namespace

std::string quote(std::string_view text) {
  std::string result = "\"";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      result += escaped(byte);
    } else {
      if (c == '"' || c == '\\')
        result += '\\';
      result += c;
    }
  }
  return result + '"';
}

std::string bare(std::string_view text, std::size_t length_max) {
  auto cut = text.size() > length_max;
  if (cut) {
    // Not within a character: its later bytes begin with the bits 10.
    while (length_max > 0 && (text[length_max] & 0xc0) == 0x80)
      --length_max;
    text = text.substr(0, length_max);
  }
  auto quoted = quote(text);
  return quoted.substr(1, quoted.size() - 2) + (cut ? "…" : "");
}

std::string shown(std::string_view text) {
  return "\"" + bare(text) + "\"";
}

std::string to_toml(const value& x) {
  if (auto whole = std::get_if<std::int64_t>(&x))
    return std::to_string(*whole);
  if (auto number = std::get_if<double>(&x))
    return number_text(*number);
  if (auto text = std::get_if<std::string>(&x))
    return quote(*text);
  std::string list = "[";
  for (auto& item : std::get<std::vector<std::string>>(x)) {
    if (list.size() > 1)
      list += ", ";
    list += quote(item);
  }
  return list + "]";
}

bool is_plain_text(std::string_view text) {
  auto control = [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  };
  if (std::any_of(text.begin(), text.end(), control))
    return false;
  // The reader of the canonical text is the judge of what is UTF-8.
  try {
    return toml::parse("x = " + quote(text)).contains("x");
  } catch (const toml::parse_error&) {
    return false;
  }
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  return parse_whole<std::int64_t>(text);
}

std::optional<double> parse_number(std::string_view text) {
  auto result = parse_whole<double>(text);
  if (!result || !std::isfinite(*result))
    return std::nullopt;
  return result;
}

std::optional<int> parse_time_of_day(std::string_view text) {
  auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3)
      || !digit(4))
    return std::nullopt;
  auto hours = (text[0] - '0') * 10 + (text[1] - '0');
  auto minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (hours > 23 || minutes > 59)
    return std::nullopt;
  return hours * 60 + minutes;
}

std::string time_of_day_text(int minutes_since_midnight) {
  auto two = [](int x) {
    return std::string{static_cast<char>('0' + x / 10),
                       static_cast<char>('0' + x % 10)};
  };
  return two(minutes_since_midnight / 60) + ":"
         + two(minutes_since_midnight % 60);
}

std::optional<std::string_view>
nearest(std::string_view word,
        const std::vector<std::string_view>& candidates) {
  // Long words come from a mistake of another kind; measuring them is a loop
  // that grows with whatever somebody put into the environment.
  constexpr std::size_t word_length_max = 100;
  if (word.size() > word_length_max)
    return std::nullopt;
  std::optional<std::string_view> best;
  auto best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (auto candidate : candidates) {
    auto distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

} // namespace banksia::config
