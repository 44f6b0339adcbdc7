#include "runtime/http/access.hpp"

#include "runtime/http/characters.hpp"
#include "runtime/http/digest.hpp"
#include "runtime/http/plain_target.hpp"
#include "runtime/http/problem_type.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>

namespace banksia::http {

namespace {

struct authority {
  std::string_view name; ///< without brackets
  std::string_view port; ///< empty where there is none
  bool is_valid = false;
};

authority split_authority(std::string_view text) {
  authority result;
  auto rest = text;
  if (text.starts_with('[')) {
    auto end = text.find(']');
    if (end == std::string_view::npos)
      return result;
    result.name = text.substr(1, end - 1);
    rest = text.substr(end + 1);
  } else {
    auto end = std::min(text.find(':'), text.size());
    result.name = text.substr(0, end);
    rest = text.substr(end);
  }
  if (!rest.empty() && !rest.starts_with(':'))
    return result;
  result.port = rest.empty() ? rest : rest.substr(1);
  result.is_valid = !result.name.empty() && result.port.size() <= 5
                    && consists_of(result.port, is_digit);
  return result;
}

bool is_loopback(std::string_view name) {
  // 127.0.0.0/8 must be digits and dots alone: 127.example.org is a name.
  return equal_ignoring_case(name, "localhost") || name == "::1"
         || (name.starts_with("127.")
             && consists_of(name, is_digit_or_point));
}

/// 80 where the port is left out, as for http.
std::string_view port_or_default(std::string_view port) {
  return port.empty() ? std::string_view{"80"} : port;
}

/// Whether the header says `application/json`, with or without parameters.
bool is_json(std::string_view content_type) {
  auto end = std::min(content_type.find(';'), content_type.size());
  auto media = content_type.substr(0, end);
  auto last = media.find_last_not_of(" \t");
  media = last == std::string_view::npos ? std::string_view{}
                                         : media.substr(0, last + 1);
  return equal_ignoring_case(media, "application/json");
}

std::optional<response> refuse_host(const request& what,
                                    const local_endpoint& at,
                                    const access_rules& rules) {
  auto hosts = std::count_if(
    what.headers.begin(), what.headers.end(),
    [](const auto& x) { return equal_ignoring_case(x.first, "Host"); });
  // HTTP/1.0 knows no Host; no browser speaks it, so nothing can be rebound.
  if (hosts == 0 && what.version == 10)
    return std::nullopt;
  if (hosts != 1)
    return problem(problems::bad_request,
                   "exactly one Host header is needed: send one");
  if (!host_is_ours(*what.header("Host"), at, rules))
    return problem(problems::wrong_host,
                   "this server does not answer under that Host: use its "
                   "address, localhost or a name it is configured for");
  return std::nullopt;
}

std::optional<response> refuse_path(const request& what, const match& where) {
  if (where.found)
    return std::nullopt;
  if (where.allow.empty())
    return problem(problems::no_such_path,
                   "there is nothing at " + what.path
                     + ": see /openapi.json for what there is");
  auto result = problem(problems::method_not_allowed,
                        what.path + " does not take this method: use "
                          + where.allow);
  result.headers.emplace_back("Allow", where.allow);
  return result;
}

} // namespace

bool same_secret(std::string_view a, std::string_view b) {
  // Equal lengths whatever the secrets' are, so that the length stays hidden.
  auto digest_a = sha256_of(a), digest_b = sha256_of(b);
  return CRYPTO_memcmp(digest_a.data(), digest_b.data(), digest_a.size()) == 0;
}

bool host_is_ours(std::string_view host, const local_endpoint& at,
                  const access_rules& rules) {
  auto parts = split_authority(host);
  if (!parts.is_valid)
    return false;
  if (is_loopback(parts.name))
    return true;
  if (equal_ignoring_case(parts.name, at.address)
      && port_or_default(parts.port) == std::to_string(at.port))
    return true;
  return std::any_of(rules.allowed_hosts.begin(), rules.allowed_hosts.end(),
                     [&](const auto& allowed) {
                       return equal_ignoring_case(allowed, host)
                              || equal_ignoring_case(allowed, parts.name);
                     });
}

bool origin_is_ours(std::string_view origin, std::string_view host,
                    const access_rules& rules) {
  for (const auto& allowed : rules.allowed_origins)
    if (equal_ignoring_case(allowed, origin))
      return true;
  for (std::string_view scheme : {"http://", "https://"})
    if (origin.size() > scheme.size()
        && equal_ignoring_case(origin.substr(0, scheme.size()), scheme))
      return equal_ignoring_case(origin.substr(scheme.size()), host);
  return false;
}

std::optional<response> refuse_form(const request& what, const match& where,
                                    const local_endpoint& at,
                                    const access_rules& rules) {
  if (auto refused = refuse_host(what, at, rules))
    return refused;
  if (!is_plain_target(what))
    return problem(problems::bad_request,
                   "the request's target has dot segments, slashes, control "
                   "characters or no UTF-8 behind its escapes: send a plain "
                   "one");
  if (auto refused = refuse_path(what, where))
    return refused;
  auto origin = what.header("Origin");
  if (is_changing(what.method) && origin
      && !origin_is_ours(*origin, what.header("Host").value_or(""), rules))
    return problem(problems::foreign_origin,
                   "a page of another origin may change nothing here: use the "
                   "dashboard's own page");
  return std::nullopt;
}

std::optional<response> refuse_body(const request& what) {
  if (is_changing(what.method) && !what.body.empty()
      && !is_json(what.header("Content-Type").value_or("")))
    return problem(problems::not_json,
                   "the body must be JSON: send Content-Type: "
                   "application/json");
  return std::nullopt;
}

} // namespace banksia::http
