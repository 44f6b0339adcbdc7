#include "runtime/http/digest.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

namespace banksia::http {

namespace {

/// Looked up once a thread: the look-up costs more than a small digest.
class digester {
public:
  digester()
    : kind_(EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free),
      context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {}

  sha256_digest of(std::string_view content) {
    sha256_digest result{};
    if (!kind_ || !context_
        || EVP_DigestInit_ex2(context_.get(), kind_.get(), nullptr) != 1
        || EVP_DigestUpdate(context_.get(), content.data(), content.size()) != 1
        || EVP_DigestFinal_ex(context_.get(), result.data(), nullptr) != 1)
      throw std::runtime_error("OpenSSL makes no SHA-256");
    return result;
  }

private:
  std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> kind_;
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

} // namespace

sha256_digest sha256_of(std::string_view text) {
  thread_local digester digest;
  return digest.of(text);
}

std::string hex_of(const sha256_digest& x, std::size_t bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (std::size_t i = 0; i < bytes; ++i) {
    result += digits[x[i] >> 4u];
    result += digits[x[i] & 0xFu];
  }
  return result;
}

} // namespace banksia::http
