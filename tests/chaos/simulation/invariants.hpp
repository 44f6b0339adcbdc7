#pragma once

/// What must be true of the database, whatever has happened.

#include "tests/chaos/simulation/life.hpp"

namespace banksia::chaos {

/// At any time between two lives. Remembers what has ended. @throws broken
void check_sound(const scenario& of, world& in);

/// After the calm: nothing is missing either. @throws broken
void check_complete(const scenario& of, const world& in);

} // namespace banksia::chaos
