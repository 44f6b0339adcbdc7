#pragma once

/// Work that kills whoever touches it. A message that killed its actor twice is
/// set aside when it comes again: kept as a dead letter with the reason, so that
/// one bad request cannot use up a restart budget.
///
/// Kills are counted by what the message says, not by delivery: a dead actor's
/// mailbox is gone, and only retries bring its work back.

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace banksia {

/// A message that was set aside.
struct dead_letter {
  std::uint64_t key = 0; ///< hash of what it says; 0: it cannot be told
  std::string type;      ///< of its payload
  std::string trace;     ///< what it belongs to; empty where nothing is known
  std::string reason;    ///< of the last kill
  std::uint32_t kills = 0;
  std::uint64_t dropped = 0; ///< how often it has come again since
  std::uint64_t at_ns = 0;   ///< of the last kill, as `monotonic_ns`
};

/// What has killed the actors behind one path. Thread-safe.
class poison_record {
public:
  static constexpr std::uint32_t kills_max = 2;
  /// Suspects and dead letters kept; the oldest are forgotten.
  static constexpr std::size_t kept_max = 64;
  /// Two kills further apart (elapsed) are two accidents: an hour.
  static constexpr std::uint64_t memory_ns = 3'600'000'000'000;

  /// A message has killed its actor. @returns the kills so far
  std::uint32_t killed(const dead_letter& by) {
    std::lock_guard guard{mutex_};
    last_ = by;
    if (by.key == 0)
      return 1;
    auto found = suspects_.find(by.key);
    if (found == suspects_.end()) {
      forget_oldest();
      found = suspects_.emplace(by.key, by).first;
      found->second.kills = 0;
      order_.push_back(by.key);
    }
    auto& x = found->second;
    if (x.kills < kills_max && by.at_ns - x.at_ns > memory_ns)
      x.kills = 0;
    x.reason = by.reason;
    x.at_ns = by.at_ns;
    if (++x.kills == kills_max)
      set_aside_.fetch_add(1, std::memory_order_relaxed);
    last_ = x;
    return x.kills;
  }

  /// Whether anything is set aside; one load, so cheap enough for each message.
  bool any() const noexcept {
    return set_aside_.load(std::memory_order_relaxed) != 0;
  }

  /// Whether that message is set aside; it counts as dropped then.
  bool drops(std::uint64_t key) {
    std::lock_guard guard{mutex_};
    auto found = suspects_.find(key);
    if (found == suspects_.end() || found->second.kills < kills_max)
      return false;
    ++found->second.dropped;
    return true;
  }

  /// The messages that are set aside, oldest first.
  std::vector<dead_letter> dead_letters() const {
    std::lock_guard guard{mutex_};
    std::vector<dead_letter> result;
    for (auto key : order_)
      if (const auto& x = suspects_.at(key); x.kills >= kills_max)
        result.push_back(x);
    return result;
  }

  /// The message that killed last, taken; empty type: none has since.
  dead_letter take_last() {
    std::lock_guard guard{mutex_};
    return std::exchange(last_, {});
  }

private:
  void forget_oldest() {
    if (order_.size() < kept_max)
      return;
    auto oldest = suspects_.find(order_.front());
    if (oldest->second.kills >= kills_max)
      set_aside_.fetch_sub(1, std::memory_order_relaxed);
    suspects_.erase(oldest);
    order_.pop_front();
  }

  mutable std::mutex mutex_;
  std::map<std::uint64_t, dead_letter> suspects_; ///< by key
  std::deque<std::uint64_t> order_;               ///< keys, oldest first
  dead_letter last_;
  std::atomic<std::uint32_t> set_aside_{0};
};

} // namespace banksia
