#pragma once

/// CAF between processes: mutual TLS always, on loopback too, and heartbeats
/// that notice a halted peer.

#include "runtime/tls/material.hpp"

#include <caf/actor_system_config.hpp>

#include <chrono>

namespace banksia::tls {

/// A peer that is silent for so long is gone. The same on every side: with
/// heartbeats on one side alone a healthy peer would be declared gone.
inline constexpr std::chrono::milliseconds heartbeat_pause{500};
inline constexpr std::chrono::milliseconds silence_max{2000};

/// Loads CAF's network layer with these credentials. Before the actor system
/// is made. Publish and connect through `caf::openssl` only: CAF's other ways
/// stay plaintext.
/// @throws tls_error when the credentials cannot work now
void load_network(caf::actor_system_config& to, const credentials& mine,
                  wall_clock::time_point now);

} // namespace banksia::tls
