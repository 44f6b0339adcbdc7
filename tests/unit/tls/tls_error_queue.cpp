#define CAF_SUITE tls_error_queue
#include "runtime/tls/error_queue.hpp"

#include "caf/test/unit_test.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <memory>

using namespace banksia;

namespace {

/// What a connection that failed leaves behind in its thread.
void leave_an_error() {
  ERR_raise(ERR_LIB_SSL, SSL_R_UNEXPECTED_EOF_WHILE_READING);
  CAF_REQUIRE(ERR_peek_error() != 0);
}

/// A connection whose peer has said nothing yet.
struct quiet_connection {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{
    SSL_CTX_new(TLS_method()), &SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl{SSL_new(context.get()),
                                                &SSL_free};

  quiet_connection() {
    SSL_set_bio(ssl.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  }

  template <class F>
  int error_of(F operation) {
    leave_an_error();
    auto result = operation(ssl.get());
    return SSL_get_error(ssl.get(), result);
  }
};

} // namespace

CAF_TEST(libraries find operations that forget the errors before them) {
  CAF_CHECK(tls::errors_are_kept_apart());
}

CAF_TEST(what one connection has left is no failure of the next one) {
  char byte = 'x';
  quiet_connection connecting;
  CAF_CHECK_EQUAL(connecting.error_of([](SSL* x) { return SSL_connect(x); }),
                  SSL_ERROR_WANT_READ);
  CAF_CHECK_EQUAL(
    connecting.error_of([&](SSL* x) { return SSL_read(x, &byte, 1); }),
    SSL_ERROR_WANT_READ);
  CAF_CHECK_EQUAL(
    connecting.error_of([&](SSL* x) { return SSL_write(x, &byte, 1); }),
    SSL_ERROR_WANT_READ);
  quiet_connection accepting;
  CAF_CHECK_EQUAL(accepting.error_of([](SSL* x) { return SSL_accept(x); }),
                  SSL_ERROR_WANT_READ);
}
