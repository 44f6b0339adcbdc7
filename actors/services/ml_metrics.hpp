#pragma once

/// The series of trainings and of the model that serves.

#include "actors/services/bridge.hpp"

namespace banksia {

/// Brings them up to date from the store. What is costly is at most half a minute
/// old. @throws storage::storage_error
void put_model_metrics(bridge_self* self, std::optional<timestamp> now);

} // namespace banksia
