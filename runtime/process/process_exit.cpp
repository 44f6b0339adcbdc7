#include "runtime/process/process_exit.hpp"

#include <cstring>

namespace banksia::process {

std::string to_string(const process_exit& x) {
  if (x.code >= 0)
    return "exit " + std::to_string(x.code);
  if (x.signal == 0)
    return "end unknown";
  auto result = "signal " + std::to_string(x.signal);
  // Real-time signals have no name.
  if (auto name = sigabbrev_np(x.signal))
    result += " (SIG" + std::string{name} + ")";
  return result;
}

} // namespace banksia::process
