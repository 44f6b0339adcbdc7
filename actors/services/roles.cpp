#include "actors/services/roles.hpp"

#include <array>

namespace banksia {

namespace {

constexpr std::array<std::string_view, 6> names{
  "core", "prediction", "evaluation", "ml", "data", "dashboard"};

constexpr node_role role_at(std::size_t i) {
  return static_cast<node_role>(i);
}

std::string_view trimmed(std::string_view x) {
  while (!x.empty() && x.front() == ' ')
    x.remove_prefix(1);
  while (!x.empty() && x.back() == ' ')
    x.remove_suffix(1);
  return x;
}

std::string known_roles() {
  return "give some of " + to_string(role_set::all());
}

} // namespace

std::string_view to_string(node_role x) noexcept {
  return names[static_cast<std::size_t>(x)];
}

std::string to_string(role_set x, std::string_view between) {
  std::string result;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!x.has(role_at(i)))
      continue;
    if (!result.empty())
      result += between;
    result += names[i];
  }
  return result;
}

parsed_roles parse_roles(std::string_view text) {
  parsed_roles result;
  for (auto rest = text;;) {
    auto comma = rest.find(',');
    auto name = trimmed(rest.substr(0, comma));
    std::size_t i = 0;
    while (i < names.size() && names[i] != name)
      ++i;
    if (i == names.size()) {
      result.problem = name.empty()
                         ? "an empty role: " + known_roles()
                         : "no such role: " + std::string{name} + ": "
                             + known_roles();
      return result;
    }
    if (result.roles.has(role_at(i))) {
      result.problem = "a role twice: " + std::string{name}
                       + ": name each once";
      return result;
    }
    result.roles.add(role_at(i));
    if (comma == std::string_view::npos)
      return result;
    rest.remove_prefix(comma + 1);
  }
}

} // namespace banksia
