#pragma once

/// A call of the HTTP client while it is under way.

#include "runtime/http/client.hpp"
#include "runtime/http/client_connection.hpp"
#include "runtime/telemetry/open_span.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <string>
#include <utility>

namespace banksia::http {

using connection_ptr = std::shared_ptr<client_connection>;

/// One call, from `fetch` to its callback. Belongs to the client's thread.
struct flight {
  flight(boost::asio::io_context& io, fetch_request request,
         const fetch_limits& with, client::callback then)
    : what(std::move(request)), done(std::move(then)), timer(io), names(io),
      started(elapsed_clock::now()),
      within{with, started + with.total} {}

  fetch_request what;
  client::callback done; ///< empty once called
  boost::asio::steady_timer timer;
  boost::asio::ip::tcp::resolver names;
  connection_ptr at; ///< the connection in use
  elapsed_clock::time_point started;
  call_limits within;
  unsigned redirects = 0;
  bool reused = false;
  bool from_inside = false; ///< the first address was a private one
  std::string url;          ///< masked, where it has got to
  telemetry::open_span span; ///< see `begin_fetch_span`

  bool finished() const noexcept { return !done; }
};

using flight_ptr = std::shared_ptr<flight>;

} // namespace banksia::http
