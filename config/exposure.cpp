#include "config/exposure.hpp"

#include "config/value.hpp"

namespace banksia::config {

bool is_loopback_bound(const settings& x) {
  return x.bind_address == "::1" || x.bind_address.starts_with("127.");
}

bool is_reading_free(const settings& x) {
  return is_loopback_bound(x) && x.behind_proxy == "off";
}

void check_exposure(const settings& x, std::vector<conflict>& found) {
  auto where = "bind_address = " + to_toml(x.bind_address);
  if (!is_loopback_bound(x) && x.tls == "off" && x.behind_proxy == "off")
    found.push_back({{"bind_address", "tls", "behind_proxy"},
                     where + " would send tokens in the clear",
                     "set tls = \"on\", or behind_proxy = \"on\" where a "
                     "proxy ends TLS"});
  if (!is_reading_free(x) && x.api_tokens.empty())
    found.push_back({{"bind_address", "behind_proxy", "api_tokens"},
                     where + (x.behind_proxy == "on" ? " behind a proxy" : "")
                       + " is open to others, and nobody has a token",
                     "put the line of `banksia token create` into api_tokens"});
  if (!is_loopback_bound(x) && x.behind_proxy == "on"
      && x.trusted_proxies.empty())
    found.push_back({{"behind_proxy", "trusted_proxies"},
                     "behind_proxy = \"on\" with " + where
                       + " believes whoever connects",
                     "name the proxy's address in trusted_proxies, or bind "
                     "to loopback"});
  if (x.tls_certificate_file.empty() != x.tls_key_file.empty())
    found.push_back({{"tls_certificate_file", "tls_key_file"},
                     "a certificate without a key, or a key without one",
                     "set both, or neither for the node's own"});
  if (x.tls == "on" && x.behind_proxy == "on")
    found.push_back({{"tls", "behind_proxy"},
                     "both the node and a proxy would end TLS",
                     "leave one of the two off"});
}

} // namespace banksia::config
