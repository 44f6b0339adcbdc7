#include "runtime/tls/error_queue.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <dlfcn.h>

#include <cstdlib>

namespace {

/// OpenSSL's own, behind ours.
template <class F>
F next(const char* name) {
  auto found = ::dlsym(RTLD_NEXT, name);
  if (!found)
    std::abort(); // linked against OpenSSL, and there is none
  return reinterpret_cast<F>(found);
}

} // namespace

extern "C" {

int SSL_read(SSL* ssl, void* buffer, int size) {
  static const auto real = next<int (*)(SSL*, void*, int)>("SSL_read");
  ERR_clear_error();
  return real(ssl, buffer, size);
}

int SSL_write(SSL* ssl, const void* buffer, int size) {
  static const auto real = next<int (*)(SSL*, const void*, int)>("SSL_write");
  ERR_clear_error();
  return real(ssl, buffer, size);
}

int SSL_connect(SSL* ssl) {
  static const auto real = next<int (*)(SSL*)>("SSL_connect");
  ERR_clear_error();
  return real(ssl);
}

int SSL_accept(SSL* ssl) {
  static const auto real = next<int (*)(SSL*)>("SSL_accept");
  ERR_clear_error();
  return real(ssl);
}

} // extern "C"

namespace banksia::tls {

bool errors_are_kept_apart() noexcept {
  // What a library of this process finds under these names.
  auto leads_here = [](const char* name, auto* ours) {
    return ::dlsym(RTLD_DEFAULT, name) == reinterpret_cast<void*>(ours);
  };
  return leads_here("SSL_read", &SSL_read)
         && leads_here("SSL_write", &SSL_write)
         && leads_here("SSL_connect", &SSL_connect)
         && leads_here("SSL_accept", &SSL_accept);
}

} // namespace banksia::tls
