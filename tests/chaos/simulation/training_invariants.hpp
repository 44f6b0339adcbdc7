#pragma once

/// What must be true of trainings, models and the registry.

#include "tests/chaos/simulation/life.hpp"

namespace banksia::chaos {

/// At any time between two lives. Remembers what has ended. @throws broken
void check_trainings_sound(storage::database& db, world& in);

/// After the calm. @throws broken
void check_trainings_complete(storage::database& db, const scenario& of,
                              const world& in, timestamp until);

} // namespace banksia::chaos
