#include "models/news/news_text.hpp"

#include "models/news/characters.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace banksia {

using characters::append_utf8;

namespace {

constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.size() >= word.size()
         && std::equal(word.begin(), word.end(), text.begin(),
                       [](char a, char b) { return a == lower(b); });
}

constexpr std::uint32_t no_character = 0xFFFFFFFF;

/// Takes one character off `text`; `no_character` for a byte that is none.
std::uint32_t take_utf8(std::string_view& text) {
  auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  auto first = byte(0);
  std::size_t size = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  std::uint32_t c = size == 1 ? first : first & (0x7Fu >> size);
  bool good = first < 0x80 || (first >= 0xC2 && first < 0xF5);
  good = good && text.size() >= size;
  for (std::size_t i = 1; good && i < size; ++i) {
    good = (byte(i) & 0xC0) == 0x80;
    c = c << 6 | (byte(i) & 0x3F);
  }
  constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  good = good && c >= least[size] && c <= 0x10FFFF
         && !(c >= 0xD800 && c <= 0xDFFF);
  text.remove_prefix(good ? size : 1);
  return good ? c : no_character;
}

// -- entities -----------------------------------------------------------------

struct named_entity {
  std::string_view name;
  std::uint32_t character;
};

/// Those that headlines have.
constexpr std::array<named_entity, 32> entities{{
  {"amp", '&'},       {"lt", '<'},        {"gt", '>'},       {"quot", '"'},
  {"apos", '\''},     {"nbsp", ' '},      {"ndash", 0x2013}, {"mdash", 0x2014},
  {"lsquo", 0x2018},  {"rsquo", 0x2019},  {"ldquo", 0x201C}, {"rdquo", 0x201D},
  {"sbquo", 0x201A},  {"bdquo", 0x201E},  {"hellip", 0x2026},
  {"bull", 0x2022},   {"middot", 0xB7},   {"pound", 0xA3},   {"euro", 0x20AC},
  {"yen", 0xA5},      {"cent", 0xA2},     {"copy", 0xA9},    {"reg", 0xAE},
  {"trade", 0x2122},  {"laquo", 0xAB},    {"raquo", 0xBB},   {"deg", 0xB0},
  {"frac12", 0xBD},   {"eacute", 0xE9},   {"uuml", 0xFC},    {"ouml", 0xF6},
  {"auml", 0xE4},
}};

/// "#8217" or "#x2019".
std::uint32_t numeric_entity(std::string_view text) {
  text.remove_prefix(1);
  auto hex = !text.empty() && lower(text[0]) == 'x';
  if (hex)
    text.remove_prefix(1);
  if (text.empty() || text.size() > 8)
    return no_character;
  std::uint32_t c = 0;
  for (char digit : text) {
    auto x = lower(digit);
    std::uint32_t value = x >= '0' && x <= '9'
                            ? static_cast<std::uint32_t>(x - '0')
                            : hex && x >= 'a' && x <= 'f'
                                ? static_cast<std::uint32_t>(x - 'a' + 10)
                                : 16;
    if (value >= (hex ? 16u : 10u))
      return no_character;
    c = c * (hex ? 16 : 10) + value;
    if (c > 0x10FFFF)
      return no_character;
  }
  if (c >= 0x80 && c < 0xA0)
    return characters::windows_1252[c - 0x80]; // as browsers do
  return c == 0 || (c >= 0xD800 && c <= 0xDFFF) ? no_character : c;
}

/// Takes an entity off `text`, which begins with '&', and appends what it
/// stands for; an unknown one is kept as it is.
void take_entity(std::string_view& text, std::string& out) {
  auto end = text.substr(0, 12).find(';');
  auto name = end == text.npos ? std::string_view{} : text.substr(1, end - 1);
  auto c = no_character;
  if (name.starts_with('#')) {
    c = numeric_entity(name);
  } else {
    for (const auto& entity : entities)
      if (entity.name == name)
        c = entity.character;
  }
  if (c == no_character) {
    out += '&';
    text.remove_prefix(1);
  } else {
    append_utf8(out, c);
    text.remove_prefix(end + 1);
  }
}

// -- tags ---------------------------------------------------------------------

/// Takes a tag, comment, script or style off `text`, which begins with '<'.
/// False where it is only a sign ("profit < 5 %").
bool take_tag(std::string_view& text) {
  auto second = text.size() > 1 ? text[1] : ' ';
  if (!is_letter(second) && second != '/' && second != '!' && second != '?')
    return false;
  auto cut = [&text](std::string_view mark) {
    auto end = text.find(mark);
    text.remove_prefix(end == text.npos ? text.size() : end + mark.size());
  };
  if (text.starts_with("<!--")) {
    cut("-->");
    return true;
  }
  std::string_view content;
  if (starts_with_word(text.substr(1), "script"))
    content = "</script";
  else if (starts_with_word(text.substr(1), "style"))
    content = "</style";
  if (!content.empty()) {
    while (text.size() > 1 && !starts_with_word(text, content))
      text.remove_prefix(1);
  }
  cut(">");
  return true;
}

constexpr bool is_unseen(std::uint32_t c) noexcept {
  return c == 0xAD || (c >= 0x200B && c <= 0x200F)
         || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F)
         || c == 0xFEFF || (c >= 0xFFF0 && c <= 0xFFFB)
         || (c & 0xFFFE) == 0xFFFE || (c >= 0xE0000 && c <= 0xE0FFF);
}

constexpr bool is_blank(std::uint32_t c) noexcept {
  return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x1680
         || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029
         || c == 0x202F || c == 0x205F || c == 0x3000;
}

} // namespace

std::string plain_text(std::string_view text, std::size_t bytes_max) {
  constexpr std::string_view ellipsis = "…";
  std::string out;
  bool blank = false;
  std::size_t room = 0; ///< where a cut with its mark still fits
  while (!text.empty()) {
    auto c = take_utf8(text);
    if (c == no_character || is_unseen(c))
      continue;
    if (is_blank(c)) {
      blank = !out.empty();
      continue;
    }
    if (out.size() + ellipsis.size() <= bytes_max)
      room = out.size();
    if (std::exchange(blank, false))
      out += ' ';
    append_utf8(out, c);
    if (out.size() > bytes_max) {
      out.resize(room);
      if (ellipsis.size() <= bytes_max)
        out += ellipsis;
      break;
    }
  }
  return out;
}

std::string text_of_html(std::string_view html, std::size_t bytes_max) {
  std::string out;
  while (!html.empty()) {
    if (html[0] == '<' && take_tag(html)) {
      out += ' ';
    } else if (html[0] == '&') {
      take_entity(html, out);
    } else {
      out += html[0];
      html.remove_prefix(1);
    }
  }
  return plain_text(out, bytes_max);
}

std::string safe_link(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\f\v";
  auto first = text.find_first_not_of(blanks);
  if (first == text.npos)
    return {};
  text = text.substr(first, text.find_last_not_of(blanks) - first + 1);
  auto rest = text;
  if (starts_with_word(text, "https://"))
    rest.remove_prefix(8);
  else if (starts_with_word(text, "http://"))
    rest.remove_prefix(7);
  else
    return {};
  auto authority = rest.substr(0, rest.find_first_of("/?#"));
  auto is_bad = [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7F
           || std::string_view{"\"'<>\\`"}.find(c) != std::string_view::npos;
  };
  if (text.size() > 2048 || authority.empty()
      || authority.find('@') != authority.npos || authority[0] == ':'
      || std::any_of(text.begin(), text.end(), is_bad))
    return {};
  return std::string{text};
}

} // namespace banksia
