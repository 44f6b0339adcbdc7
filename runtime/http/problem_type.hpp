#pragma once

/// The kinds of problems that RFC 9457 documents name in `type`, so that a
/// program can tell two problems of one status apart. A kind once published
/// keeps its name and its status.

#include <span>
#include <string>
#include <string_view>

namespace banksia::http {

struct problem_type {
  std::string_view name; ///< small letters and hyphens
  int status = 500;
  std::string_view title;   ///< the same each time
  std::string_view meaning; ///< for people: what it says, and what to do
};

/// Where the kinds are explained; `type` is this and the name.
inline constexpr std::string_view problem_path = "/problems/";

/// The reference that stands in `type`: "/problems/no-such-path".
std::string type_reference(const problem_type& of);

/// What the server itself answers with; of each status the most general first.
/// Services add their own.
namespace problems {

inline constexpr problem_type bad_request{
  "bad-request", 400, "Bad Request",
  "The request is no valid HTTP, has no valid target, or lacks what each "
  "request needs. The detail says which."};
inline constexpr problem_type invalid_json{
  "invalid-json", 400, "The body is not valid JSON",
  "The body must be one JSON value, nested no deeper than 32."};
inline constexpr problem_type invalid_parameter_name{
  "invalid-parameter-name", 400, "A parameter that is not known, or twice",
  "`field` names a query parameter that the route does not take, or that was "
  "given more than once."};
inline constexpr problem_type missing_body{
  "missing-body", 400, "A body is needed", "Send the JSON that the route takes."};
inline constexpr problem_type invalid_header{
  "invalid-header", 400, "A header that makes no sense",
  "`field` names the header; the detail says what it may be."};
inline constexpr problem_type unauthorized{
  "unauthorized", 401, "Unauthorized",
  "The route needs a token: send Authorization: Bearer."};
inline constexpr problem_type forbidden{
  "forbidden", 403, "Forbidden", "This is not allowed, whoever asks."};
inline constexpr problem_type insufficient_scope{
  "insufficient-scope", 403, "The token may not do this",
  "The token is known, but what it is for is less than what this needs."};
inline constexpr problem_type foreign_origin{
  "foreign-origin", 403, "A page of another origin",
  "Pages of other origins may change nothing, unless allowed_origins names "
  "theirs."};
inline constexpr problem_type proxy_only{
  "proxy-only", 403, "Asked past the proxy",
  "The server takes requests from its proxies alone."};
inline constexpr problem_type not_found{
  "not-found", 404, "Not Found", "There is no such thing."};
inline constexpr problem_type no_such_path{
  "no-such-path", 404, "No such path",
  "The listener has no such path; /openapi.json lists those it has."};
inline constexpr problem_type method_not_allowed{
  "method-not-allowed", 405, "Method Not Allowed",
  "The path takes other methods: those in Allow."};
inline constexpr problem_type not_acceptable{
  "not-acceptable", 406, "Not Acceptable",
  "The route has no answer of a kind that Accept allows."};
inline constexpr problem_type request_timeout{
  "request-timeout", 408, "Request Timeout",
  "The request did not come to its end in time."};
inline constexpr problem_type conflict{
  "conflict", 409, "Conflict", "What is asked for cannot happen now."};
inline constexpr problem_type length_required{
  "length-required", 411, "Length Required",
  "A body is needed, and its length: Content-Length or a chunked body."};
inline constexpr problem_type body_too_long{
  "body-too-long", 413, "Content Too Large", "Send less at a time."};
inline constexpr problem_type target_too_long{
  "target-too-long", 414, "URI Too Long", "Shorten path and query."};
inline constexpr problem_type not_json{
  "not-json", 415, "Unsupported Media Type",
  "Bodies must be application/json."};
inline constexpr problem_type wrong_host{
  "wrong-host", 421, "Misdirected Request",
  "The server does not answer under that Host."};
inline constexpr problem_type invalid_value{
  "invalid-value", 422, "Unprocessable Content",
  "`field` names a parameter or a place in the body whose value breaks its "
  "schema, or makes no sense here; empty: the body itself."};
inline constexpr problem_type too_many_requests{
  "too-many-requests", 429, "Too Many Requests",
  "One client asked for this too often: wait as long as Retry-After says."};
inline constexpr problem_type too_many_wrong_tokens{
  "too-many-wrong-tokens", 429, "Too many wrong tokens",
  "One client sent tokens that are nobody's: wait as long as Retry-After "
  "says."};
inline constexpr problem_type headers_too_long{
  "headers-too-long", 431, "Request Header Fields Too Large",
  "Send fewer or shorter headers."};
inline constexpr problem_type internal_error{
  "internal-error", 500, "Internal Server Error",
  "A defect of this server; its log has more under the trace id."};
inline constexpr problem_type unavailable{
  "unavailable", 503, "Service Unavailable",
  "What answers this is away or being started again: try again."};
inline constexpr problem_type no_answer{
  "no-answer", 503, "The part that answers gave no answer",
  "It fell while it had the request, and is started again. What changes "
  "something may have happened or not."};
inline constexpr problem_type too_many_bodies{
  "too-many-bodies", 503, "Too many large bodies at a time",
  "Others send large bodies just now: try again."};
inline constexpr problem_type deadline_passed{
  "deadline-passed", 504, "Gateway Timeout",
  "The time that the request was given is over: that of its route, or what "
  "Request-Timeout asked for. What changes something may happen yet."};
inline constexpr problem_type http_version{
  "http-version", 505, "HTTP Version Not Supported", "Use HTTP/1.1."};
inline constexpr problem_type insufficient_storage{
  "insufficient-storage", 507, "Insufficient Storage",
  "Nothing can be stored now, most likely because the disk is full. Reading "
  "goes on."};

} // namespace problems

/// All of the above, by status.
std::span<const problem_type* const> server_problems();

/// The most general kind of a status; null where there is none.
const problem_type* problem_of_status(int status);

} // namespace banksia::http
