#pragma once

/// `health` of a process without the core: what the core's monitor says, and
/// what this process sees of itself.

#include "actors/services/health.hpp"

namespace banksia {

/// Where the core's monitor is found.
inline constexpr std::string_view core_health_name = "core/health";

/// Component of the connection to the core.
inline constexpr std::string_view core_component = "core";

class health_relay_state {
public:
  static inline const char* name = "health";

  shared_context context;
  std::vector<component_health> heard; ///< of the core, as it said it last
  std::vector<component_health> told;  ///< all of them
  std::optional<component_health> own; ///< the bridge's last word
  bool asking = false;     ///< a question to the core is under way
  bool asking_own = false; ///< likewise of our own bridge

  /// What is to be shown now.
  std::vector<component_health> all() const;
};

using health_relay_self = shell<health_relay_state, health_actor>;

health_actor::behavior_type health_relay(health_relay_self* self,
                                         std::shared_ptr<probe> watched,
                                         shared_context context);

} // namespace banksia
