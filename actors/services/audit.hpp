#pragma once

#include "messages/time.hpp"
#include "runtime/http/server.hpp"

#include <string>

namespace banksia {

/// One line of `logs/audit.jsonl`. What looks like a secret in a path or body
/// is masked.
std::string audit_line(const http::audited& what, timestamp at);

/// `text` with each run of 40 or more letters, digits, `-` and `_` as `***`:
/// tokens are such, ids, versions and codes are not.
std::string without_secrets(std::string_view text);

} // namespace banksia
