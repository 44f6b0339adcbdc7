#pragma once

/// SHA-256 of texts.

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace banksia::http {

using sha256_digest = std::array<unsigned char, 32>;

/// @throws std::runtime_error when OpenSSL cannot make one
sha256_digest sha256_of(std::string_view text);

/// The first bytes of a digest in lower case.
std::string hex_of(const sha256_digest& x, std::size_t bytes = 32);

} // namespace banksia::http
