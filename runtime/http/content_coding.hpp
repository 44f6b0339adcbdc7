#pragma once

/// Bodies that were compressed for the way: gzip and deflate.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace banksia::http {

enum class coding_state : std::uint8_t {
  ok = 0,
  unknown = 1,   ///< a coding that was not asked for
  broken = 2,    ///< bytes that are not in it, or after its end
  cut_off = 3,   ///< it ends early
  too_large = 4, ///< more than `bytes_max` would come out
};

/// Undoes the codings of a Content-Encoding header (empty or `identity`: none)
/// into `out`, which never grows beyond `bytes_max`: a body that would (a
/// decompression bomb) is refused when it gets there, whatever its size on the
/// way. `deflate` is read with zlib's wrapping and without, since servers send
/// both.
coding_state decode_content(std::string_view coding, std::string_view body,
                            std::size_t bytes_max, std::string& out);

/// The body as gzip, quickly rather than as small as can be; the same bytes
/// each time. @throws std::bad_alloc
std::string encode_gzip(std::string_view body);

} // namespace banksia::http
