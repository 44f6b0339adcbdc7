#include "apps/common/leave.hpp"

#include <cstdlib>
#include <thread>
#include <utility>

namespace banksia {

void leave_within(std::chrono::milliseconds limit, int code,
                  std::function<void()> last) {
  std::thread{[limit, code, last = std::move(last)] {
    std::this_thread::sleep_for(limit);
    if (last)
      last();
    std::_Exit(code);
  }}.detach();
}

} // namespace banksia
