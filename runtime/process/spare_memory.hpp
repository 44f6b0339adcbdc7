#pragma once

/// Gives memory that is free in the heap back to the system.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace banksia::process {

/// While it lives, free pages of the heap go back to the system every so often.
/// The library by itself gives back what is large, and what is free at the end
/// of the heap; a node that has read years of bars at its start would keep some
/// 60 MB of small free blocks for ever. Costs a fraction of a millisecond where
/// little is free.
class spare_memory {
public:
  /// @param first until the first time
  explicit spare_memory(
    std::chrono::milliseconds every = std::chrono::seconds{30},
    std::chrono::milliseconds first = std::chrono::seconds{5});
  ~spare_memory();
  spare_memory(const spare_memory&) = delete;
  spare_memory& operator=(const spare_memory&) = delete;

private:
  void run(std::chrono::milliseconds every, std::chrono::milliseconds first);

  std::mutex mutex_;
  std::condition_variable told_;
  bool ends_ = false;
  std::jthread thread_;
};

} // namespace banksia::process
