#include "runtime/http/client_text.hpp"

#include "runtime/http/content_coding.hpp"

#include <array>
#include <utility>

namespace banksia::http {

namespace {

constexpr std::array<std::string_view, 15> error_names{
  "",           "bad_address", "resolve",      "connect",    "tls",
  "timeout",    "too_large",   "truncated",    "bad_length", "bad_encoding",
  "wrong_type", "protocol",    "redirect",     "cancelled",  "busy"};

/// "text/html" of "Text/HTML; charset=utf-8", as it is written.
std::string_view media_type(std::string_view text) {
  text = text.substr(0, text.find(';'));
  auto first = text.find_first_not_of(" \t");
  if (first == text.npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

} // namespace

const std::string* find_header(const name_values& in, std::string_view name) {
  for (const auto& [key, value] : in)
    if (equal_ignoring_case(key, name))
      return &value;
  return nullptr;
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307
         || status == 308;
}

call_failure check_type(const fetch_request& what, const wire_response& got) {
  if (what.accept.empty() || got.status < 200 || got.status > 299
      || got.status == 204)
    return {};
  const auto* given = find_header(got.headers, "Content-Type");
  auto type = given ? media_type(*given) : std::string_view{};
  for (const auto& wanted : what.accept)
    if (equal_ignoring_case(type, wanted))
      return {};
  return {fetch_error::wrong_type,
          "the answer is " + std::string{type.substr(0, 60)} + ", not "
            + what.accept.front()};
}

call_failure decode(const wire_response& got, const fetch_limits& limits,
                    std::string& out) {
  const auto* coding = find_header(got.headers, "Content-Encoding");
  if (got.body.empty())
    return {};
  switch (decode_content(coding ? *coding : std::string{}, got.body,
                         limits.decoded_bytes_max, out)) {
    case coding_state::ok:
      return {};
    case coding_state::unknown:
      return {fetch_error::bad_encoding, "an unknown Content-Encoding"};
    case coding_state::broken:
      return {fetch_error::bad_encoding, "the compressed body is broken"};
    case coding_state::cut_off:
      return {fetch_error::truncated, "the compressed body ends early"};
    case coding_state::too_large:
      return {fetch_error::too_large, "the decoded body is too large"};
  }
  return {};
}

wire_request request_for(const fetch_request& what, const fetch_url& to,
                         const std::string& user_agent, bool same_origin) {
  wire_request result;
  result.method = what.method;
  result.target = to.target;
  result.body = what.body;
  auto& headers = result.headers;
  headers.emplace_back("Host", to.authority());
  headers.emplace_back("User-Agent", user_agent);
  std::string accept;
  for (const auto& type : what.accept)
    accept += (accept.empty() ? "" : ", ") + type;
  headers.emplace_back("Accept", accept.empty() ? "*/*" : accept);
  headers.emplace_back("Accept-Encoding", "gzip, deflate");
  if (!what.if_none_match.empty())
    headers.emplace_back("If-None-Match", what.if_none_match);
  if (!what.if_modified_since.empty())
    headers.emplace_back("If-Modified-Since", what.if_modified_since);
  for (const auto& [name, value] : what.headers) {
    auto is_secret = equal_ignoring_case(name, "Authorization")
                     || equal_ignoring_case(name, "Cookie")
                     || equal_ignoring_case(name, "X-Api-Key");
    if (same_origin || !is_secret)
      headers.emplace_back(name, value);
  }
  return result;
}

// -- values -------------------------------------------------------------------

std::string_view to_string(fetch_error x) noexcept {
  return error_names[static_cast<std::size_t>(x)];
}

std::optional<std::string_view>
fetch_result::header(std::string_view name) const {
  const auto* found = find_header(headers, name);
  return found ? std::optional<std::string_view>{*found} : std::nullopt;
}

std::string fetch_result::etag() const {
  return std::string{header("ETag").value_or("")};
}

std::string fetch_result::last_modified() const {
  return std::string{header("Last-Modified").value_or("")};
}

bool is_passing(const fetch_result& x) noexcept {
  switch (x.error) {
    case fetch_error::none:
      return x.status == 408 || x.status == 425 || x.status == 429
             || x.status == 500 || x.status == 502 || x.status == 503
             || x.status == 504;
    case fetch_error::resolve:
    case fetch_error::connect:
    case fetch_error::timeout:
    case fetch_error::truncated:
    case fetch_error::busy:
      return true;
    default:
      return false;
  }
}

bool is_idempotent(http::method x) noexcept {
  return x == http::method::get || x == http::method::head
         || x == http::method::put || x == http::method::del;
}

fetch_handle::fetch_handle(std::function<void()> cancel)
  : cancel_(std::move(cancel)) {}

void fetch_handle::cancel() const {
  if (cancel_)
    cancel_();
}

} // namespace banksia::http
