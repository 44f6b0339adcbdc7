#include "config/core_address.hpp"

#include <charconv>

namespace banksia::config {

std::optional<core_address> parse_core_address(std::string_view text) {
  auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return std::nullopt;
  auto host = text.substr(0, colon);
  auto number = text.substr(colon + 1);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  else if (host.find_first_of("[]: ") != std::string_view::npos)
    return std::nullopt;
  core_address result;
  auto end = number.data() + number.size();
  auto [at, failed] = std::from_chars(number.data(), end, result.port);
  if (host.empty() || failed != std::errc{} || at != end || result.port == 0)
    return std::nullopt;
  result.host = host;
  return result;
}

} // namespace banksia::config
