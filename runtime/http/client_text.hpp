#pragma once

/// What the client sends and what an answer means, without a socket.

#include "runtime/http/client_connection.hpp"
#include "runtime/http/url.hpp"

#include <string>
#include <string_view>

namespace banksia::http {

/// The first header of that name, whatever its case; null without one.
const std::string* find_header(const name_values& in, std::string_view name);

/// Whether the status sends the client elsewhere.
bool is_redirect(int status);

/// A 2xx answer of a media type that was not asked for.
call_failure check_type(const fetch_request& what, const wire_response& got);

/// The body without its Content-Encoding, within `decoded_bytes_max`.
call_failure decode(const wire_response& got, const fetch_limits& limits,
                    std::string& out);

/// @param same_origin false: secrets of `what` are left out
wire_request request_for(const fetch_request& what, const fetch_url& to,
                         const std::string& user_agent, bool same_origin);

} // namespace banksia::http
