#pragma once

/// `core/gate`: tells role processes who stands behind the names of the core.
/// Runs in the process that has the tree, published over TLS by `core_door`.

#include "actors/feeds/feed_board.hpp"
#include "messages/cluster.hpp"
#include "runtime/supervision/directory.hpp"
#include "runtime/supervision/shell.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

/// Whether a name is told to other processes: what services ask by message.
/// Others hold functions or belong to one process alone.
bool is_shared(std::string_view path);

/// The name of a core's actor in another process: its own where that has an
/// actor of that name too.
std::string name_elsewhere(const std::string& path);

struct core_gate_setup {
  directory* names = nullptr; ///< outlives the gate
  core_hello expected;        ///< what a role process has to agree with
  /// Opens the way to it at each start, and may block. @throws what ends the
  /// gate; empty: it is known here alone
  std::function<void(const core_gate_actor&)> publish = {};
  /// What stands for an actor before others (`from_far`); empty: itself.
  std::function<caf::actor(const caf::actor&)> before_others = {};
  std::shared_ptr<feed_board> feeds = {}; ///< null: none of the outside world
  /// Elapsed, between two looks for changes.
  std::chrono::milliseconds look_pause{100};
};

/// Why a role process is not welcome; nothing when it is.
std::optional<std::string> refusal_of(const core_hello& expected,
                                      const core_hello& shown);

struct core_gate_state {
  static inline const char* name = "core_gate";

  /// Role processes told at once; more are refused.
  static constexpr std::size_t links_max = 64;

  core_gate_setup setup;
  std::vector<core_link_actor> links;
  std::map<std::string, core_name> told; ///< by path
  std::map<std::string, caf::actor> behind; ///< those told, as they are here

  /// Brings `told` up to date. @returns what has changed
  core_names changes();

  /// All that is told.
  core_names all() const;
};

using core_gate_self = shell<core_gate_state, core_gate_actor>;

core_gate_actor::behavior_type core_gate(core_gate_self* self,
                                         std::shared_ptr<probe> watched,
                                         core_gate_setup setup);

} // namespace banksia
