#pragma once

/// SIGTERM, SIGINT and SIGHUP as a call on a thread of ours; and the process's
/// wall clock, read here and nowhere below.

#include "messages/time.hpp"

#include <functional>
#include <memory>
#include <thread>

namespace banksia {

/// Now, UTC.
timestamp wall_time();

/// Blocks SIGTERM, SIGINT and, where it is not ignored, SIGHUP for this thread
/// and all it starts; SIGPIPE is ignored. Made before any other thread of ours;
/// those of libraries that were there before hand such a signal on.
class signal_block {
public:
  signal_block();

  /// Waits for a signal on a thread of its own until destroyed.
  class waiter {
  public:
    explicit waiter(std::function<void()> on_signal);
    ~waiter();
    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;

  private:
    std::jthread thread_;
  };

  std::unique_ptr<waiter> on_stop(std::function<void()> f) {
    return std::make_unique<waiter>(std::move(f));
  }
};

} // namespace banksia
