#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace banksia::config {

/// One entry of `api_tokens`: "NAME:SCOPE:SHA256".
struct token_entry {
  std::string name;   ///< up to 40 letters, digits, `.`, `_`, `-`
  std::string scope;  ///< read, operate or admin
  std::string sha256; ///< of the token, 64 hex digits in lower case
};

/// Nothing where the text is no such entry.
std::optional<token_entry> parse_token_entry(std::string_view text);

} // namespace banksia::config
