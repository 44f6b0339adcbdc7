#include "runtime/http/content_coding.hpp"

#include "runtime/http/message.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <new>

namespace banksia::http {

namespace {

/// Inflates with zlib's `window_bits` (31: gzip, 15: zlib, -15: bare).
coding_state inflate_all(std::string_view body, int window_bits,
                         std::size_t bytes_max, std::string& out) {
  out.clear();
  z_stream stream{};
  if (::inflateInit2(&stream, window_bits) != Z_OK)
    return coding_state::broken;
  std::unique_ptr<z_stream, int (*)(z_stream*)> ends{&stream, &::inflateEnd};
  std::array<unsigned char, 16 * 1024> piece;
  // zlib takes the input without const; it does not write there.
  stream.next_in = reinterpret_cast<unsigned char*>(
    const_cast<char*>(body.data()));
  if (body.size() > std::numeric_limits<uInt>::max())
    return coding_state::too_large;
  stream.avail_in = static_cast<uInt>(body.size());
  for (;;) {
    stream.next_out = piece.data();
    stream.avail_out = static_cast<uInt>(piece.size());
    auto state = ::inflate(&stream, Z_NO_FLUSH);
    auto made = piece.size() - stream.avail_out;
    if (made > bytes_max - out.size())
      return coding_state::too_large;
    out.append(reinterpret_cast<const char*>(piece.data()), made);
    if (state == Z_STREAM_END) {
      if (stream.avail_in == 0)
        return coding_state::ok;
      // RFC 1952: a gzip file may have several members.
      auto* next = stream.next_in;
      if (window_bits != 31 || stream.avail_in < 2 || next[0] != 0x1F
          || next[1] != 0x8B || ::inflateReset(&stream) != Z_OK)
        return coding_state::broken;
      continue;
    }
    if (state == Z_BUF_ERROR || (state == Z_OK && stream.avail_in == 0
                                 && stream.avail_out != 0))
      return coding_state::cut_off;
    if (state != Z_OK)
      return coding_state::broken;
  }
}

std::string_view trimmed(std::string_view text) {
  auto first = text.find_first_not_of(" \t");
  if (first == text.npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

coding_state decode_one(std::string_view coding, std::string_view body,
                        std::size_t bytes_max, std::string& out) {
  if (equal_ignoring_case(coding, "gzip")
      || equal_ignoring_case(coding, "x-gzip"))
    return inflate_all(body, 31, bytes_max, out);
  if (!equal_ignoring_case(coding, "deflate"))
    return coding_state::unknown;
  auto state = inflate_all(body, 15, bytes_max, out);
  if (state == coding_state::broken && out.empty())
    state = inflate_all(body, -15, bytes_max, out);
  return state;
}

} // namespace

coding_state decode_content(std::string_view coding, std::string_view body,
                            std::size_t bytes_max, std::string& out) {
  coding = trimmed(coding);
  if (coding.empty() || equal_ignoring_case(coding, "identity")) {
    if (body.size() > bytes_max)
      return coding_state::too_large;
    out = body;
    return coding_state::ok;
  }
  // A list means one around the other. Nobody does that but to do harm.
  return decode_one(coding, body, bytes_max, out);
}

std::string encode_gzip(std::string_view body) {
  z_stream stream{};
  // 31: with gzip's wrapping and the largest window.
  if (::deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 31, 8,
                     Z_DEFAULT_STRATEGY)
      != Z_OK)
    throw std::bad_alloc{};
  std::unique_ptr<z_stream, int (*)(z_stream*)> ends{&stream, &::deflateEnd};
  std::string out(::deflateBound(&stream, body.size()), '\0');
  stream.next_out = reinterpret_cast<unsigned char*>(out.data());
  stream.next_in = reinterpret_cast<unsigned char*>(
    const_cast<char*>(body.data()));
  // Counts are 32 bits wide: larger bodies go in pieces.
  auto left_in = body.size();
  auto left_out = out.size();
  constexpr std::size_t piece_max = 1u << 30u;
  int state = Z_OK;
  while (state == Z_OK) {
    auto given = std::min(left_in, piece_max);
    auto room = std::min(left_out, piece_max);
    stream.avail_in = static_cast<uInt>(given);
    stream.avail_out = static_cast<uInt>(room);
    state = ::deflate(&stream, given == left_in ? Z_FINISH : Z_NO_FLUSH);
    left_in -= given - stream.avail_in;
    left_out -= room - stream.avail_out;
  }
  out.resize(out.size() - left_out);
  return out;
}

} // namespace banksia::http
