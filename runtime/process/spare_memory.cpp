#include "runtime/process/spare_memory.hpp"

#include "runtime/process/quiet_thread.hpp"

#include <malloc.h>

namespace banksia::process {

spare_memory::spare_memory(std::chrono::milliseconds every,
                           std::chrono::milliseconds first)
  : thread_(quiet_thread([=, this] { run(every, first); })) {}

spare_memory::~spare_memory() {
  {
    std::lock_guard guard{mutex_};
    ends_ = true;
  }
  told_.notify_one();
}

void spare_memory::run(std::chrono::milliseconds every,
                       std::chrono::milliseconds first) {
  std::unique_lock guard{mutex_};
  for (auto pause = first;
       !told_.wait_for(guard, pause, [this] { return ends_; }); pause = every)
    malloc_trim(0);
}

} // namespace banksia::process
