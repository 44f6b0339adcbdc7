#pragma once

/// The HTTP/1.1 server. Several listeners share its threads; each has routes
/// of its own. No Beast in sight.

#include "runtime/http/access.hpp"
#include "runtime/http/admission.hpp"
#include "runtime/http/message.hpp"
#include "runtime/http/responder.hpp"
#include "runtime/http/router.hpp"

#include <boost/system/result.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace banksia::telemetry {
class tracer;
} // namespace banksia::telemetry

namespace banksia::http {

/// One answered request, for metrics and logs. Refers to texts that live no
/// longer than the call.
struct served {
  std::string_view service; ///< of the endpoint
  std::string_view route;   ///< its name; "unmatched" without one
  http::method method = http::method::other;
  int status = 0;
  /// From the whole request read to the answer written, or to the stream
  /// opened. Zero for a request that could not be read.
  std::chrono::nanoseconds took{0};
  std::string_view trace_id;
  std::string_view remote;
  std::string_view error; ///< what a handler threw; empty otherwise
  bool is_traced = false; ///< its spans are recorded
};

/// One request to a route that changes something, refused or not. Refers to
/// texts that live no longer than the call.
struct audited {
  std::string_view service;
  std::string_view route;
  http::method method = http::method::other;
  std::string_view path; ///< as sent, without the query
  std::string_view body; ///< its beginning; empty when refused
  std::string_view client;
  std::string_view caller; ///< the token's name; empty without one
  route_access scope = route_access::open; ///< the token's
  int status = 0; ///< 0: the connection ended before there was an answer
  std::string_view trace_id;
};

/// PEM files: a certificate with its chain, and its key.
struct tls_files {
  std::string certificate_file;
  std::string key_file;
};

struct server_options {
  access_rules rules = {};
  admission_limits limits = {};
  std::optional<tls_files> tls = {}; ///< nothing: plain HTTP
  unsigned threads = 1; ///< more than one: handlers run side by side
  std::size_t connections_max = 1024; ///< beyond: 503 and closed
  /// Of one address, trusted proxies apart; beyond, its own make room. 0: any
  /// number.
  std::size_t connections_per_client = 0;
  std::size_t header_bytes_max = 8 * 1024; ///< beyond: 431
  std::size_t target_bytes_max = 4 * 1024; ///< beyond: 414
  std::size_t body_bytes_max = 1024 * 1024; ///< beyond: 413
  std::size_t events_queue_max = 256; ///< waiting for one slow client
  /// For a client to send a request or its body, or to take an answer.
  std::chrono::milliseconds idle_timeout{30'000};
  /// For a handler to answer; then 504. A client may ask for less
  /// (`deadline.hpp`).
  std::chrono::milliseconds answer_timeout{30'000};
  /// Likewise where it only reads; never more than the above.
  std::chrono::milliseconds read_timeout{10'000};
  /// Between comments that keep a stream of events alive.
  std::chrono::milliseconds heartbeat_interval{15'000};
  /// Called on the server's threads after each answer; must not block.
  std::function<void(const served&)> observer = {};
  /// Called before an answer leaves, once for each request to a route that
  /// needs more than `read`, save those that come too often; must not block
  /// for long.
  std::function<void(const audited&)> audit = {};
  std::size_t audited_body_bytes_max = 1024;
  /// Records a span of each sampled request; null: nothing is traced.
  std::shared_ptr<telemetry::tracer> spans = nullptr;

  /// What a handler of a route that needs so much has at most.
  std::chrono::milliseconds longest(route_access needed) const {
    return needed <= route_access::read
             ? std::min(read_timeout, answer_timeout)
             : answer_timeout;
  }
};

/// Where a service listens.
struct endpoint {
  std::string service; ///< its name in `served`
  std::string address = "127.0.0.1"; ///< an IP address, no name
  std::uint16_t port = 0;            ///< 0: any free one
  std::string port_setting = "port"; ///< what to change, in errors
};

/// What the server did since it was made.
struct server_counts {
  std::uint64_t connections_open = 0;
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_refused = 0; ///< beyond `connections_max`
};

/// Runs from the first `start` until `stop`. `start` and `stop` are for one
/// thread, which is not one of the server's own.
class server {
public:
  explicit server(server_options with = {});

  /// Stops with a short grace period.
  ~server();

  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Listens at `where` and answers by `routes`. Returns the port, or what
  /// went wrong: where: what to do ("address in use: 127.0.0.1:8001: stop what
  /// holds it or set prediction_port").
  boost::system::result<std::uint16_t, std::string> start(const endpoint& where,
                                                          router routes);

  /// Accepts no further connection, ends event streams, closes idle
  /// connections, waits up to `grace` for answers under way, then cuts what is
  /// left and joins the threads. Responders and streams that are still held
  /// may be used afterwards without effect.
  void stop(std::chrono::milliseconds grace = std::chrono::seconds{5});

  server_counts counts() const;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace banksia::http
