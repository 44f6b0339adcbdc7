#include "runtime/http/plain_target.hpp"

#include "runtime/http/characters.hpp"

#include <algorithm>

namespace banksia::http {

namespace {

/// Bytes of the character that begins with `first`; 0 where none does.
std::size_t length_of(unsigned char first) {
  if (first < 0x80)
    return 1;
  if (first >= 0xC2 && first <= 0xDF)
    return 2;
  if (first >= 0xE0 && first <= 0xEF)
    return 3;
  return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

/// Whether the second byte keeps the character in its shortest form, below
/// U+110000 and off the surrogates.
bool is_second(unsigned char first, unsigned char second) {
  auto low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  auto high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  return second >= low && second <= high;
}

bool is_plain_segment(const std::string& text) {
  auto is_no_slash = [](char c) { return c != '/' && c != '\\'; };
  return text != "." && text != ".." && consists_of(text, is_no_slash)
         && is_plain_utf8(text);
}

} // namespace

bool is_plain_utf8(std::string_view text) {
  auto byte = [&](std::size_t at) {
    return static_cast<unsigned char>(text[at]);
  };
  for (std::size_t i = 0; i < text.size();) {
    auto first = byte(i);
    auto length = length_of(first);
    if (length == 0 || i + length > text.size() || first < 0x20
        || first == 0x7F)
      return false;
    if (length > 1 && !is_second(first, byte(i + 1)))
      return false;
    for (std::size_t k = 2; k < length; ++k)
      if ((byte(i + k) & 0xC0) != 0x80)
        return false;
    i += length;
  }
  return true;
}

bool is_plain_target(const request& what) {
  return std::all_of(what.segments.begin(), what.segments.end(),
                     is_plain_segment)
         && std::all_of(what.query.begin(), what.query.end(),
                        [](const auto& x) {
                          return is_plain_utf8(x.first)
                                 && is_plain_utf8(x.second);
                        });
}

} // namespace banksia::http
