#pragma once

#include "runtime/http/server.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>

namespace banksia::http {

/// What listeners show: TLS 1.2 or newer, ciphers with forward secrecy, no
/// renegotiation. Or what is wrong with the files.
boost::system::result<std::shared_ptr<boost::asio::ssl::context>, std::string>
make_server_tls(const tls_files& from);

} // namespace banksia::http
