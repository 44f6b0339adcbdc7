#include "config/error.hpp"

namespace banksia::config {

std::string to_string(const config_error& error) {
  auto where = error.source;
  if (!error.key.empty())
    where += ", key " + error.key;
  return "banksia: " + error.what + ": " + where + ": " + error.hint;
}

std::string to_string(const std::vector<config_error>& errors) {
  std::string lines;
  for (auto& error : errors)
    lines += to_string(error) + "\n";
  return lines;
}

} // namespace banksia::config
