#include "runtime/http/answer_head.hpp"

#include "runtime/http/characters.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace banksia::http {

namespace {

/// Of pages: their own files and nothing else, no inline script or style.
constexpr std::string_view page_policy
  = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' "
    "data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

constexpr std::string_view policy_name = "Content-Security-Policy";

constexpr std::pair<std::string_view, std::string_view> default_headers[]{
  {"Cache-Control", "no-store"},
  {policy_name, "default-src 'none'; frame-ancestors 'none'"},
  {"Cross-Origin-Opener-Policy", "same-origin"},
  {"Cross-Origin-Resource-Policy", "same-origin"},
  {"Referrer-Policy", "no-referrer"},
  {"X-Content-Type-Options", "nosniff"},
  {"X-Frame-Options", "DENY"},
};

/// All of them as they are sent.
const std::string& default_lines() {
  static const std::string result = [] {
    std::string lines;
    for (const auto& [name, value] : default_headers)
      lines.append(name).append(": ").append(value).append("\r\n");
    return lines;
  }();
  return result;
}

/// The date of now; made once a second and thread.
const std::string& date_now() {
  thread_local std::time_t made_at = 0;
  thread_local std::string made;
  if (auto now = std::time(nullptr); now != made_at || made.empty()) {
    made = http_date(now);
    made_at = now;
  }
  return made;
}

bool is_sendable(const std::string& name, const std::string& value) {
  constexpr std::string_view own[]{"Content-Length", "Connection",
                                   "Transfer-Encoding"};
  for (auto ours : own)
    if (equal_ignoring_case(name, ours))
      return false;
  auto may_be_in_name
    = [](char c) { return !is_line_end(c) && c != ':' && c != ' '; };
  return !name.empty() && consists_of(name, may_be_in_name)
         && !has_line_end(value);
}

bool names(const name_values& in, std::string_view name) {
  return std::any_of(in.begin(), in.end(), [name](const auto& x) {
    return equal_ignoring_case(x.first, name);
  });
}

void add(std::string& to, std::string_view name, std::string_view value) {
  to.append(name).append(": ").append(value).append("\r\n");
}

template <class T>
std::string_view digits(std::array<char, 24>& room, T x) {
  auto end = std::to_chars(room.data(), room.data() + room.size(), x).ptr;
  return {room.data(), static_cast<std::size_t>(end - room.data())};
}

void add_defaults(std::string& to, const response& with,
                  const name_values& further) {
  auto is_page = with.content_type.starts_with("text/html");
  if (!is_page && with.headers.empty() && further.empty()) {
    to.append(default_lines());
    return;
  }
  for (const auto& [name, value] : default_headers)
    if (!names(with.headers, name) && !names(further, name))
      add(to, name, is_page && name == policy_name ? page_policy : value);
}

} // namespace

std::string http_date(std::time_t at) {
  static constexpr const char* days[]{"Sun", "Mon", "Tue", "Wed",
                                      "Thu", "Fri", "Sat"};
  static constexpr const char* months[]{"Jan", "Feb", "Mar", "Apr",
                                        "May", "Jun", "Jul", "Aug",
                                        "Sep", "Oct", "Nov", "Dec"};
  std::tm parts{};
  gmtime_r(&at, &parts);
  std::array<char, 32> rest{};
  std::strftime(rest.data(), rest.size(), " %Y %H:%M:%S GMT", &parts);
  auto day = parts.tm_mday;
  return std::string{days[parts.tm_wday]} + (day < 10 ? ", 0" : ", ")
         + std::to_string(day) + " " + months[parts.tm_mon] + rest.data();
}

std::string answer_head(const response& with, const head_facts& facts) {
  static const name_values none;
  const auto& further = facts.further ? *facts.further : none;
  std::array<char, 24> room;
  std::string to;
  to.reserve(1024);
  to.append(facts.version == 10 ? "HTTP/1.0 " : "HTTP/1.1 ");
  to.append(digits(room, with.status)).append(" ");
  to.append(reason_phrase(with.status)).append("\r\n");
  add(to, "Date", date_now());
  add_defaults(to, with, further);
  add(to, "X-Trace-Id", facts.trace_id);
  add(to, "X-Request-Id", facts.request_id);
  if (facts.is_secure)
    add(to, "Strict-Transport-Security", "max-age=31536000");
  if (!with.content_type.empty() && !has_line_end(with.content_type))
    add(to, "Content-Type", with.content_type);
  for (const auto& [name, value] : with.headers)
    if (is_sendable(name, value) && !names(further, name))
      add(to, name, value);
  for (const auto& [name, value] : further)
    if (is_sendable(name, value))
      add(to, name, value);
  // What the version does without being told is not said.
  if (facts.keep_alive != (facts.version != 10))
    add(to, "Connection", facts.keep_alive ? "keep-alive" : "close");
  if (facts.content_length)
    add(to, "Content-Length", digits(room, *facts.content_length));
  to.append("\r\n");
  return to;
}

} // namespace banksia::http
