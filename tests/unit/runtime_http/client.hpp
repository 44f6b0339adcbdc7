#pragma once

/// A client on a plain blocking socket, so that the tests see bytes and share
/// no HTTP code with the server. Reads give up after ten seconds.

#include "runtime/http/server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

namespace banksia::http_test {

struct reply {
  int status = 0;
  std::string header; ///< status line and fields, each ending in CRLF
  std::string body;

  bool has(std::string_view text) const {
    return header.find(text) != std::string::npos;
  }

  bool says(std::string_view text) const {
    return body.find(text) != std::string::npos;
  }
};

class client {
public:
  /// @param from the address it speaks from; null: the usual one
  explicit client(std::uint16_t port, int receive_buffer_bytes = 0,
                  const char* from = nullptr)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    timeval limit{10, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (receive_buffer_bytes > 0)
      ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes,
                   sizeof receive_buffer_bytes);
    if (from) {
      sockaddr_in own{};
      own.sin_family = AF_INET;
      ::inet_pton(AF_INET, from, &own.sin_addr);
      ::bind(socket_, reinterpret_cast<sockaddr*>(&own), sizeof own);
    }
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to)
                 == 0;
  }

  ~client() {
    ::close(socket_);
  }

  client(const client&) = delete;
  client& operator=(const client&) = delete;

  bool connected() const {
    return connected_;
  }

  /// False when the server no longer takes all of it.
  bool send(std::string_view text) {
    while (!text.empty()) {
      auto sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0)
        return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// Says that nothing more will be sent.
  void finish() {
    ::shutdown(socket_, SHUT_WR);
  }

  /// Reads up to and with `mark`; throws when the connection ends or times
  /// out before.
  std::string read_until(std::string_view mark) {
    for (;;) {
      if (auto at = read_.find(mark); at != std::string::npos)
        return take(at + mark.size());
      if (!read_more())
        throw std::runtime_error("no " + std::string{mark} + " in: " + read_);
    }
  }

  /// One response. `has_body` is false after HEAD.
  reply read_reply(bool has_body = true) {
    reply result;
    result.header = read_until("\r\n\r\n");
    result.status = std::atoi(result.header.c_str() + 9);
    constexpr std::string_view length = "Content-Length: ";
    auto at = result.header.find(length);
    if (!has_body || at == std::string::npos)
      return result;
    auto size = std::stoul(result.header.substr(at + length.size()));
    while (read_.size() < size)
      if (!read_more())
        throw std::runtime_error("the body ends early: " + read_);
    result.body = take(size);
    return result;
  }

  /// Whether the server ends the connection, with nothing more to read.
  bool at_end() {
    char byte = 0;
    return read_.empty() && ::recv(socket_, &byte, 1, 0) == 0;
  }

  /// Reads until the connection ends, in whatever way; false on a time-out.
  bool drained() {
    while (read_more())
      read_.clear();
    return errno_ != EAGAIN;
  }

  reply ask(std::string_view text, bool has_body = true) {
    send(text);
    return read_reply(has_body);
  }

private:
  std::string take(std::size_t count) {
    auto result = read_.substr(0, count);
    read_.erase(0, count);
    return result;
  }

  bool read_more() {
    char bytes[4096];
    auto count = ::recv(socket_, bytes, sizeof bytes, 0);
    errno_ = count < 0 ? errno : 0;
    if (count <= 0)
      return false;
    read_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  int socket_;
  bool connected_ = false;
  int errno_ = 0;
  std::string read_;
};

/// A server with one listener on a free port of the loopback address.
struct fixture {
  explicit fixture(http::router routes, http::server_options with = {})
    : server(std::move(with)) {
    auto started = server.start({"test", "127.0.0.1", 0, "test_port"},
                                std::move(routes));
    if (!started)
      throw std::runtime_error(started.error());
    port = *started;
  }

  /// One request on a connection of its own.
  reply ask(std::string_view text, bool has_body = true) {
    return client{port}.ask(text, has_body);
  }

  http::server server;
  std::uint16_t port = 0;
};

inline std::string get(std::string_view target) {
  return "GET " + std::string{target}
         + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

inline http::handler saying(std::string text) {
  return [text](const http::request&, const http::responder& reply) {
    reply(http::response{200, "text/plain", text});
  };
}

} // namespace banksia::http_test
