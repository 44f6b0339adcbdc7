#pragma once

/// HTTP requests and responses as the services see them: no socket, no Beast.

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/system/result.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace banksia::http {

struct problem_type;

enum class method : std::uint8_t {
  get,
  head,
  post,
  put,
  patch,
  del,
  options,
  other
};

/// "GET" … "DELETE"; "OTHER" for any method no route can have.
std::string_view to_string(method of);

/// The inverse of `to_string`, case-sensitive as in RFC 9110; `other` for
/// anything unknown.
method parse_method(std::string_view text);

/// Whether the method may change something on the server.
bool is_changing(method of);

/// Names with their values, in the order they came.
using name_values = std::vector<std::pair<std::string, std::string>>;

struct request {
  http::method method = http::method::get;
  std::string path;                  ///< as sent, percent-encoded
  std::vector<std::string> segments; ///< of the path, decoded
  name_values query;                 ///< decoded
  name_values params;  ///< `{name}` segments of the route's pattern, decoded
  name_values headers; ///< as sent
  std::string body;
  /// The body as JSON, where its route says what that is and it has one.
  std::shared_ptr<const boost::json::value> content;
  std::string remote;   ///< the client's ADDRESS:PORT
  std::string trace_id; ///< 32 hex digits: of `traceparent`, else made here
  /// What the client calls this request: of `X-Request-Id`, else `trace_id`.
  std::string request_id;
  unsigned version = 11; ///< 10 or 11
  /// When nobody waits for the answer any more: what is not begun by then need
  /// not be, and who asks others gives them what is left of it.
  std::chrono::steady_clock::time_point deadline
    = std::chrono::steady_clock::time_point::max();

  /// The first header of that name, whatever its case.
  std::optional<std::string_view> header(std::string_view name) const;

  /// The first query parameter of that name.
  std::optional<std::string_view> query_value(std::string_view name) const;

  /// What stands at `{name}` in the path; empty where the route has none.
  std::string_view param(std::string_view name) const;
};

struct response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  /// Further headers. Those the server sets (Content-Length, Connection) and
  /// any with a line break in them are left out.
  name_values headers = {};
};

/// The registered reason phrase of a status ("Not Found").
std::string_view reason_phrase(int status);

/// An RFC 9457 problem as `application/problem+json`: `type`, `title`,
/// `status`, `detail`, `trace_id`, then the members of `further`. The server
/// fills in the trace id of the request when `trace_id` is empty.
response problem(const problem_type& of, std::string_view detail,
                 const boost::json::object& further = {},
                 std::string_view trace_id = {});

/// `value` as `application/json`.
response json_response(const boost::json::value& value, int status = 200);

/// The deepest nesting accepted in a body.
inline constexpr std::size_t json_depth_max = 32;

/// The body as JSON, or the 400 problem to answer with, which says what is
/// wrong at which byte.
boost::system::result<boost::json::value, response>
parse_json_body(const request& of);

/// Splits a request target ("/a/{b}?c=d") into path, segments and query.
/// False where it is no valid origin-form or absolute-form target.
bool parse_target(std::string_view target, request& into);

/// The trace id of a W3C `traceparent` header; nothing unless well-formed.
std::optional<std::string> parse_traceparent(std::string_view text);

/// Whether a text may go back as X-Request-Id: up to 128 letters, digits and
/// `-._:/+=`, so that no log or header suffers from it.
bool is_request_id(std::string_view text);

/// A random trace id: 32 hex digits.
std::string make_trace_id();

/// Whether two texts are equal but for the case of ASCII letters.
bool equal_ignoring_case(std::string_view a, std::string_view b);

} // namespace banksia::http
