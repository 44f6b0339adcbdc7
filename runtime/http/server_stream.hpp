#pragma once

/// The server's side of a connection, plain or TLS. Used by core.hpp and
/// session.hpp alone.

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/strand.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace banksia::http {

/// What runs a session's handlers one after the other. By its own name: asio's
/// executor for any kind is copied by virtual calls, several an operation.
using session_strand
  = boost::asio::strand<boost::asio::io_context::executor_type>;

using session_socket
  = boost::asio::basic_stream_socket<boost::asio::ip::tcp, session_strand>;

using session_timer
  = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<
                                        std::chrono::steady_clock>,
                                      session_strand>;

/// One type for both, so that sessions are compiled once: the way is chosen by
/// a test of a pointer at each read and write. Limits of time are the session's.
class server_stream {
public:
  using executor_type = session_strand;

  /// @param tls null for a plain connection
  server_stream(session_socket socket,
                std::shared_ptr<boost::asio::ssl::context> tls)
    : socket_(std::move(socket)), context_(std::move(tls)) {
    if (context_)
      tls_.emplace(socket_, *context_);
  }

  executor_type get_executor() { return socket_.get_executor(); }
  session_socket& socket() { return socket_; }
  bool is_secure() const noexcept { return tls_.has_value(); }

  /// What is under way ends with an error.
  void cancel() {
    boost::system::error_code ignored;
    socket_.cancel(ignored);
  }

  void close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

  template <class Buffers, class Handler>
  auto async_read_some(const Buffers& to, Handler&& handler) {
    if (tls_)
      return tls_->async_read_some(to, std::forward<Handler>(handler));
    return socket_.async_read_some(to, std::forward<Handler>(handler));
  }

  template <class Buffers, class Handler>
  auto async_write_some(const Buffers& from, Handler&& handler) {
    if (tls_)
      return tls_->async_write_some(from, std::forward<Handler>(handler));
    return socket_.async_write_some(from, std::forward<Handler>(handler));
  }

  /// @pre `is_secure()`, as for `async_shutdown`
  template <class Handler>
  void async_handshake(Handler&& handler) {
    tls_->async_handshake(boost::asio::ssl::stream_base::server,
                          std::forward<Handler>(handler));
  }

  template <class Handler>
  void async_shutdown(Handler&& handler) {
    tls_->async_shutdown(std::forward<Handler>(handler));
  }

private:
  session_socket socket_;
  std::shared_ptr<boost::asio::ssl::context> context_;
  std::optional<boost::asio::ssl::stream<session_socket&>> tls_;
};

} // namespace banksia::http
