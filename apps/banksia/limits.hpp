#pragma once

/// What is too much or takes too long, as the configuration has it.

#include "actors/services/services.hpp"
#include "config/settings.hpp"
#include "runtime/resilience/circuit_breaker.hpp"

namespace banksia {

/// Sets the bounds of what clients send, of what waits and of what fails.
void limit(service_setup& to, const config::settings& x);

/// When a price or news source is left alone.
breaker_rule feed_breaker(const config::settings& x);

} // namespace banksia
