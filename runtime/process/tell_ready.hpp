#pragma once

/// The child's side of `ready_pipe`: says that it serves, and where.

#include "runtime/process/unique_fd.hpp"

#include <cstdint>

namespace banksia::process {

/// Takes the descriptor that BANKSIA_READY_FD names, and the variable out of
/// the environment. Before there are threads. @returns nothing where there is
/// none. @throws process_error when the variable names no pipe
unique_fd take_ready_pipe();

/// Writes `ready PORT` and closes it; nothing for an empty descriptor.
/// @throws process_error when nobody listens
void tell_ready(unique_fd to, std::uint16_t port);

} // namespace banksia::process
