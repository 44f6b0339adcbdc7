#pragma once

/// Who may talk to a node: an authority of the data folder's own, and a key and
/// certificate of each party.
///
///     ca.pem ca.key            the authority; a cluster brings its own ca.pem
///     node.pem node.key        the node
///     ml.pem ml.key            its child processes
///     console.pem console.key  whoever inspects it

#include "runtime/tls/certificate.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::tls {

/// Where a party finds what it shows and whom it trusts.
struct credentials {
  std::filesystem::path authority;
  std::filesystem::path certificate;
  std::filesystem::path key;
};

credentials credentials_of(const std::filesystem::path& folder,
                           std::string_view party);

/// Makes what is missing, unsound or ends within a year; the folder gets mode
/// 0700, each file 0600. An authority without its key is somebody else's: it
/// and what it signed are checked, never made.
/// Not for two processes at once: the node does it before it starts others.
/// @throws tls_error
void ensure_material(const std::filesystem::path& folder,
                     wall_clock::time_point now);

/// Makes `http.pem` and `http.key` anew: what the services show under `hosts`.
/// @throws tls_error, also when the authority is somebody else's
credentials make_service_credentials(const std::filesystem::path& folder,
                                     const std::vector<std::string>& hosts,
                                     wall_clock::time_point now);

/// Refuses files that are missing or could not work at `now`.
/// @throws tls_error
void check_credentials(const credentials& x, wall_clock::time_point now);

} // namespace banksia::tls
