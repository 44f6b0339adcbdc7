/// A model's file as it comes, and with the input as header and numbers (parted
/// by the first zero byte) of a file that is properly sealed: without the seal
/// nothing behind it would be reached.

#include "models/forecast/model_file.hpp"

#include "messages/ids.hpp"
#include "tests/fuzz/require.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

using namespace banksia;
using namespace banksia::forecast;

namespace {

void append_u64(std::string& to, std::uint64_t x) {
  for (int i = 0; i < 8; ++i)
    to += static_cast<char>(x >> (8 * i) & 0xff);
}

std::string sealed(std::string_view header, std::string_view numbers) {
  std::string out{"BANKSIAM\1\0\0\0", 12};
  append_u64(out, 28 + header.size() + numbers.size() + 64);
  append_u64(out, header.size());
  out += header;
  out += numbers;
  return out + sha256_hex(out);
}

std::optional<model_content> read(std::string_view bytes) {
  try {
    return from_bytes(bytes);
  } catch (const model_file_error&) {
    return std::nullopt;
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  std::string_view input{reinterpret_cast<const char*>(data), size};
  read(input);
  auto zero = std::min(input.find('\0'), input.size());
  auto content = read(sealed(input.substr(0, zero),
                             input.substr(std::min(zero + 1, input.size()))));
  if (!content)
    return 0;
  auto bytes = to_bytes(*content);
  auto again = read(bytes);
  BANKSIA_REQUIRE(again.has_value());
  BANKSIA_REQUIRE(to_bytes(*again) == bytes);
  BANKSIA_REQUIRE(again->manifest == content->manifest);
  return 0;
}
