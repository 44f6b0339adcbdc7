#pragma once

/// What texts of requests and answers consist of. `find_first_of` calls a
/// function for each character, which a request that is answered from memory
/// would notice.

#include <algorithm>
#include <string_view>

namespace banksia::http {

constexpr bool is_line_end(char c) noexcept {
  return c == '\r' || c == '\n';
}

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

constexpr bool is_digit_or_point(char c) noexcept {
  return is_digit(c) || c == '.';
}

constexpr bool has_line_end(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(), is_line_end);
}

template <class Predicate>
constexpr bool consists_of(std::string_view text, Predicate is) {
  return std::all_of(text.begin(), text.end(), is);
}

} // namespace banksia::http
