#include "runtime/http/message.hpp"

#include "runtime/http/problem_type.hpp"
#include "runtime/json/text.hpp"
#include "runtime/telemetry/trace_context.hpp"

#include <boost/json/parser.hpp>

#include <algorithm>
#include <array>

namespace banksia::http {

namespace {

constexpr std::array<std::string_view, 8> method_names{
  "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "OTHER"};

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::optional<std::string_view> first_of(const name_values& in,
                                         std::string_view name) {
  auto found = std::find_if(in.begin(), in.end(),
                            [&](const auto& x) { return x.first == name; });
  if (found == in.end())
    return std::nullopt;
  return found->second;
}

} // namespace

std::string_view to_string(method of) {
  return method_names[static_cast<std::size_t>(of)];
}

method parse_method(std::string_view text) {
  for (std::size_t i = 0; i < method_names.size(); ++i)
    if (method_names[i] == text)
      return static_cast<method>(i);
  return method::other;
}

bool is_changing(method of) {
  return of != method::get && of != method::head && of != method::options;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<std::string_view> request::header(std::string_view name) const {
  for (const auto& [known, value] : headers)
    if (equal_ignoring_case(known, name))
      return value;
  return std::nullopt;
}

std::optional<std::string_view>
request::query_value(std::string_view name) const {
  return first_of(query, name);
}

std::string_view request::param(std::string_view name) const {
  return first_of(params, name).value_or(std::string_view{});
}

std::string_view reason_phrase(int status) {
  // RFC 9110, section 15, and RFC 6585 for 428, 429 and 431.
  static constexpr std::pair<int, std::string_view> known[]{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
  };
  for (const auto& [code, phrase] : known)
    if (code == status)
      return phrase;
  return "Unknown";
}

response problem(const problem_type& of, std::string_view detail,
                 const boost::json::object& further,
                 std::string_view trace_id) {
  boost::json::object body;
  body["type"] = type_reference(of);
  body["title"] = of.title;
  body["status"] = of.status;
  body["detail"] = detail;
  body["trace_id"] = trace_id;
  for (const auto& member : further)
    body[member.key()] = member.value();
  return {of.status, "application/problem+json", json_text(body)};
}

response json_response(const boost::json::value& value, int status) {
  return {status, "application/json", json_text(value)};
}

boost::system::result<boost::json::value, response>
parse_json_body(const request& of) {
  boost::json::parse_options limits;
  limits.max_depth = json_depth_max;
  boost::json::parser parser{{}, limits};
  boost::json::error_code failed;
  auto read = parser.write_some(of.body, failed);
  if (!failed && read < of.body.size())
    failed = boost::json::error::extra_data;
  if (failed)
    return problem(problems::invalid_json,
                   "the body is not valid JSON: byte " + std::to_string(read)
                     + ": " + failed.message() + ": send one JSON value",
                   {}, of.trace_id);
  return parser.release();
}

std::optional<std::string> parse_traceparent(std::string_view text) {
  auto x = telemetry::parse_traceparent(text);
  return x ? std::optional{telemetry::trace_id_text(*x)} : std::nullopt;
}

bool is_request_id(std::string_view text) {
  constexpr std::size_t length_max = 128;
  return !text.empty() && text.size() <= length_max
         && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz"
                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789-._:/+=")
              == std::string_view::npos;
}

std::string make_trace_id() {
  telemetry::trace_context x;
  x.trace_high = telemetry::random_trace_bits();
  x.trace_low = telemetry::random_trace_bits();
  return telemetry::trace_id_text(x);
}

} // namespace banksia::http
