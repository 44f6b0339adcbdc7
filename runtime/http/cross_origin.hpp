#pragma once

/// Pages of other origins (the CORS protocol of the Fetch standard), and
/// OPTIONS, by which browsers ask first.

#include "runtime/http/access.hpp"
#include "runtime/http/message.hpp"

#include <string>
#include <string_view>

namespace banksia::http {

/// The origin that may read the answer: that of the request, where
/// `allowed_origins` names it; else empty. Its own page needs no word.
std::string reading_origin(const request& what, const access_rules& rules);

/// What an answer to such a page says besides.
name_values cross_origin_headers(std::string_view origin);

/// The answer to OPTIONS: the methods of the path; to a browser that asks for a
/// page of an allowed origin, also what that may send.
response options_answer(const request& what, std::string_view allow,
                        std::string_view origin);

} // namespace banksia::http
