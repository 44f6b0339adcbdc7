#include "apps/banksia/signals.hpp"

#include <csignal>
#include <ctime>

namespace banksia {

namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

} // namespace

timestamp wall_time() {
  return std::chrono::floor<micros>(std::chrono::system_clock::now());
}

signal_block::signal_block() {
  auto set = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

signal_block::waiter::waiter(std::function<void()> on_signal)
  : thread_([f = std::move(on_signal)](std::stop_token stop) {
      auto set = stop_signals();
      const timespec pause{0, 100'000'000};
      while (!stop.stop_requested())
        if (sigtimedwait(&set, nullptr, &pause) > 0)
          f();
    }) {}

signal_block::waiter::~waiter() = default;

} // namespace banksia
