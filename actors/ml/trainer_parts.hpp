#pragma once

/// What the files of `ml/trainer` share; not for others.

#include "actors/ml/trainer.hpp"

#include <string_view>

namespace banksia::trainer_parts {

/// For the log.
inline constexpr std::string_view path = "ml/trainer";

// -- telling (trainer_telling.cpp) ------------------------------------------------

/// Hands a record to the store, after those before it; again until it is there.
void write(trainer_self* self, trainer_state::owed_write x);
void write_next(trainer_self* self);

/// An event for whoever looks on.
void publish(trainer_self* self, const training_record& x);

/// Brings what the registry says into the store and to who forecasts.
void tell_registry(trainer_self* self);

/// Judges what serves; the judgement, or why there is none.
boost::json::object judge(trainer_self* self, timestamp at);

component_health health_of(const trainer_state& x,
                           std::optional<timestamp> market_time);

// -- a training (trainer.cpp) -----------------------------------------------------

/// Begins the next one, where none is under way.
void begin_next(trainer_self* self);

} // namespace banksia::trainer_parts
