#pragma once

/// How `banksia run` comes to its end.

#include "actors/services/services.hpp"
#include "apps/banksia/node.hpp"
#include "apps/common/command.hpp"
#include "apps/common/tracing.hpp"
#include "cluster/core_door.hpp"
#include "config/settings.hpp"
#include "runtime/supervision/watchdog.hpp"

#include <optional>

namespace banksia::commands {

/// A handler that does not return cannot be ended alone: the process goes, and
/// its parent starts it again. Nothing acknowledged is lost.
[[noreturn]] void end_stuck(node& in, const stuck_actor& x);

/// What was acknowledged is on disk already; what was asked and not answered
/// is given up.
[[noreturn]] void end_in_a_hurry();

/// Drains the services, then the tree, then the traces, all within
/// `drain_timeout_ms`.
/// @returns why the node has not ended well
std::optional<command_error> drain_all(node& running, node_end how,
                                       services& served,
                                       std::optional<core_door>& door,
                                       tracing& traces,
                                       const config::settings& x);

/// All is done but the end of CAF's network layer (`leave_within`).
void end_in_any_case(const std::optional<command_error>& failure);

} // namespace banksia::commands
