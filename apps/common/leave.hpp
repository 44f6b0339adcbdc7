#pragma once

/// The end of a process that has done all it had to.

#include <chrono>
#include <functional>

namespace banksia {

/// CAF's network layer, when its system goes, waits for connections that never
/// came to a handshake: whoever holds one must not hold us. Unless the process
/// has ended by itself within `limit` it does `last`, on a thread of its own, and
/// ends with `code`.
void leave_within(std::chrono::milliseconds limit, int code,
                  std::function<void()> last = {});

} // namespace banksia
