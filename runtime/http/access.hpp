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

/// What a listener accepts.
struct access_rules {
  /// What `needs_token` routes want after `Authorization: Bearer`. Empty: they
  /// refuse everybody.
  std::string token = {};
  /// Names besides those of `host_is_ours`, as "name" (any port) or
  /// "name:port"; say "prediction" in a compose network.
  std::vector<std::string> allowed_hosts = {};
  /// Origins besides the request's own, as "https://banksia.example".
  std::vector<std::string> allowed_origins = {};
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

/// The refusal of a request whose target and headers were read: 400 or 421
/// for its Host, 404 or 405 for its path, 403 for its Origin, 401 for its
/// token, 415 for its body; nothing when its handler may see it.
std::optional<response> refuse(const request& what, const match& where,
                               const local_endpoint& at,
                               const access_rules& rules);

} // namespace banksia::http
