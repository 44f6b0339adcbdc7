#include "config/token_entry.hpp"

namespace banksia::config {

namespace {

bool holds_only(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

} // namespace

std::optional<token_entry> parse_token_entry(std::string_view text) {
  constexpr std::string_view name_characters
    = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  constexpr std::size_t name_size_max = 40;
  auto first = text.find(':');
  auto second = first == text.npos ? text.npos : text.find(':', first + 1);
  if (second == text.npos)
    return std::nullopt;
  auto name = text.substr(0, first);
  auto scope = text.substr(first + 1, second - first - 1);
  auto hash = text.substr(second + 1);
  if (name.empty() || name.size() > name_size_max
      || !holds_only(name, name_characters)
      || (scope != "read" && scope != "operate" && scope != "admin")
      || hash.size() != 64 || !holds_only(hash, "0123456789abcdef"))
    return std::nullopt;
  return token_entry{std::string{name}, std::string{scope}, std::string{hash}};
}

} // namespace banksia::config
