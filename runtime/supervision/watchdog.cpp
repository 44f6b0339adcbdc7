#include "runtime/supervision/watchdog.hpp"

#include <algorithm>

namespace banksia {

std::vector<stuck_actor> stuck_actors(const probe_board& board,
                                      std::chrono::milliseconds limit,
                                      std::uint64_t now) {
  std::vector<stuck_actor> result;
  auto limit_ns = static_cast<std::uint64_t>(
    std::chrono::nanoseconds{limit}.count());
  board.each([&](const probe& x) {
    auto since = x.busy_since_ns.load(std::memory_order_relaxed);
    if (since == 0 || now <= since || now - since < limit_ns)
      return;
    result.push_back({x.path,
                      std::chrono::milliseconds{
                        static_cast<std::int64_t>((now - since) / 1'000'000)},
                      x.generation.load(std::memory_order_relaxed)});
  });
  return result;
}

watchdog::watchdog(std::shared_ptr<probe_board> board,
                   std::chrono::milliseconds limit,
                   std::function<void(const stuck_actor&)> on_stuck)
  : board_(std::move(board)),
    limit_(limit),
    on_stuck_(std::move(on_stuck)),
    thread_([this] { watch(); }) {}

watchdog::~watchdog() {
  {
    std::lock_guard guard{mutex_};
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void watchdog::watch() {
  // Found at most an eighth of the limit late.
  auto pause = std::clamp<std::chrono::milliseconds>(
    limit_ / 8, std::chrono::milliseconds{10}, std::chrono::milliseconds{500});
  std::unique_lock guard{mutex_};
  while (!changed_.wait_for(guard, pause, [this] { return stopping_; })) {
    auto stuck = stuck_actors(*board_, limit_, monotonic_ns());
    if (stuck.empty())
      continue;
    guard.unlock();
    on_stuck_(stuck.front());
    return;
  }
}

} // namespace banksia
