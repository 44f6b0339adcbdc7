#pragma once

/// What a request's target may hold once its escapes are undone.

#include "runtime/http/message.hpp"

namespace banksia::http {

/// Whether the text is UTF-8 (RFC 3629: shortest forms, no surrogates) without
/// control characters.
bool is_plain_utf8(std::string_view text);

/// Whether all of the path and the query is plain, and no segment is `.` or
/// `..` or holds a slash of either kind: what handlers make of a segment (a
/// file's name, a line of a log, JSON) can then not be led astray.
bool is_plain_target(const request& what);

} // namespace banksia::http
