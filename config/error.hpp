#pragma once

/// What is wrong with a configuration.

#include <string>
#include <vector>

namespace banksia::config {

/// One defect. All parts are single lines.
struct config_error {
  std::string source; ///< "banksia.toml:3", "environment BANKSIA_CLOCK",
                      ///< "--set", "profile demo:2", "effective configuration"
  std::string key;    ///< the key's name as written; empty for a whole file
  std::string what;   ///< what went wrong
  std::string hint;   ///< what to do

  friend bool operator==(const config_error&, const config_error&) = default;
};

/// `banksia: what went wrong: where: what to do`, one line without its end.
std::string to_string(const config_error& error);

/// Every error on a line of its own, each line ended.
std::string to_string(const std::vector<config_error>& errors);

} // namespace banksia::config
