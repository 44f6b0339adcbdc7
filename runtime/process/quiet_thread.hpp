#pragma once

#include <pthread.h>

#include <csignal>
#include <thread>
#include <utility>

namespace banksia::process {

/// A thread that no signal is delivered to: handlers and `sigwait` are others'
/// business.
template <class F>
std::jthread quiet_thread(F body) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::jthread result;
  try {
    result = std::jthread{std::move(body)};
  } catch (...) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    throw;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return result;
}

} // namespace banksia::process
