#pragma once

/// One connection of the client: opening it, and one exchange at a time. Used
/// by client.cpp and client_connection.cpp alone.

#include "runtime/http/client.hpp"
#include "runtime/http/url.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>
#include <vector>

namespace banksia::http {

/// Why a step failed.
struct call_failure {
  fetch_error error = fetch_error::none;
  std::string text;
  /// The server had closed an idle connection: no byte of an answer came.
  bool stale = false;

  explicit operator bool() const noexcept { return error != fetch_error::none; }
};

using elapsed_clock = std::chrono::steady_clock;

/// The limits of one call, with its end.
struct call_limits {
  fetch_limits limits;
  elapsed_clock::time_point deadline;

  /// When a step that may take so long has to be done.
  elapsed_clock::time_point until(std::chrono::milliseconds step) const {
    return std::min(deadline, elapsed_clock::now() + step);
  }
};

/// An answer before its body is decoded.
struct wire_response {
  int status = 0;
  name_values headers;
  std::string body;
  bool keep_alive = false;
};

/// What goes over the wire.
struct wire_request {
  http::method method = http::method::get;
  std::string target;
  name_values headers; ///< all but Content-Length
  std::string body;
};

/// Belongs to the client's thread.
class client_connection {
public:
  using endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

  client_connection(boost::asio::io_context& io,
                    boost::asio::ssl::context& trust, const fetch_url& to);
  ~client_connection();

  /// Connects to the first endpoint that answers; TLS where `to` is secure.
  boost::asio::awaitable<call_failure> open(endpoints at, call_limits within);

  boost::asio::awaitable<call_failure>
  exchange(wire_request what, call_limits within, wire_response& out);

  /// Ends whatever is under way.
  void close();

  /// The address on the other side, once open.
  const std::string& remote() const noexcept { return remote_; }

  const std::string& origin() const noexcept { return origin_; }

  unsigned exchanges() const noexcept { return exchanges_; }

private:
  struct streams;
  std::unique_ptr<streams> streams_;
  std::string origin_;
  std::string remote_;
  unsigned exchanges_ = 0;
};

} // namespace banksia::http
