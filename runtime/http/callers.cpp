#include "runtime/http/access.hpp"
#include "runtime/http/characters.hpp"
#include "runtime/http/digest.hpp"
#include "runtime/http/problem_type.hpp"

#include <arpa/inet.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace banksia::http {

namespace {

bool is_address(const std::string& text) {
  unsigned char bytes[sizeof(in6_addr)];
  return ::inet_pton(AF_INET, text.c_str(), bytes) == 1
         || ::inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

/// IPv4 in IPv6's clothes is IPv4: "::ffff:127.0.0.1".
std::string unmapped(std::string_view address) {
  constexpr std::string_view mapped = "::ffff:";
  if (address.starts_with(mapped) && address.find('.') != address.npos)
    address.remove_prefix(mapped.size());
  return std::string{address};
}

/// The address of "ADDRESS:PORT", as the session writes it: no brackets.
std::string peer_of(std::string_view remote) {
  return unmapped(remote.substr(0, remote.rfind(':')));
}

bool is_trusted(const std::string& address, const access_rules& rules) {
  return is_loopback_address(address)
         || std::find(rules.trusted_proxies.begin(),
                      rules.trusted_proxies.end(), address)
              != rules.trusted_proxies.end();
}

std::string_view trimmed(std::string_view text) {
  auto first = std::min(text.find_first_not_of(" \t"), text.size());
  auto last = text.find_last_not_of(" \t");
  return text.substr(first, last + 1 - first);
}

/// One hop without brackets and port.
std::string hop_of(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('['))
    return unmapped(text.substr(1, std::min(text.find(']'), text.size()) - 1));
  if (std::count(text.begin(), text.end(), ':') == 1)
    text = text.substr(0, text.find(':'));
  return unmapped(text);
}

/// All hops that the headers name, the nearest first.
std::vector<std::string> hops_of(const request& what) {
  std::vector<std::string> result;
  for (const auto& [name, value] : what.headers) {
    if (!equal_ignoring_case(name, "X-Forwarded-For"))
      continue;
    for (std::string_view rest = value;;) {
      auto end = std::min(rest.find(','), rest.size());
      result.push_back(hop_of(rest.substr(0, end)));
      if (end == rest.size())
        break;
      rest.remove_prefix(end + 1);
    }
  }
  std::reverse(result.begin(), result.end());
  return result;
}

/// What stands behind the colon of `Basic`'s "USER:PASSWORD" in base64.
std::optional<std::string> password_of(std::string_view encoded) {
  if (encoded.empty() || encoded.size() % 4 != 0 || encoded.size() > 1024)
    return std::nullopt;
  std::string text(encoded.size(), '\0');
  auto size = EVP_DecodeBlock(
    reinterpret_cast<unsigned char*>(text.data()),
    reinterpret_cast<const unsigned char*>(encoded.data()),
    static_cast<int>(encoded.size()));
  if (size < 0)
    return std::nullopt;
  auto padding = encoded.size() - 1 - encoded.find_last_not_of('=');
  text.resize(static_cast<std::size_t>(size) - std::min<std::size_t>(padding, 2));
  auto colon = text.find(':');
  if (colon == std::string::npos)
    return std::nullopt;
  return text.substr(colon + 1);
}

/// What follows the scheme's name, where it is that scheme.
std::optional<std::string_view> after(std::string_view header,
                                      std::string_view scheme) {
  if (header.size() > scheme.size()
      && equal_ignoring_case(header.substr(0, scheme.size()), scheme))
    return header.substr(scheme.size());
  return std::nullopt;
}

response ask_for_token(const request& what) {
  auto result = problem(problems::unauthorized,
                        "this needs Authorization: Bearer with a token: the "
                        "content of operator.token on this machine, or one "
                        "that `banksia token create` makes");
  result.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"banksia\"");
  // A browser then asks the person in front of it.
  if (!is_changing(what.method)
      && what.header("Accept").value_or("").find("text/html")
           != std::string_view::npos)
    result.headers.emplace_back("WWW-Authenticate",
                                "Basic realm=\"banksia\", charset=\"UTF-8\"");
  return result;
}

} // namespace

bool is_loopback_address(std::string_view address) {
  return address == "::1"
         || (address.starts_with("127.")
             && consists_of(address, is_digit_or_point));
}

bool is_proxy(const std::string& address, const access_rules& rules) {
  return rules.behind_proxy && is_trusted(address, rules);
}

std::optional<std::string> client_address(const request& what,
                                          const access_rules& rules) {
  auto peer = peer_of(what.remote);
  if (!rules.behind_proxy)
    return peer;
  if (!is_trusted(peer, rules))
    return std::nullopt;
  for (auto& hop : hops_of(what)) {
    if (!is_address(hop))
      return std::nullopt; // who wrote that is not to be relied on
    if (!is_trusted(hop, rules))
      return hop;
    peer = hop;
  }
  return peer;
}

std::optional<std::string> given_secret(const request& what) {
  auto header = what.header("Authorization");
  if (!header)
    return std::nullopt;
  if (auto secret = after(*header, "Bearer "))
    return std::string{*secret};
  if (!is_changing(what.method))
    if (auto encoded = after(*header, "Basic "))
      return password_of(*encoded);
  return std::nullopt;
}

std::optional<access_token> holder_of(std::string_view secret,
                                      std::string_view client,
                                      const access_rules& rules) {
  // Every one is looked at, so that the time tells nothing.
  const access_token* found = nullptr;
  auto digest = hex_of(sha256_of(secret));
  for (const auto& known : rules.tokens)
    if (known.sha256.size() == digest.size()
        && CRYPTO_memcmp(known.sha256.data(), digest.data(), digest.size())
             == 0)
      found = &known;
  auto is_operator = !rules.token.empty() && same_secret(secret, rules.token);
  if (is_operator && is_loopback_address(client))
    return access_token{"operator", route_access::admin, {}};
  if (found)
    return *found;
  return std::nullopt;
}

std::optional<response> refuse_caller(const request& what, const route& to,
                                      const std::optional<access_token>& by,
                                      const access_rules& rules) {
  auto needed = to.access;
  if (needed == route_access::open
      || (needed == route_access::read && rules.reading_is_free))
    return std::nullopt;
  if (!by)
    return ask_for_token(what);
  if (by->scope >= needed)
    return std::nullopt;
  auto result = problem(problems::insufficient_scope,
                        "the token of " + by->name + " may "
                          + std::string{to_string(by->scope)} + ", this needs "
                          + std::string{to_string(needed)}
                          + ": use another token");
  result.headers.emplace_back(
    "WWW-Authenticate", "Bearer realm=\"banksia\", error=\"insufficient_scope\","
                        " scope=\""
                          + std::string{to_string(needed)} + "\"");
  return result;
}

} // namespace banksia::http
