#pragma once

/// How often a host may be asked: a token bucket each. Pure: times of one
/// monotonic clock are passed in.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace banksia {

struct rate_rule {
  double per_second = 2.0; ///< tokens that come back, above 0
  double burst = 4.0;      ///< tokens a bucket holds, at least 1
  std::size_t hosts_max = 256; ///< buckets kept; the fullest goes first
};

/// Not thread-safe.
class rate_limiter {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit rate_limiter(rate_rule rule = {});

  /// Takes a token for a call to `host`. Zero: make the call. Otherwise none
  /// was taken: ask again after so long.
  std::chrono::milliseconds take(const std::string& host, time_point now);

  /// No call to `host` before `until` (its Retry-After); never shortens an
  /// earlier pause.
  void pause(const std::string& host, time_point until);

  std::size_t hosts() const noexcept { return buckets_.size(); }

  /// Calls that had to wait.
  std::uint64_t delayed() const noexcept { return delayed_; }

private:
  struct bucket {
    double tokens = 0.0;
    time_point filled{};
    time_point paused_until{};
  };

  bucket& at(const std::string& host, time_point now);
  void fill(bucket& x, time_point now) const;
  void forget_one(time_point now);

  rate_rule rule_;
  std::map<std::string, bucket> buckets_;
  std::uint64_t delayed_ = 0;
};

/// One limiter for all who ask the same hosts. Thread-safe.
class shared_rate_limiter {
public:
  using time_point = rate_limiter::time_point;

  explicit shared_rate_limiter(rate_rule rule = {}) : limiter_(rule) {}

  /// As `rate_limiter::take`.
  std::chrono::milliseconds take(const std::string& host, time_point now) {
    std::lock_guard guard{mutex_};
    return limiter_.take(host, now);
  }

  /// As `rate_limiter::pause`.
  void pause(const std::string& host, time_point until) {
    std::lock_guard guard{mutex_};
    limiter_.pause(host, until);
  }

private:
  std::mutex mutex_;
  rate_limiter limiter_;
};

} // namespace banksia
