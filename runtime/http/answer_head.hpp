#pragma once

/// The header of an answer as it goes over the wire.

#include "runtime/http/message.hpp"

#include <cstddef>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace banksia::http {

/// What the connection adds to an answer.
struct head_facts {
  unsigned version = 11; ///< 10 or 11, of HTTP
  bool keep_alive = false;
  bool is_secure = false; ///< TLS, here or at the proxy before us
  std::string_view trace_id;
  std::string_view request_id;
  /// Nothing: no Content-Length (204, 304, events).
  std::optional<std::size_t> content_length;
  const name_values* further = nullptr; ///< win over those of the answer
};

/// Status line and fields, with the empty line at the end. Fields of the answer
/// win over the server's own of that name, such as `Cache-Control: no-store`.
/// Fields that would break the message (Content-Length, Connection,
/// Transfer-Encoding, line ends within) are left out.
std::string answer_head(const response& with, const head_facts& facts);

/// The IMF-fixdate of RFC 9110, section 5.6.7, whatever the locale.
std::string http_date(std::time_t at);

} // namespace banksia::http
