#pragma once

/// Characters and their bytes. Used inside models/news alone.

#include <array>
#include <cstdint>
#include <string>

namespace banksia::characters {

/// What Windows-1252 means by the bytes 0x80 to 0x9F. The five that it leaves
/// out stay what they are, as browsers do it.
inline constexpr std::array<std::uint32_t, 32> windows_1252{
  0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
  0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
  0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
  0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

/// Appends `c` as UTF-8. @pre c is a Unicode scalar value
inline void append_utf8(std::string& out, std::uint32_t c) {
  auto put = [&out](std::uint32_t byte) {
    out += static_cast<char>(static_cast<unsigned char>(byte));
  };
  if (c < 0x80)
    return put(c);
  if (c < 0x800) {
    put(0xC0 | (c >> 6));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
  }
  put(0x80 | (c & 0x3F));
}

} // namespace banksia::characters
