#pragma once

/// Puts the layers together: defaults < profile < file < environment < --set.
/// Pure but for reading the file: the environment is handed in.

#include "config/error.hpp"
#include "config/settings.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::config {

/// Where a configuration comes from.
struct sources {
  /// The profile named on the command line (`--env`); it wins over the
  /// variable `TRADING_ENV`. Neither: production.
  std::optional<std::string> profile;
  /// Path of a TOML file.
  std::optional<std::string> file;
  /// The whole environment; only `TRADING_ENV` and `BANKSIA_…` matter.
  std::map<std::string, std::string> environment;
  /// `key=value`, as given with `--set`.
  std::vector<std::string> set;
};

/// One key of a configuration in use.
struct effective_value {
  std::string key;
  std::string text;   ///< as TOML; `""` for a time of day that is unset
  std::string origin; ///< "default", "profile demo", "banksia.toml:3",
                      ///< "environment BANKSIA_CLOCK", "--set"

  friend bool operator==(const effective_value&,
                         const effective_value&) = default;
};

/// A configuration that may be used.
struct configuration {
  std::string profile;
  settings values;
  std::vector<effective_value> effective; ///< every key, in the table's order
};

/// A configuration, or every error that was found.
struct load_result {
  std::optional<configuration> loaded;
  std::vector<config_error> errors; ///< empty exactly when `loaded` is set

  explicit operator bool() const noexcept { return loaded.has_value(); }
};

/// Reads and checks everything. A value that a later layer replaces is
/// checked all the same. With any error there is no configuration.
load_result load(const sources& from);

/// Reads a canonical text, as `full_text` gives it, over the defaults. `name`
/// stands before the line in errors.
load_result load_text(std::string_view text, const std::string& name);

} // namespace banksia::config
