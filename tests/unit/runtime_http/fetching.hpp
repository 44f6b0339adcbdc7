#pragma once

/// What the tests of the HTTP client share.

#include "runtime/http/client.hpp"

#include "tests/unit/runtime_http/scripted_server.hpp"

#include <zlib.h>

#include <future>
#include <stdexcept>
#include <string>

namespace banksia::http_test {

using namespace std::chrono_literals;

/// Limits that a test can wait for.
inline http::fetch_limits quick() {
  http::fetch_limits limits;
  limits.total = 5s;
  limits.connect = 2s;
  limits.handshake = 2s;
  limits.idle = 2s;
  return limits;
}

inline std::future<http::fetch_result>
begin(http::client& client, http::fetch_request what,
      const http::fetch_limits& limits = quick(),
      http::fetch_handle* handle = nullptr) {
  auto promise = std::make_shared<std::promise<http::fetch_result>>();
  auto result = promise->get_future();
  auto made = client.fetch(std::move(what), limits,
                           [promise](http::fetch_result x) {
                             promise->set_value(std::move(x));
                           });
  if (handle != nullptr)
    *handle = made;
  return result;
}

/// Throws when there is no result well after the limits are over.
inline http::fetch_result await(std::future<http::fetch_result> result) {
  if (result.wait_for(15s) != std::future_status::ready)
    throw std::runtime_error{"the callback was never called"};
  return result.get();
}

inline http::fetch_result fetch(http::client& client, http::fetch_request what,
                                const http::fetch_limits& limits = quick()) {
  return await(begin(client, std::move(what), limits));
}

inline http::fetch_result fetch(http::client& client, std::string url,
                                const http::fetch_limits& limits = quick()) {
  http::fetch_request what;
  what.url = std::move(url);
  return fetch(client, std::move(what), limits);
}

inline std::string at(const scripted_server& server, std::string path = "/") {
  return "http://127.0.0.1:" + std::to_string(server.port) + path;
}

inline std::string answer(std::string body, std::string more = {},
                          std::string status = "200 OK") {
  return "HTTP/1.1 " + status + "\r\nContent-Length: "
         + std::to_string(body.size()) + "\r\n" + more + "\r\n" + body;
}

/// Answers every request of a connection with the same bytes.
inline scripted_server::script always(std::string bytes) {
  return [bytes](peer& client, int) {
    while (!client.read_request().empty())
      if (!client.send(bytes))
        return;
  };
}

/// Sends the bytes once, then closes.
inline scripted_server::script once(std::string bytes) {
  return [bytes](peer& client, int) {
    client.read_request();
    client.send(bytes);
  };
}

/// Compressed with zlib's `window_bits`: 31 is gzip, 15 zlib, -15 bare.
inline std::string compressed(std::string_view text, int window_bits = 31) {
  z_stream stream{};
  ::deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string result(::deflateBound(&stream, text.size()), '\0');
  stream.next_in
    = reinterpret_cast<unsigned char*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<unsigned char*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  ::deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  ::deflateEnd(&stream);
  return result;
}

} // namespace banksia::http_test
