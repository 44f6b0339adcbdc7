#pragma once

/// What listeners and sessions share. Used by server.cpp and session.cpp
/// alone.

#include "runtime/http/server.hpp"
#include "runtime/http/server_stream.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace banksia::http {

/// A session as the server sees it. Both functions may be called from any
/// thread and act on the session's own strand.
class connection : public std::enable_shared_from_this<connection> {
public:
  virtual ~connection() = default;

  /// Closes after the answer under way, or, where none is, when no request has
  /// come for a moment.
  virtual void drain() = 0;

  /// Closes at once.
  virtual void cut() = 0;

  /// When it began to wait for the whole of a request, `steady_clock`; 0 while
  /// it does not. Any thread.
  std::atomic<std::int64_t> waiting_since{0};

  /// The other side's address; IPv4 as such. Set before others see it.
  boost::asio::ip::address client;
};

/// A listener's own part.
struct site {
  endpoint where;
  router routes;
  std::shared_ptr<boost::asio::ssl::context> tls = {}; ///< null: plain
};

/// Responders keep this alive, so that an answer given after the server is
/// gone finds an I/O context to be thrown away in. Sessions refer to it
/// without owning it: they live in handlers of `io`.
struct core : std::enable_shared_from_this<core> {
  explicit core(server_options with)
    : options(std::move(with)),
      door(options.rules, options.limits),
      io(static_cast<int>(options.threads)) {}

  server_options options;
  admission door;
  std::atomic<bool> draining{false};
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};
  /// Of the large bodies that are being read.
  std::atomic<std::size_t> body_bytes{0};
  std::mutex mutex; ///< guards `connections`
  std::condition_variable emptied;
  std::unordered_map<connection*, std::weak_ptr<connection>> connections;
  /// Last, so that it is destroyed first: sessions in its handlers use the
  /// members above.
  boost::asio::io_context io;
};

/// IPv4 in IPv6's clothes as IPv4.
inline boost::asio::ip::address
without_mapping(const boost::asio::ip::address& x) {
  if (!x.is_v6() || !x.to_v6().is_v4_mapped())
    return x;
  return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped,
                                          x.to_v6());
}

/// Serves `socket` until it closes.
void start_session(session_socket socket, std::shared_ptr<const site> at,
                   core& in);

} // namespace banksia::http
