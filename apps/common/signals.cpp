#include "apps/common/signals.hpp"

#include <csignal>

namespace banksia {

namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  // Not under nohup: blocked signals are kept even where they are ignored.
  struct sigaction hangup {};
  sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler != SIG_IGN)
    sigaddset(&set, SIGHUP);
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
      for (;;) {
        auto signal = sigwaitinfo(&set, nullptr);
        if (stop.stop_requested())
          return;
        if (signal > 0) // else interrupted, by a debugger say
          f();
      }
    }) {}

signal_block::waiter::~waiter() {
  thread_.request_stop();
  // For that thread alone: it ends at once instead of at its next look.
  pthread_kill(thread_.native_handle(), SIGTERM);
}

} // namespace banksia
