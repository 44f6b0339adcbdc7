#include "runtime/http/server_tls.hpp"

#include <openssl/ssl.h>

namespace banksia::http {

namespace ssl = boost::asio::ssl;

boost::system::result<std::shared_ptr<ssl::context>, std::string>
make_server_tls(const tls_files& from) {
  auto made = std::make_shared<ssl::context>(ssl::context::tls_server);
  auto* raw = made->native_handle();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION
                             | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_cipher_list(raw, "ECDHE+AESGCM:ECDHE+CHACHA20");
  boost::system::error_code failed;
  made->use_certificate_chain_file(from.certificate_file, failed);
  if (failed)
    return "cannot use the certificate: " + from.certificate_file + ": "
           + failed.message() + ": set tls_certificate_file to a PEM file";
  made->use_private_key_file(from.key_file, ssl::context::pem, failed);
  if (failed || SSL_CTX_check_private_key(raw) != 1)
    return "cannot use the key: " + from.key_file + ": "
           + (failed ? failed.message() : "not that of the certificate")
           + ": set tls_key_file to the PEM file of the certificate's key";
  return made;
}

} // namespace banksia::http
