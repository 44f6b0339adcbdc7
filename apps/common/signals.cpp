#include "apps/common/signals.hpp"

#include <csignal>

#include <ucontext.h>
#include <unistd.h>

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

/// Runs on a thread that a library has started before `main`, as OpenBLAS does:
/// it blocks nothing. The signal goes back to the process, and that thread takes
/// none of its kind again. Each call here may be made in a handler (POSIX).
void pass_on(int signal, siginfo_t*, void* context) {
  sigaddset(&static_cast<ucontext_t*>(context)->uc_sigmask, signal);
  kill(getpid(), signal);
}

} // namespace

timestamp wall_time() {
  return std::chrono::floor<micros>(std::chrono::system_clock::now());
}

signal_block::signal_block() {
  auto set = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  struct sigaction elsewhere {};
  elsewhere.sa_sigaction = pass_on;
  elsewhere.sa_flags = SA_SIGINFO | SA_RESTART;
  elsewhere.sa_mask = set;
  for (auto signal : {SIGTERM, SIGINT, SIGHUP})
    if (sigismember(&set, signal) == 1)
      sigaction(signal, &elsewhere, nullptr);
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
