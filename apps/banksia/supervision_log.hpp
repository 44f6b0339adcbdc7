#pragma once

/// Where a supervisor's reports go: the supervision log, the terminal, the
/// event bus and the store.

#include "apps/banksia/node.hpp"

namespace banksia {

/// Hands one report on. Safe from any actor's thread; never blocks.
void report(node& in, const supervision_event& x);

/// A line for a person: where in the tree, what, why.
/// "root > store > store/writer: restarted (generation 3)".
std::string readable(const supervision_event& x);

} // namespace banksia
