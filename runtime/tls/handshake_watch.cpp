#include "runtime/tls/handshake_watch.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace banksia::tls {

handshake_watch::~handshake_watch() {
  thread_ = {}; // stopped and joined
  for (const auto& [connection, x] : waiting_)
    ::close(x.socket);
}

void handshake_watch::waits(const void* connection, int socket) noexcept {
  try {
    std::lock_guard guard{mutex_};
    if (waiting_.contains(connection))
      return;
    auto own = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
    if (own < 0)
      return; // out of descriptors: those that are watched will free some
    waiting_[connection] = {own, clock::now() + limit_};
    if (!thread_.joinable())
      thread_ = std::jthread{[this](std::stop_token stop) { run(stop); }};
    changed_.notify_all();
  } catch (...) {
    // Out of memory, or no thread: it is not watched.
  }
}

void handshake_watch::ended(const void* connection) noexcept {
  std::lock_guard guard{mutex_};
  auto found = waiting_.find(connection);
  if (found == waiting_.end())
    return;
  ::close(found->second.socket);
  waiting_.erase(found);
}

std::size_t handshake_watch::waiting() const noexcept {
  std::lock_guard guard{mutex_};
  return waiting_.size();
}

/// Under the lock. CAF sees the end and lets the connection go.
void handshake_watch::cut_late(clock::time_point now) {
  std::erase_if(waiting_, [now](const auto& entry) {
    const auto& x = entry.second;
    if (x.until > now)
      return false;
    ::shutdown(x.socket, SHUT_RDWR);
    ::close(x.socket);
    return true;
  });
}

void handshake_watch::run(std::stop_token stop) {
  // Signals are others' business.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  std::unique_lock guard{mutex_};
  while (!stop.stop_requested()) {
    cut_late(clock::now());
    if (waiting_.empty()) {
      changed_.wait(guard, stop, [this] { return !waiting_.empty(); });
      continue;
    }
    auto first = std::min_element(waiting_.begin(), waiting_.end(),
                                  [](const auto& a, const auto& b) {
                                    return a.second.until < b.second.until;
                                  });
    auto until = first->second.until;
    changed_.wait_until(guard, stop, until, [] { return false; });
  }
}

} // namespace banksia::tls
