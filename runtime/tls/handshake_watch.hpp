#pragma once

/// CAF waits for the TLS handshake of who has connected for ever, so that
/// connections without a word would take all descriptors. Here each is cut that
/// has not come through its handshake in time. Used by the operations of
/// `error_queue.hpp`, which every connection of CAF goes through.

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace banksia::tls {

/// For a peer to come through its handshake.
inline constexpr std::chrono::milliseconds handshake_limit{5000};

/// Thread-safe. Its thread runs from the first handshake that waits.
class handshake_watch {
public:
  using clock = std::chrono::steady_clock;

  explicit handshake_watch(std::chrono::milliseconds limit = handshake_limit)
    : limit_(limit) {}
  ~handshake_watch();
  handshake_watch(const handshake_watch&) = delete;
  handshake_watch& operator=(const handshake_watch&) = delete;

  /// The handshake of `connection`, on that socket, has not ended. What is
  /// watched already stays as it is.
  void waits(const void* connection, int socket) noexcept;

  /// It has, well or not, or the connection goes.
  void ended(const void* connection) noexcept;

  /// How many are watched.
  std::size_t waiting() const noexcept;

private:
  struct handshake {
    /// A descriptor of our own, so that it means this connection for as long as
    /// it is here, whatever becomes of CAF's.
    int socket = -1;
    clock::time_point until;
  };

  void run(std::stop_token stop);
  void cut_late(clock::time_point now);

  const std::chrono::milliseconds limit_;
  mutable std::mutex mutex_; ///< guards what follows
  std::condition_variable_any changed_;
  std::map<const void*, handshake> waiting_;
  std::jthread thread_; ///< ends first
};

} // namespace banksia::tls
