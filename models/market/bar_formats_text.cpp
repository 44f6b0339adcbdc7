#include "models/market/bar_formats_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace banksia::bar_text {

namespace {

constexpr char ascii_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_word(std::string_view text, std::string_view word) noexcept {
  return text.size() == word.size()
         && std::equal(text.begin(), text.end(), word.begin(),
                       [](char a, char b) { return ascii_lower(a) == b; });
}

bool says_missing(std::string_view text) noexcept {
  return text.empty() || is_word(text, "null") || is_word(text, "nan")
         || is_word(text, "none") || is_word(text, "n/a")
         || is_word(text, "na");
}

/// The length of the UTF-8 sequence at the beginning; 0 when malformed.
std::size_t utf8_sequence(std::string_view text) noexcept {
  auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(text[i]);
  };
  auto lead = byte(0);
  if (lead < 0x80)
    return 1;
  if (lead < 0xC2 || lead > 0xF4)
    return 0;
  std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() < length)
    return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80)
      return 0;
  auto second = byte(1);
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)
      || (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F))
    return 0;
  return length;
}

bool is_ascii(std::string_view text) noexcept {
  constexpr std::uint64_t high_bits = 0x8080808080808080ULL;
  std::uint64_t seen = 0;
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, 8);
    seen |= word;
  }
  for (; i < text.size(); ++i)
    seen |= static_cast<unsigned char>(text[i]);
  return (seen & high_bits) == 0;
}

} // namespace

std::string_view trimmed(std::string_view text) noexcept {
  auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && blank(text.back()))
    text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string result(trimmed(text));
  std::transform(result.begin(), result.end(), result.begin(), ascii_lower);
  return result;
}

std::string_view without_bom(std::string_view text) noexcept {
  if (text.starts_with("\xEF\xBB\xBF"))
    text.remove_prefix(3);
  return text;
}

bool is_utf8(std::string_view text) noexcept {
  if (is_ascii(text))
    return true;
  while (!text.empty()) {
    auto length = utf8_sequence(text);
    if (length == 0)
      return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string printable(std::string_view text, std::size_t limit) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string result;
  auto whole = text.size() <= limit;
  text = text.substr(0, limit);
  while (!text.empty()) {
    auto length = utf8_sequence(text);
    auto byte = static_cast<unsigned char>(text.front());
    if (length == 0 || byte < 0x20 || byte == 0x7F) {
      result += {'\\', 'x', hex[byte >> 4], hex[byte & 15]};
      length = 1;
    } else {
      result.append(text.substr(0, length));
    }
    text.remove_prefix(length);
  }
  if (!whole)
    result += "…";
  return result;
}

field_state parse_number(std::string_view text, double& out) noexcept {
  text = trimmed(text);
  auto end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, out);
  if (error == std::errc{} && stop == end && out == out)
    return field_state::ok;
  out = 0.0;
  return says_missing(text) ? field_state::missing : field_state::bad;
}

field_state parse_when(std::string_view text, day_and_time& out) noexcept {
  text = trimmed(text);
  auto has_time = text.size() > 10;
  auto day = parse_date(has_time ? text.substr(0, 10) : text);
  if (!day)
    return says_missing(text) ? field_state::missing : field_state::bad;
  out.day = *day;
  out.at.reset();
  out.midnight = true;
  if (!has_time)
    return field_state::ok;
  out.midnight = text.substr(11, 8) == "00:00:00";
  out.at = parse_rfc3339(text);
  if (out.at)
    return field_state::ok;
  // Only a time that would be one with a zone behind it lacks just the zone.
  char with_zone[40];
  if (text.size() + 1 > sizeof(with_zone))
    return field_state::bad;
  std::copy(text.begin(), text.end(), with_zone);
  with_zone[text.size()] = 'Z';
  if (!parse_rfc3339({with_zone, text.size() + 1}))
    return field_state::bad;
  return out.midnight && text.size() == 19 ? field_state::ok
                                           : field_state::no_zone;
}

void field_list::add(std::string_view field) noexcept {
  if (size_ < max_fields)
    fields_[size_++] = field;
  else
    size_ = max_fields + 1;
}

bool field_list::split(std::string_view line) {
  size_ = 0;
  if (line.find('"') != std::string_view::npos)
    return split_quoted(line);
  std::size_t begin = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == ',') {
      add(line.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  add(line.substr(begin));
  return true;
}

bool field_list::split_quoted(std::string_view line) {
  buffer_.clear();
  buffer_.reserve(line.size()); // views into it must stay valid
  std::size_t pos = 0;
  for (;;) {
    if (pos < line.size() && line[pos] == '"') {
      auto begin = buffer_.size();
      for (++pos;; ++pos) {
        if (pos >= line.size())
          return false;
        if (line[pos] == '"') {
          if (pos + 1 >= line.size() || line[pos + 1] != '"')
            break;
          ++pos;
        }
        buffer_ += line[pos];
      }
      ++pos;
      add(std::string_view{buffer_}.substr(begin));
      if (pos < line.size() && line[pos] != ',')
        return false;
    } else {
      auto end = std::min(line.find(',', pos), line.size());
      add(line.substr(pos, end - pos));
      pos = end;
    }
    if (pos >= line.size())
      return true;
    ++pos;
  }
}

} // namespace banksia::bar_text
