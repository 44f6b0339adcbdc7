#pragma once

/// What the health monitor last heard, for handlers that must not wait.

#include "messages/domain.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

/// HEALTHY when all are, UNHEALTHY when none is, DEGRADED between. UNHEALTHY
/// for no component at all: nothing is known to work.
health_state overall(std::span<const component_health> components) noexcept;

/// `status` and `components[]`.
boost::json::object health_json(std::span<const component_health> components);

/// One change of a component's state.
struct health_change {
  std::string component;
  health_state from = health_state::unhealthy;
  health_state to = health_state::unhealthy;
  std::string reason;      ///< of the state it came to
  std::uint64_t at_ns = 0; ///< elapsed time, as `monotonic_ns`
};

/// The components' states at the last round of questions. Thread-safe.
class health_board {
public:
  /// Changes kept; older ones are forgotten.
  static constexpr std::size_t history_max = 100;

  /// Older than this, the monitor itself is out of order.
  static constexpr std::uint64_t fresh_ns = 10'000'000'000;

  /// @param now_ns elapsed time, as `monotonic_ns`
  void set(std::vector<component_health> components, std::uint64_t now_ns);

  /// All components by name; all unhealthy when the monitor is silent. Empty
  /// before its first round.
  std::vector<component_health> components(std::uint64_t now_ns) const;

  /// One of them; unhealthy when it is not known.
  component_health component(std::string_view name,
                             std::uint64_t now_ns) const;

  /// How old the last round is, in elapsed seconds; nothing before the first.
  std::optional<double> age_seconds(std::uint64_t now_ns) const;

  /// The last changes, newest first; a component's first state is none.
  std::vector<health_change> history() const;

private:
  mutable std::mutex mutex_;
  std::vector<component_health> components_;
  std::deque<health_change> history_; ///< newest first
  std::uint64_t set_at_ns_ = 0;
};

} // namespace banksia
