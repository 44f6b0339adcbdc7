#pragma once

/// How a cycle reads what its market desk was not told.

#include "actors/cycle/cycle.hpp"

namespace banksia {

/// Reads the last sessions of these symbols as of the slot, and the context
/// series where they are not known yet, into the desk, then calls `done`. Who
/// cannot read ends with the error and is started again.
void read_market(cycle_self* self, timestamp slot,
                 std::vector<std::string> symbols, std::function<void()> done);

} // namespace banksia
