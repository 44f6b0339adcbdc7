#pragma once

/// What the feeds of a node say of themselves, for health and metrics.
/// Thread-safe.

#include "messages/time.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace banksia {

/// One feed's state and counts since the start.
struct feed_facts {
  std::string breaker = "closed"; ///< "closed", "half_open", "open"
  std::uint64_t calls = 0;
  std::map<std::string, std::uint64_t> failures; ///< by status
  std::uint64_t accepted = 0;
  std::uint64_t repaired = 0;
  std::uint64_t quarantined = 0;
  timestamp last_answer; ///< wall clock; zero: never
  std::string trouble;   ///< of the last failure; empty after an answer

  /// Share of points that were repaired or refused; 0 without any.
  double invalid_share() const noexcept {
    auto all = accepted + repaired + quarantined;
    return all == 0 ? 0.0
                    : static_cast<double>(repaired + quarantined)
                        / static_cast<double>(all);
  }
};

class feed_board {
public:
  /// Changes a feed's facts; a new one begins empty.
  void change(const std::string& feed,
              const std::function<void(feed_facts&)>& how) {
    std::lock_guard guard{mutex_};
    how(feeds_[feed]);
  }

  std::map<std::string, feed_facts> all() const {
    std::lock_guard guard{mutex_};
    return feeds_;
  }

private:
  mutable std::mutex mutex_;
  std::map<std::string, feed_facts> feeds_;
};

} // namespace banksia
