#include "apps/common/secrets.hpp"

#include "apps/common/command.hpp"

#include <openssl/rand.h>

#include <array>

namespace banksia {

std::string random_token() {
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw commands::command_error(commands::exit_failed,
                                  "no random numbers: OpenSSL: check the "
                                  "system");
  std::string result;
  for (auto byte : bytes) {
    constexpr char digits[] = "0123456789abcdef";
    result += digits[byte >> 4];
    result += digits[byte & 0xf];
  }
  return result;
}

} // namespace banksia
