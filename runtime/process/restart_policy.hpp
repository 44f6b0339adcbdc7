#pragma once

/// When a process that ended is started again: full jitter between restarts,
/// none before the first, and an end when they come too fast. Pure.

#include "runtime/process/process_exit.hpp"
#include "runtime/resilience/backoff.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace banksia::process {

struct restart_limits {
  /// Of the second restart and later ones; the first is at once.
  backoff_rule backoff = backoff_rule::usual();
  std::uint32_t intensity = 10; ///< restarts allowed …
  std::chrono::milliseconds period{60000}; ///< … in this time
  /// Codes with which it means to have ended.
  std::vector<int> final_codes{0, 2, 65, 69, 70, 78};
};

/// What to do after an end.
struct restart_decision {
  enum class kind {
    start_again, ///< after `delay`
    pass_on,     ///< it meant to end: its code is ours
    give_up,     ///< restarts came too fast
  };
  kind what = kind::pass_on;
  std::chrono::milliseconds delay{0};
};

/// Not thread-safe. Times are of a monotonic clock.
class restart_policy {
public:
  using time_point = restart_budget::time_point;

  /// @param random gives numbers in [0, 1)
  restart_policy(restart_limits limits, std::function<double()> random)
    : limits_(std::move(limits)), random_(std::move(random)) {}

  /// @param exit    how it ended; nothing: it could not be started
  /// @param started when that was tried
  restart_decision ended(const std::optional<process_exit>& exit,
                         time_point started, time_point now);

private:
  std::chrono::milliseconds next_delay();

  restart_limits limits_;
  std::function<double()> random_;
  restart_budget restarts_;
  std::uint32_t failures_ = 0;      ///< since it was healthy
};

} // namespace banksia::process
