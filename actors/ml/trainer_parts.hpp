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

// -- of a replay (trainer_replayed.cpp) --------------------------------------------

/// Whether a training came to nothing by no fault of its inputs: in a replay it
/// is begun again then, or all is over, and its end counts for nothing.
/// @param refused what was wrong with what it made; empty: nothing
bool is_begun_again(trainer_self* self, const training_end& end,
                    const std::string& refused);

/// Makes up for what was cut off between a replay's training and its judgement;
/// elsewhere the next day's does.
boost::json::object judge_again(trainer_self* self, const training_record& x);

// -- a training (trainer.cpp) -----------------------------------------------------

/// Begins the one under way, again too.
void start(trainer_self* self);

/// Begins the next one, where none is under way.
void begin_next(trainer_self* self);

} // namespace banksia::trainer_parts
