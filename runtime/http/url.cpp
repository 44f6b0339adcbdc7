#include "runtime/http/url.hpp"

#include <boost/url.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace banksia::http {

namespace urls = boost::urls;

std::string fetch_url::authority() const {
  auto name = host.find(':') == host.npos ? host : '[' + host + ']';
  if (port == (secure ? 443 : 80))
    return name;
  return name + ':' + std::to_string(port);
}

std::string fetch_url::origin() const {
  return (secure ? "https://" : "http://") + authority();
}

std::string fetch_url::text() const {
  return origin() + target;
}

namespace {

boost::system::result<fetch_url, std::string> from_view(urls::url_view view) {
  fetch_url result;
  if (view.scheme_id() == urls::scheme::https)
    result.secure = true;
  else if (view.scheme_id() != urls::scheme::http)
    return std::string{"neither http nor https"};
  if (view.has_userinfo())
    return std::string{"a user name in the address"};
  for (char c : view.host_name().empty() ? view.host_address()
                                         : view.host_name())
    result.host += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  auto type = view.host_type();
  result.is_address = type == urls::host_type::ipv4
                      || type == urls::host_type::ipv6;
  auto is_fit = [&result](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'
           || c == '.' || c == '_' || (c == ':' && result.is_address);
  };
  if (result.host.empty()
      || !std::all_of(result.host.begin(), result.host.end(), is_fit))
    return std::string{"no usable host name"};
  result.port = result.secure ? 443 : 80;
  if (view.has_port() && !view.port().empty()) {
    auto port = view.port();
    auto [end, failure] = std::from_chars(
      port.data(), port.data() + port.size(), result.port);
    if (failure != std::errc{} || end != port.data() + port.size()
        || result.port == 0)
      return std::string{"no usable port"};
  }
  auto path = view.encoded_path();
  result.target.assign(path.data(), path.size());
  if (result.target.empty())
    result.target = "/";
  // Boost 1.81 takes what is wrong in a port for a path.
  if (result.target[0] != '/')
    return std::string{"no usable port"};
  if (view.has_query()) {
    auto query = view.encoded_query();
    result.target += '?';
    result.target.append(query.data(), query.size());
  }
  return result;
}

constexpr std::size_t url_bytes_max = 8 * 1024;

} // namespace

boost::system::result<fetch_url, std::string> parse_url(std::string_view text) {
  if (text.size() > url_bytes_max)
    return std::string{"an address of more than 8 KiB"};
  auto view = urls::parse_uri(urls::string_view{text.data(), text.size()});
  if (!view)
    return std::string{"no absolute address"};
  return from_view(*view);
}

boost::system::result<fetch_url, std::string>
resolve_url(const fetch_url& from, std::string_view location) {
  if (location.size() > url_bytes_max)
    return std::string{"an address of more than 8 KiB"};
  auto base_text = from.text();
  auto base = urls::parse_uri(base_text);
  auto reference = urls::parse_uri_reference(
    urls::string_view{location.data(), location.size()});
  if (!base || !reference)
    return std::string{"no address"};
  urls::url whole;
  if (!urls::resolve(*base, *reference, whole))
    return std::string{"no address"};
  // Boost keeps the `..` that lead above the root.
  std::string before{whole.encoded_path()};
  while (before.starts_with("/../"))
    before.erase(0, 3);
  whole.set_encoded_path(before);
  return from_view(whole);
}

// -- what may be shown --------------------------------------------------------

namespace {

bool is_secret(std::string_view name) {
  std::string lower;
  for (char c : name)
    lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (std::string_view part :
       {"key", "token", "secret", "passw", "pwd", "auth", "crumb", "sig",
        "session", "credential"})
    if (lower.find(part) != lower.npos)
      return true;
  return false;
}

} // namespace

std::string masked(std::string_view text) {
  constexpr std::string_view ends = "&#; \t\r\n\"'<>";
  std::string out;
  std::size_t i = 0;
  while (i < text.size()) {
    if (text.substr(i).starts_with("://")) {
      out += "://";
      i += 3;
      auto end = text.find_first_of("/?# \t\r\n\"'<>", i);
      auto at = text.substr(0, end).rfind('@');
      if (at != text.npos && at >= i) {
        out += "***@";
        i = at + 1;
      }
      continue;
    }
    out += text[i++];
    if (out.back() != '?' && out.back() != '&' && out.back() != ';')
      continue;
    auto equals = text.find('=', i);
    auto end = text.find_first_of(ends, i);
    if (equals == text.npos || (end != text.npos && end < equals)
        || !is_secret(text.substr(i, equals - i)))
      continue;
    out.append(text.substr(i, equals + 1 - i));
    out += "***";
    i = std::min(text.find_first_of(ends, equals), text.size());
  }
  return out;
}

// -- addresses ----------------------------------------------------------------

namespace {

struct block {
  std::array<unsigned char, 16> bits{};
  unsigned length = 0;
};

template <std::size_t N>
bool lies_in(const unsigned char* address, const block (&blocks)[N]) {
  return std::any_of(std::begin(blocks), std::end(blocks),
                     [address](const block& x) {
                       for (unsigned i = 0; i < x.length; ++i) {
                         auto mask = 0x80u >> (i % 8);
                         if ((address[i / 8] & mask) != (x.bits[i / 8] & mask))
                           return false;
                       }
                       return true;
                     });
}

/// https://www.iana.org/assignments/iana-ipv4-special-registry
bool is_private_v4(const unsigned char* address) {
  static const block blocks[]{
    {{0}, 8},           {{10}, 8},          {{100, 64}, 10},
    {{127}, 8},         {{169, 254}, 16},   {{172, 16}, 12},
    {{192, 0, 0}, 24},  {{192, 168}, 16},   {{198, 18}, 15},
    {{224}, 4},         {{240}, 4},
  };
  return lies_in(address, blocks);
}

} // namespace

bool is_private_address(std::string_view address) {
  std::string text{address.substr(0, address.find('%'))};
  in_addr v4{};
  if (::inet_pton(AF_INET, text.c_str(), &v4) == 1) {
    unsigned char bytes[4];
    std::memcpy(bytes, &v4, sizeof bytes);
    return is_private_v4(bytes);
  }
  in6_addr v6{};
  if (::inet_pton(AF_INET6, text.c_str(), &v6) != 1)
    return true;
  static const block mapped[]{
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, 96}};
  if (lies_in(v6.s6_addr, mapped))
    return is_private_v4(v6.s6_addr + 12);
  // NAT64 of a private address is private too.
  static const block nat64[]{{{0x00, 0x64, 0xFF, 0x9B}, 96}};
  if (lies_in(v6.s6_addr, nat64))
    return is_private_v4(v6.s6_addr + 12);
  // Only 2000::/3 is given out.
  static const block global[]{{{0x20}, 3}};
  return !lies_in(v6.s6_addr, global);
}

} // namespace banksia::http
