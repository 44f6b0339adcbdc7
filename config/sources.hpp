#pragma once

/// Reads one layer of the configuration each: TOML, environment, command line.
/// A layer's values are typed and each is allowed on its own; whether they go
/// together is for `config/checks.hpp`.

#include "config/error.hpp"
#include "config/keys.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::config {

/// A key that a layer sets.
struct assignment {
  const key_spec* key = nullptr;
  value x;
  std::string source; ///< as in `config_error`
};

/// All that a layer says, in its own order.
struct layer {
  std::vector<assignment> assignments;
  std::vector<config_error> errors;
};

/// Reads TOML. `name` stands before the line in every source.
layer read_toml(std::string_view text, const std::string& name);

/// Reads the file at `path` as TOML; an error when it cannot be read.
layer read_file(const std::string& path);

/// Reads every variable `BANKSIA_<KEY>`. Lists are separated by commas. Others
/// that begin so are errors, except `BANKSIA_DATA_DIR`, which is not a key.
layer read_environment(const std::map<std::string, std::string>& environment);

/// Reads `key=value` arguments; of two for one key the later one holds.
layer read_set(const std::vector<std::string>& arguments);

} // namespace banksia::config
