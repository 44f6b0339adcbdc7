#include "runtime/http/cross_origin.hpp"

#include <algorithm>

namespace banksia::http {

std::string reading_origin(const request& what, const access_rules& rules) {
  auto origin = what.header("Origin");
  if (!origin)
    return {};
  auto is_allowed
    = std::any_of(rules.allowed_origins.begin(), rules.allowed_origins.end(),
                  [&](const auto& x) { return equal_ignoring_case(x, *origin); });
  auto is_sound = origin->find_first_of("\r\n") == std::string_view::npos;
  return is_allowed && is_sound ? std::string{*origin} : std::string{};
}

name_values cross_origin_headers(std::string_view origin) {
  return {{"Access-Control-Allow-Origin", std::string{origin}},
          {"Access-Control-Expose-Headers",
           "ETag, Location, Retry-After, X-Request-Id, X-Trace-Id"},
          // Else the browser would keep the answer from the page.
          {"Cross-Origin-Resource-Policy", "cross-origin"},
          {"Vary", "Origin"}};
}

response options_answer(const request& what, std::string_view allow,
                        std::string_view origin) {
  response result{204, "", ""};
  result.headers.emplace_back("Allow", std::string{allow});
  if (origin.empty() || !what.header("Access-Control-Request-Method"))
    return result;
  result.headers.emplace_back("Access-Control-Allow-Methods",
                              std::string{allow});
  result.headers.emplace_back("Access-Control-Allow-Headers",
                              "Authorization, Content-Type, If-None-Match, "
                              "Last-Event-ID, Request-Timeout, "
                              "X-Request-Id, traceparent");
  result.headers.emplace_back("Access-Control-Max-Age", "600");
  return result;
}

} // namespace banksia::http
