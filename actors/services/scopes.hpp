#pragma once

/// What a caller must be allowed to for each route.

#include "runtime/http/router.hpp"

namespace banksia {

/// Sets what differs from the rule (GET reads, the others operate): this table
/// is the only place that says so.
void set_scopes(http::router& of);

} // namespace banksia
