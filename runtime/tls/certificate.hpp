#pragma once

/// Keys and X.509 certificates as PEM text: elliptic curve P-256, signed with
/// SHA-256 by an authority of our own.

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::tls {

using wall_clock = std::chrono::system_clock;

/// A private key and the certificate of its public half.
struct key_pair {
  std::string key;         ///< PEM
  std::string certificate; ///< PEM
};

/// How long an authority and what it signs are valid.
inline constexpr std::chrono::hours validity{24 * 3652};

/// Certificates with less time left are replaced.
inline constexpr std::chrono::hours renewal{24 * 365};

/// A new authority, valid from a day before `now` (clocks differ).
/// @throws tls_error, as do all of these
key_pair make_authority(wall_clock::time_point now);

/// What a certificate may be used for.
enum class usage {
  peer,   ///< both sides of a connection
  client, ///< only to call others
};

/// A new key, and its certificate for `name` on this machine (localhost) and
/// under `hosts`, names or addresses; what is neither is left out.
key_pair issue(const key_pair& authority, std::string_view name, usage use,
               wall_clock::time_point now,
               const std::vector<std::string>& hosts = {});

/// Why a key and its certificate are of no use at `now`, or will not be for so
/// long; empty when they are sound.
std::string problem_of(const key_pair& x, const std::string& authority,
                       wall_clock::time_point now, std::chrono::hours left);

} // namespace banksia::tls
