#include "runtime/tls/error_queue.hpp"

#include "runtime/tls/handshake_watch.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <dlfcn.h>

#include <cerrno>
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

/// Never destroyed, since connections may go later than whatever is.
banksia::tls::handshake_watch& handshakes() {
  static auto& watch = *new banksia::tls::handshake_watch;
  return watch;
}

/// After an operation: where the handshake with a peer stands. A connection
/// without a socket is none of CAF's.
void look_at(SSL* ssl) {
  if (!SSL_is_server(ssl) || SSL_get_fd(ssl) < 0)
    return;
  // The caller may ask why the operation failed.
  auto kept = errno;
  if (SSL_is_init_finished(ssl))
    handshakes().ended(ssl);
  else
    handshakes().waits(ssl, SSL_get_fd(ssl));
  errno = kept;
}

} // namespace

extern "C" {

int SSL_read(SSL* ssl, void* buffer, int size) {
  static const auto real = next<int (*)(SSL*, void*, int)>("SSL_read");
  ERR_clear_error();
  auto is_new = !SSL_is_init_finished(ssl);
  auto result = real(ssl, buffer, size);
  if (is_new)
    look_at(ssl);
  return result;
}

int SSL_write(SSL* ssl, const void* buffer, int size) {
  static const auto real = next<int (*)(SSL*, const void*, int)>("SSL_write");
  ERR_clear_error();
  auto is_new = !SSL_is_init_finished(ssl);
  auto result = real(ssl, buffer, size);
  if (is_new)
    look_at(ssl);
  return result;
}

int SSL_connect(SSL* ssl) {
  static const auto real = next<int (*)(SSL*)>("SSL_connect");
  ERR_clear_error();
  return real(ssl);
}

int SSL_accept(SSL* ssl) {
  static const auto real = next<int (*)(SSL*)>("SSL_accept");
  ERR_clear_error();
  auto result = real(ssl);
  look_at(ssl);
  return result;
}

void SSL_free(SSL* ssl) {
  static const auto real = next<void (*)(SSL*)>("SSL_free");
  handshakes().ended(ssl);
  real(ssl);
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
