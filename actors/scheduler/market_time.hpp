#pragma once

/// How market time passes. The scheduler owns one; nobody else knows the time.

#include "messages/time.hpp"
#include "models/market/calendar.hpp"

#include <chrono>
#include <functional>
#include <optional>

namespace banksia {

enum class clock_mode {
  live,        ///< market time is wall time
  accelerated, ///< steps through sessions, faster than the wall
  replay,      ///< from slot to slot, as fast as the data can be worked through
};

std::string_view to_string(clock_mode x) noexcept;

struct clock_options {
  clock_mode mode = clock_mode::replay;
  /// Live only: the wall clock.
  std::function<timestamp()> wall;
  /// Where market time begins: of a replay its first day, else where it stood.
  timestamp start;
  /// Replay only: no slot after it.
  timestamp end;
  /// Accelerated: market seconds a wall second.
  double speed = 1.0;
  /// Accelerated: market time between two steps inside a session.
  std::chrono::minutes step{5};
};

/// The next instant of an accelerated clock after `now`: step by step through a
/// session, from its end straight to the next one's first step. Nothing beyond
/// the calendar.
std::optional<timestamp> next_step(const exchange_calendar& calendar,
                                   timestamp now, std::chrono::minutes step);

/// The wall time a step takes: the market is never waited for while closed.
std::chrono::microseconds pause_for(const clock_options& options);

} // namespace banksia
