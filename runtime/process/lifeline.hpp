#pragma once

/// The child's side of its lifeline: when the parent is gone, however it went,
/// this process ends too.

#include "runtime/process/unique_fd.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <thread>

namespace banksia::process {

class lifeline {
public:
  /// Takes the descriptor that BANKSIA_LIFELINE_FD names, and the variable out
  /// of the environment: neither is for our own children. Call it before there
  /// are threads. @returns nothing where there is no lifeline
  /// @throws process_error when the variable names no pipe
  static unique_fd take();

  /// Watches on a thread of its own until destroyed. At the end of file it
  /// calls `on_lost` there, and ends the process with 1 when it still exists
  /// after `grace`.
  /// @returns nothing for an empty descriptor
  static std::unique_ptr<lifeline> watch(unique_fd from,
                                         std::function<void()> on_lost,
                                         std::chrono::milliseconds grace);

  ~lifeline();
  lifeline(const lifeline&) = delete;
  lifeline& operator=(const lifeline&) = delete;

private:
  lifeline(unique_fd from, std::function<void()> on_lost,
           std::chrono::milliseconds grace);
  void run();

  unique_fd from_;
  unique_fd wake_;
  std::function<void()> on_lost_;
  std::chrono::milliseconds grace_;
  std::jthread thread_;
};

} // namespace banksia::process
