#include "actors/services/audit.hpp"

#include "runtime/json/text.hpp"
#include "runtime/logging/record.hpp"

#include <boost/json/object.hpp>

#include <algorithm>

namespace banksia {

namespace {

bool may_be_of_secret(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
         || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

} // namespace

std::string without_secrets(std::string_view text) {
  constexpr std::ptrdiff_t secret_size_min = 40;
  std::string result;
  for (auto i = text.begin(); i != text.end();) {
    auto end = std::find_if_not(i, text.end(), may_be_of_secret);
    if (end - i >= secret_size_min)
      result += "***";
    else
      result.append(i, end);
    if (end != text.end())
      result += *end++;
    i = end;
  }
  return result;
}

std::string audit_line(const http::audited& what, timestamp at) {
  auto shown = [](std::string_view text) {
    return logging::to_valid_utf8(without_secrets(text));
  };
  boost::json::object line{
    {"time", to_rfc3339(at)},
    {"client", what.client},
    {"token", what.caller},
    {"scope", what.caller.empty() ? std::string_view{}
                                  : to_string(what.scope)},
    {"service", what.service},
    {"method", to_string(what.method)},
    {"route", what.route},
    {"path", shown(what.path)},
    {"body", shown(what.body)},
    {"status", what.status},
    {"trace_id", what.trace_id}};
  return json_text(line);
}

} // namespace banksia
