#pragma once

/// What the feeds of a node say of themselves, for health and metrics, and the
/// bars that still grow, for whoever shows prices. Thread-safe.

#include "messages/market.hpp"
#include "messages/time.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace banksia {

/// How many of a source's newest points were no good: repaired or refused. The
/// share runs, so that a long good past does not hide a bad present.
class running_quality {
public:
  /// Points that the share is over.
  static constexpr std::size_t window = 1000;
  /// Below so many points a share says nothing.
  static constexpr std::size_t fewest = 100;
  /// The share at which a source is in trouble.
  static constexpr double level = 0.05;

  void add(bool valid) {
    if (points_.size() < window) {
      points_.push_back(!valid);
    } else {
      invalid_ -= points_[next_] ? 1 : 0;
      points_[next_] = !valid;
      next_ = (next_ + 1) % window;
    }
    invalid_ += valid ? 0 : 1;
  }

  std::size_t points() const noexcept { return points_.size(); }

  /// Of them, those that were no good.
  std::size_t invalid() const noexcept { return invalid_; }

  /// 0 without any.
  double invalid_share() const noexcept {
    return points_.empty() ? 0.0
                           : static_cast<double>(invalid_)
                               / static_cast<double>(points_.size());
  }

  bool is_bad() const noexcept {
    return points() >= fewest && invalid_share() >= level;
  }

private:
  std::vector<bool> points_; ///< true: no good
  std::size_t next_ = 0;     ///< the oldest, once the window is full
  std::size_t invalid_ = 0;
};

/// One feed's state and counts since the start.
struct feed_facts {
  std::string breaker = "closed"; ///< "closed", "half_open", "open"
  std::uint64_t calls = 0;
  std::map<std::string, std::uint64_t> failures; ///< by status
  std::uint64_t accepted = 0;
  std::uint64_t repaired = 0;
  std::uint64_t quarantined = 0;
  running_quality quality; ///< over its newest points
  timestamp last_answer; ///< wall clock; zero: never
  std::string trouble;   ///< of the last failure; empty after an answer

  void count_points(std::uint64_t good, std::uint64_t mended,
                    std::uint64_t refused) {
    accepted += good;
    repaired += mended;
    quarantined += refused;
    for (std::uint64_t i = 0; i < good; ++i)
      quality.add(true);
    for (std::uint64_t i = 0; i < mended + refused; ++i)
      quality.add(false);
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

  /// Those facts and no others from now on: as another process has them.
  void replace(std::map<std::string, feed_facts> all) {
    std::lock_guard guard{mutex_};
    feeds_ = std::move(all);
  }

  std::map<std::string, feed_facts> all() const {
    std::lock_guard guard{mutex_};
    return feeds_;
  }

  /// The newest bar of a series is not over yet, as far as it has come; nothing:
  /// none is known to grow.
  void show_running(const std::string& symbol, bar_interval interval,
                    std::optional<bar> x) {
    std::lock_guard guard{mutex_};
    if (x)
      running_[{symbol, interval}] = std::move(*x);
    else
      running_.erase({symbol, interval});
  }

  std::optional<bar> running(const std::string& symbol,
                             bar_interval interval) const {
    std::lock_guard guard{mutex_};
    auto found = running_.find({symbol, interval});
    return found == running_.end() ? std::nullopt
                                   : std::optional{found->second};
  }

private:
  mutable std::mutex mutex_;
  std::map<std::string, feed_facts> feeds_;
  std::map<std::pair<std::string, bar_interval>, bar> running_;
};

} // namespace banksia
