#pragma once

/// `core/link`: a role process's way to the core. Finds it, shows who it is,
/// keeps the process's names those of the core, and begins again when it is
/// away: the names lead to nobody then, so that who asks is told at once.

#include "actors/feeds/feed_board.hpp"
#include "actors/listings/roster.hpp"
#include "actors/services/core_view.hpp"
#include "messages/cluster.hpp"
#include "runtime/supervision/directory.hpp"
#include "runtime/supervision/shell.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace banksia {

/// Where the core listens, or why nobody knows.
struct core_place {
  std::string host;
  std::uint16_t port = 0; ///< 0: unknown
  std::string trouble;    ///< why
};

/// Elapsed times, all of them.
struct core_link_setup {
  /// Asked before each try: a core that comes back may listen elsewhere.
  std::function<core_place()> place;
  core_hello hello;
  directory* names = nullptr; ///< outlives the link
  std::shared_ptr<core_view> view;
  /// Kept as the core's is.
  std::shared_ptr<roster> listed;
  std::vector<std::string> configured; ///< its symbols at first
  /// Between two tries; doubled up to the second.
  std::chrono::milliseconds first_pause{100};
  std::chrono::milliseconds longest_pause{1000};
  /// Between two looks at a connection, each with an answer in time.
  std::chrono::milliseconds look_pause{1000};
  std::chrono::milliseconds answer_limit{2000};
  /// For a connection and its handshake, which TLS does not limit.
  std::chrono::milliseconds connect_limit{2000};
  /// Who makes connections: CAF's, with TLS. Others: in tests.
  std::function<caf::actor(caf::actor_system&)> network;
  /// What stands here for an actor of the core (`to_far`); empty: itself.
  std::function<caf::actor(const caf::actor&)> from_here = {};
  /// Kept as the core's is, empty while it is away; may be null.
  std::shared_ptr<feed_board> feeds = {};
};

struct core_link_state {
  static inline const char* name = "core_link";

  /// The names lead to nobody once nobody keeps them.
  ~core_link_state();

  core_link_setup setup;
  core_gate_actor gate; ///< null: away
  std::uint64_t tries = 0; ///< counts connections, so that late words are known
  bool is_scheduled = true; ///< a look is to come
  std::chrono::milliseconds pause{0};
  std::string trouble; ///< why it is away, as it was logged
  std::map<std::string, core_name> filled; ///< by path, as the core said it
  std::size_t changes = 0; ///< of listings, in `setup.listed`

  void fill(const core_names& told);
  void clear();
};

using core_link_self = shell<core_link_state, core_link_actor>;

core_link_actor::behavior_type core_link(core_link_self* self,
                                         std::shared_ptr<probe> watched,
                                         core_link_setup setup);

} // namespace banksia
