#pragma once

/// The server's side of a connection, plain or TLS. Used by session.hpp alone.

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace banksia::http {

/// One type for both, so that sessions are compiled once: the way is chosen by
/// a test of a pointer at each read and write.
class server_stream {
public:
  using tcp_stream = boost::beast::tcp_stream;
  using executor_type = tcp_stream::executor_type;

  /// @param tls null for a plain connection
  server_stream(boost::asio::ip::tcp::socket socket,
                std::shared_ptr<boost::asio::ssl::context> tls)
    : tcp_(std::move(socket)), context_(std::move(tls)) {
    if (context_)
      tls_.emplace(tcp_, *context_);
  }

  executor_type get_executor() { return tcp_.get_executor(); }
  auto& socket() { return tcp_.socket(); }
  bool is_secure() const noexcept { return tls_.has_value(); }

  template <class Duration>
  void expires_after(Duration x) { tcp_.expires_after(x); }
  void expires_never() { tcp_.expires_never(); }
  void cancel() { tcp_.cancel(); }
  void close() { tcp_.close(); }

  template <class Buffers, class Handler>
  auto async_read_some(const Buffers& to, Handler&& handler) {
    if (tls_)
      return tls_->async_read_some(to, std::forward<Handler>(handler));
    return tcp_.async_read_some(to, std::forward<Handler>(handler));
  }

  template <class Buffers, class Handler>
  auto async_write_some(const Buffers& from, Handler&& handler) {
    if (tls_)
      return tls_->async_write_some(from, std::forward<Handler>(handler));
    return tcp_.async_write_some(from, std::forward<Handler>(handler));
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
  tcp_stream tcp_;
  std::shared_ptr<boost::asio::ssl::context> context_;
  std::optional<boost::asio::ssl::stream<tcp_stream&>> tls_;
};

} // namespace banksia::http
