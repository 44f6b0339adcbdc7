#pragma once

/// Addresses that the client fetches, and what of them may be shown.

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace banksia::http {

/// An absolute http or https URL.
struct fetch_url {
  bool secure = false; ///< https
  std::string host;    ///< lower case; an IPv6 address without brackets
  bool is_address = false; ///< the host is an IP address
  std::uint16_t port = 80;
  std::string target; ///< path and query as they are sent, no fragment

  /// "example.com", "example.com:8080", "[::1]:8080": the Host header. The
  /// scheme's usual port is left out.
  std::string authority() const;

  /// Scheme, host and port: "https://example.com".
  std::string origin() const;

  /// The whole address; holds secrets, not to be shown.
  std::string text() const;
};

/// Reads an address; the reason, which repeats nothing of it, where it cannot
/// be fetched: another scheme, a user name in it, no host, control characters.
boost::system::result<fetch_url, std::string> parse_url(std::string_view text);

/// Where a Location header leads to, seen from `from`.
boost::system::result<fetch_url, std::string>
resolve_url(const fetch_url& from, std::string_view location);

/// `text` with the values of query members that are secrets (`apikey`,
/// `token`, `crumb`, …) as `***`, and what stands before an `@` too. For
/// addresses and for texts that hold them.
std::string masked(std::string_view text);

/// Whether an IP address is loopback, private, link-local, shared, multicast,
/// unspecified or otherwise not of the public internet. True for what is no
/// address.
bool is_private_address(std::string_view address);

} // namespace banksia::http
