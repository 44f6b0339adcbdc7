#pragma once

/// The HTTP/1.1 client, http and https. Calls are made on a thread of its own;
/// no caller ever waits. No Beast in sight.

#include "runtime/http/message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::http {

/// Why there is no response.
enum class fetch_error : std::uint8_t {
  none = 0,
  bad_address = 1,  ///< the URL cannot be fetched
  resolve = 2,      ///< the name has no address
  connect = 3,      ///< nobody listens there, or the network is away
  tls = 4,          ///< certificate, host name or handshake
  timeout = 5,
  too_large = 6,    ///< header, body or decoded body beyond its limit
  truncated = 7,    ///< the response ended early
  bad_length = 8,   ///< Content-Length is none, two, or too small
  bad_encoding = 9, ///< Content-Encoding that is unknown or broken
  wrong_type = 10,  ///< a 2xx response of another media type than asked for
  protocol = 11,    ///< no HTTP
  redirect = 12,    ///< too many, to nowhere, to http, or into our network
  cancelled = 13,
  busy = 14,        ///< more calls at a time than `flights_max`
};

/// "", "bad_address", "resolve", …
std::string_view to_string(fetch_error x) noexcept;

/// What is asked for.
struct fetch_request {
  std::string url;
  http::method method = http::method::get;
  name_values headers; ///< those that the client sets itself are left out
  std::string body;
  /// Media types ("application/json"); a 2xx response of another is an error.
  /// Empty: any.
  std::vector<std::string> accept;
  std::string if_none_match;     ///< the ETag of what we have
  std::string if_modified_since; ///< its Last-Modified
};

/// All that a call may cost. The steps' own limits hold within `total`.
struct fetch_limits {
  std::chrono::milliseconds total{30'000};
  std::chrono::milliseconds connect{10'000};   ///< an address, TCP
  std::chrono::milliseconds handshake{10'000}; ///< TLS
  std::chrono::milliseconds idle{10'000};      ///< without a byte
  std::size_t header_bytes_max = 32 * 1024;
  std::size_t body_bytes_max = 8 * 1024 * 1024;     ///< on the way
  std::size_t decoded_bytes_max = 32 * 1024 * 1024; ///< after decoding
  unsigned redirects_max = 5;
};

/// A response of any status, or an error.
struct fetch_result {
  fetch_error error = fetch_error::none;
  std::string text; ///< of the error; holds no secret
  int status = 0;
  name_values headers;
  std::string body; ///< decoded
  std::string url;  ///< where it came from after redirects, secrets masked
  unsigned redirects = 0;
  bool reused = false; ///< on a connection that was open already
  std::chrono::nanoseconds took{0};

  explicit operator bool() const noexcept { return error == fetch_error::none; }

  /// The first header of that name, whatever its case.
  std::optional<std::string_view> header(std::string_view name) const;

  /// To be sent with the next request for the same; empty without one.
  std::string etag() const;
  std::string last_modified() const;

  /// 304: what we have is still right.
  bool not_modified() const noexcept { return status == 304; }
};

/// Whether the same call may go well a little later: an error of the way, or
/// 408, 425, 429, 500, 502, 503, 504. Whether it may be made twice is another
/// matter (`is_idempotent`).
bool is_passing(const fetch_result& x) noexcept;

/// GET, HEAD, PUT, DELETE.
bool is_idempotent(http::method x) noexcept;

struct client_options {
  std::string user_agent = "banksia/0.1";
  std::string ca_file; ///< trusted beside the system's; PEM, empty for none
  std::size_t flights_max = 64; ///< calls at a time
  std::size_t idle_per_host_max = 2; ///< connections kept open
  std::chrono::milliseconds idle_lifetime{30'000};
  /// Addresses of names that are not looked up; an empty one: it has none.
  std::map<std::string, std::string> hosts;
  /// Whether whoever is asked is told the trace that it is asked in.
  bool sends_traceparent = false;
  /// Which addresses a redirect may not lead to (tests have only loopback).
  std::function<bool(std::string_view)> is_private;
};

/// A call under way. Copies mean the same call; letting go changes nothing.
class fetch_handle {
public:
  fetch_handle() = default;
  explicit fetch_handle(std::function<void()> cancel);

  /// The callback gets `cancelled`, unless it has been called. Any thread.
  void cancel() const;

private:
  std::function<void()> cancel_;
};

/// What the client did since it was made.
struct client_counts {
  std::uint64_t calls = 0;
  std::uint64_t connections = 0; ///< opened
  std::uint64_t reused = 0;      ///< calls on an open one
  std::uint64_t stale = 0; ///< open ones that the server had closed meanwhile
};

/// Thread-safe. Certificates and host names are always checked.
class client {
public:
  using callback = std::function<void(fetch_result)>;

  /// Throws `std::runtime_error` when `ca_file` cannot be read.
  explicit client(client_options with = {});

  /// Cancels what is under way; no callback runs afterwards. Waits for a name
  /// that is being looked up, since the system's resolver cannot be stopped.
  /// Not to be called from a callback.
  ~client();

  client(const client&) = delete;
  client& operator=(const client&) = delete;

  /// Calls `done` exactly once on the client's thread, within `limits.total`;
  /// it must not block. Redirects are followed for GET and HEAD only;
  /// Authorization and Cookie do not go to another origin. A connection that
  /// the server closed while it was idle is replaced once, where the method is
  /// idempotent.
  fetch_handle fetch(fetch_request what, const fetch_limits& limits,
                     callback done);

  client_counts counts() const;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace banksia::http
