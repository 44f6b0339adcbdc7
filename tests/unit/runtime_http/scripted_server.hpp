#pragma once

/// A server that does what a test tells it, byte by byte, with TLS or without.
/// It shares no HTTP code with the client under test.

#include "tests/unit/runtime_http/certificates.hpp"

#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace banksia::http_test {

/// One connection as the script sees it.
class peer {
public:
  peer(int socket, SSL* ssl) : socket_(socket), ssl_(ssl) {}

  ~peer() {
    if (ssl_ != nullptr) {
      SSL_shutdown(ssl_);
      SSL_free(ssl_);
    }
    ::shutdown(socket_, SHUT_RDWR);
  }

  peer(const peer&) = delete;
  peer& operator=(const peer&) = delete;

  /// A request's header, empty once the client has gone.
  std::string read_request() {
    for (;;) {
      auto end = read_.find("\r\n\r\n");
      if (end != std::string::npos) {
        auto result = read_.substr(0, end + 4);
        read_.erase(0, end + 4);
        return result;
      }
      if (!read_more())
        return {};
    }
  }

  /// False when the client no longer takes it.
  bool send(std::string_view text) {
    while (!text.empty()) {
      auto sent = ssl_ != nullptr
                    ? SSL_write(ssl_, text.data(),
                                static_cast<int>(text.size()))
                    : static_cast<int>(::send(socket_, text.data(),
                                              text.size(), MSG_NOSIGNAL));
      if (sent <= 0)
        return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// Waits until the client closes.
  void await_close() {
    while (read_more())
      read_.clear();
  }

  /// Whether the client closes within the time.
  bool closes_within(int milliseconds) {
    pollfd waits{socket_, POLLIN, 0};
    return ::poll(&waits, 1, milliseconds) > 0 && !read_more();
  }

  /// Ends without the farewell of TLS.
  void cut() {
    if (ssl_ != nullptr)
      SSL_set_quiet_shutdown(ssl_, 1);
    ::shutdown(socket_, SHUT_RDWR);
  }

private:
  bool read_more() {
    char bytes[4096];
    auto count = ssl_ != nullptr
                   ? SSL_read(ssl_, bytes, sizeof bytes)
                   : static_cast<int>(::recv(socket_, bytes, sizeof bytes, 0));
    if (count <= 0)
      return false;
    read_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  int socket_;
  SSL* ssl_;
  std::string read_;
};

/// Runs `script` for each connection, on a thread each.
class scripted_server {
public:
  using script = std::function<void(peer&, int connection)>;

  explicit scripted_server(script run, const identity* as = nullptr,
                           const char* address = "127.0.0.1")
    : script_(std::move(run)),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    // OpenSSL writes to sockets without MSG_NOSIGNAL.
    std::signal(SIGPIPE, SIG_IGN);
    if (as != nullptr) {
      context_.reset(SSL_CTX_new(TLS_server_method()));
      SSL_CTX_use_certificate(context_.get(), as->certificate.get());
      SSL_CTX_use_PrivateKey(context_.get(), as->key.get());
    }
    sockaddr_in at{};
    at.sin_family = AF_INET;
    ::inet_pton(AF_INET, address, &at.sin_addr);
    socklen_t size = sizeof at;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0
        || ::listen(listener_, 64) != 0
        || ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size)
             != 0)
      throw std::runtime_error{"cannot listen"};
    port = ntohs(at.sin_port);
    acceptor_ = std::thread{[this] { accept_all(); }};
  }

  ~scripted_server() {
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    ::close(listener_);
    {
      std::lock_guard guard{mutex_};
      for (auto socket : sockets_)
        ::shutdown(socket, SHUT_RDWR);
    }
    for (auto& thread : threads_)
      thread.join();
    for (auto socket : sockets_)
      ::close(socket);
  }

  int connections() const { return connections_; }

  std::uint16_t port = 0;

private:
  void accept_all() {
    while (!stopping_) {
      auto socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0)
        continue;
      std::lock_guard guard{mutex_};
      sockets_.push_back(socket);
      auto number = ++connections_;
      threads_.emplace_back([this, socket, number] { serve(socket, number); });
    }
  }

  void serve(int socket, int number) {
    SSL* ssl = nullptr;
    if (context_) {
      ssl = SSL_new(context_.get());
      SSL_set_fd(ssl, socket);
      if (SSL_accept(ssl) != 1) {
        SSL_free(ssl);
        ::shutdown(socket, SHUT_RDWR);
        return;
      }
    }
    peer client{socket, ssl};
    script_(client, number);
  }

  script script_;
  int listener_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr,
                                                             &SSL_CTX_free};
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  std::vector<int> sockets_;
  std::list<std::thread> threads_;
  std::thread acceptor_;
};

} // namespace banksia::http_test
