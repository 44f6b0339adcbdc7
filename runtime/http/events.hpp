#pragma once

/// The queue between those who send events and the connection that writes
/// them. Used by responder.cpp and session.cpp alone.

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace banksia::http {

/// Thread safe. Bounded by `queue_max` events.
class events {
public:
  explicit events(std::size_t queue_max) : queue_max_(queue_max) {}

  /// What `push` asks of its caller.
  enum class next { nothing, wake, closed };

  /// Queues one event in its wire form.
  next push(std::string wire);

  /// Lets no further event in. True when the caller must wake the connection.
  bool finish();

  /// Takes everything queued as one text. Afterwards the next `push` asks for
  /// a wake-up only if this returned nothing.
  std::string take();

  /// Whether `finish` was called and everything is taken.
  bool is_done() const;

  /// The connection has ended: drops the queue, calls the listeners.
  void end();

  bool is_open() const;
  std::uint64_t dropped() const;
  void on_closed(std::function<void()> f);

private:
  mutable std::mutex mutex_;
  std::deque<std::string> queue_;
  std::vector<std::function<void()>> listeners_;
  std::uint64_t dropped_ = 0;
  std::size_t queue_max_;
  bool awake_ = true; ///< the connection will call `take`
  bool finished_ = false;
  bool ended_ = false;
};

} // namespace banksia::http
