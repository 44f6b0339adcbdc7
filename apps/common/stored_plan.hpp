#pragma once

/// The plan that a stored prediction was made with.

#include "actors/run_plan.hpp"
#include "actors/store/queries.hpp"

namespace banksia {

/// From the configuration that was stored with the prediction and its run's
/// parameters; what is configured now has no part in it.
/// @throws commands::command_error with exit 1 when either cannot be read
shared_plan stored_plan(store::queries& ask,
                        const store::stored_prediction& prediction);

} // namespace banksia
