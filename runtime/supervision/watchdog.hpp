#pragma once

/// Sees handlers that run too long. Nothing can pre-empt them: a thread that is
/// stuck stays so, and in the end the whole process has to go
/// (exit 75; its parent starts it again).

#include "runtime/supervision/probe.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace banksia {

/// An actor whose handler has not returned for longer than the limit.
struct stuck_actor {
  std::string path;
  std::chrono::milliseconds busy{0};
  std::uint64_t generation = 0;
};

/// The stuck actors of a board at one moment, by path. @param now as
/// `monotonic_ns`
std::vector<stuck_actor> stuck_actors(const probe_board& board,
                                      std::chrono::milliseconds limit,
                                      std::uint64_t now);

/// A thread of its own that looks at the probes; it needs no actor to run.
class watchdog {
public:
  /// @param limit of one handler; @param on_stuck called once, on the thread,
  /// with the first that is found
  watchdog(std::shared_ptr<probe_board> board, std::chrono::milliseconds limit,
           std::function<void(const stuck_actor&)> on_stuck);
  ~watchdog();
  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;

private:
  void watch();

  std::shared_ptr<probe_board> board_;
  std::chrono::milliseconds limit_;
  std::function<void(const stuck_actor&)> on_stuck_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace banksia
