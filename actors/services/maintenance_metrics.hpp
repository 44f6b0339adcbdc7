#pragma once

/// The series of the database's daily care.

#include "actors/services/bridge.hpp"

namespace banksia {

/// Brings it up to date from the store. @throws storage::storage_error
void put_maintenance_metrics(bridge_self* self, timestamp now);

} // namespace banksia
