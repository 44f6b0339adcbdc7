#pragma once

/// Which requests are refused before any handler sees them. Pure.

#include "runtime/http/message.hpp"
#include "runtime/http/router.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::http {

/// A secret that somebody was given. The secret itself is not kept.
struct access_token {
  std::string name; ///< whose it is, in the audit
  route_access scope = route_access::read;
  std::string sha256; ///< of the secret, 64 hex digits in lower case
};

/// What a listener accepts.
struct access_rules {
  /// The operator's: `admin`, for clients on this machine alone. Empty: none.
  std::string token = {};
  /// Names besides those of `host_is_ours`, as "name" (any port) or
  /// "name:port"; say "prediction" in a compose network.
  std::vector<std::string> allowed_hosts = {};
  /// Origins besides the request's own, as "https://banksia.example".
  std::vector<std::string> allowed_origins = {};
  std::vector<access_token> tokens = {};
  /// `read` routes are open: right where only this machine can ask.
  bool reading_is_free = true;
  /// A proxy ends TLS and names its client in `X-Forwarded-For`. Only loopback
  /// and `trusted_proxies` may then connect.
  bool behind_proxy = false;
  std::vector<std::string> trusted_proxies = {}; ///< addresses
};

/// Where a connection arrived.
struct local_endpoint {
  std::string address; ///< without brackets
  std::uint16_t port = 0;
};

/// Whether a Host header names this server: localhost or a loopback address
/// with any port (a tunnel may change it), the connection's own address and
/// port, or one of `allowed_hosts`. Any other name means that a foreign page
/// made the browser resolve its own name to our address (DNS rebinding).
bool host_is_ours(std::string_view host, const local_endpoint& at,
                  const access_rules& rules);

/// Whether an Origin header names the page this request's Host serves or one
/// of `allowed_origins`.
bool origin_is_ours(std::string_view origin, std::string_view host,
                    const access_rules& rules);

/// Whether two secrets are equal, in a time that depends on neither.
bool same_secret(std::string_view a, std::string_view b);

/// Whether the text is an address of this machine's own loopback.
bool is_loopback_address(std::string_view address);

/// Whether who connects from there speaks for others: a trusted proxy.
bool is_proxy(const std::string& address, const access_rules& rules);

/// Who sent the request: the address of the connection's other side, or, where
/// that is a trusted proxy, the last hop in `X-Forwarded-For` that is none.
/// Nothing when the connection comes past the proxy.
std::optional<std::string> client_address(const request& what,
                                          const access_rules& rules);

/// The secret in `Authorization`: of `Bearer`, or the password of `Basic`. The
/// latter is what browsers ask for and then send by themselves, also for
/// foreign pages, so it lets nobody change anything. Nothing without one.
std::optional<std::string> given_secret(const request& what);

/// Whose secret it is; null when nobody's. Takes the same time for each.
/// @param client as `client_address` says
std::optional<access_token> holder_of(std::string_view secret,
                                      std::string_view client,
                                      const access_rules& rules);

/// The refusal of a request by what it is: 400 or 421 for its Host, 400 for
/// tricks in its target, 404 or 405 for its path, 403 for its Origin.
std::optional<response> refuse_form(const request& what, const match& where,
                                    const local_endpoint& at,
                                    const access_rules& rules);

/// The refusal of a request by who sends it: 401 without a secret that counts,
/// 403 with one that may too little.
std::optional<response> refuse_caller(const request& what, const route& to,
                                      const std::optional<access_token>& by,
                                      const access_rules& rules);

/// 415 for a body that does not claim to be JSON.
std::optional<response> refuse_body(const request& what);

} // namespace banksia::http
