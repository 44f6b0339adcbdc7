#pragma once

/// What the files of `ml/gate` share; not for others.

#include "actors/ml/gate.hpp"

#include <functional>

namespace banksia::gate_parts {

// -- the connection (gate.cpp) ------------------------------------------------

/// Has the forecaster read the registry again. Answers `told`, where there is
/// somebody, with what it says then. @pre there is a remote
void reload(gate_self* self,
            std::function<void(const forecaster_status&)> told);

// -- patience (gate_patience.cpp); @pre `setup.patience`, all of them ----------

/// Takes a question, which is answered by the forecaster and nobody else.
caf::typed_response_promise<forecast_answer> wait_for(gate_self* self,
                                                      forecast_request& x);

/// Sends on what waits, once the forecaster holds what the registry says.
void send_pending(gate_self* self);

/// The remote is gone: what it had waits again.
void keep_pending(gate_self* self);

/// Whether it has taken too long, looked at from time to time.
void look_at_patience(gate_self* self);

} // namespace banksia::gate_parts
