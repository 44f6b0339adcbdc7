#pragma once

namespace banksia::tls {

/// Whether each TLS operation of this process begins without the errors of
/// those before it. OpenSSL demands that of its callers, and CAF 0.17.6 does not
/// do it: `SSL_get_error` then takes what one connection has left in the
/// thread's queue (its peer was killed, or spoke no TLS) for a failure of the
/// next connection that has nothing to read, and all peers are lost with one.
/// So this file's own `SSL_read`, `SSL_write`, `SSL_connect` and `SSL_accept`
/// stand before OpenSSL's; false where the linker did not put them there. They
/// also tell `handshake_watch` of handshakes.
bool errors_are_kept_apart() noexcept;

} // namespace banksia::tls
