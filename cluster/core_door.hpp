#pragma once

/// Where a core lets role processes in: a port with mutual TLS, and `core/gate`
/// behind it under a supervisor of its own, `cluster`.

#include "cluster/core_gate.hpp"
#include "runtime/supervision/child_spec.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace banksia {

struct core_door_setup {
  caf::actor_system* system = nullptr; ///< with `tls::load_network`
  std::shared_ptr<probe_board> board;
  core_gate_setup gate;
  std::string address = "127.0.0.1"; ///< an IP address
  std::uint16_t port = 0;            ///< 0: any free one
  std::function<void(const supervision_event&)> report = {};
  std::function<void(const std::string& reason)> give_up = {};
};

/// Open from `start` until `stop`; both for one thread.
class core_door {
public:
  explicit core_door(core_door_setup setup);
  ~core_door(); ///< stops
  core_door(const core_door&) = delete;
  core_door& operator=(const core_door&) = delete;

  /// @returns what went wrong: where: what to do
  std::optional<std::string> start();

  /// After a successful `start`.
  std::uint16_t port() const noexcept;

  void stop();

private:
  struct published;

  core_door_setup setup_;
  std::shared_ptr<published> published_;
  caf::actor supervisor_;
};

} // namespace banksia
