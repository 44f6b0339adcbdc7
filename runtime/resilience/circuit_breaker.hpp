#pragma once

/// Stops calling what keeps failing, and asks carefully whether it is well
/// again. Pure: times of one monotonic clock are passed in.

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace banksia {

enum class breaker_state : std::uint8_t {
  closed = 0,    ///< calls go through
  half_open = 1, ///< a few probes go through
  open = 2,      ///< no call goes through
};

/// "closed", "half_open", "open".
std::string_view to_string(breaker_state x) noexcept;

struct breaker_rule {
  std::uint32_t window = 20;  ///< results remembered
  std::uint32_t minimum = 10; ///< fewer results never open it
  double failure_share = 0.5; ///< of the window, from here on it opens
  std::chrono::milliseconds open_for{30'000}; ///< before the first probe
  std::uint32_t probes = 3;   ///< that must all succeed to close it

  friend bool operator==(const breaker_rule&, const breaker_rule&) = default;
};

/// What is wrong with a rule, and what to set; nothing when fit.
std::optional<std::string> problem_of(const breaker_rule& x);

/// What happened since the breaker was made.
struct breaker_counts {
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::uint64_t refused = 0; ///< calls that were not allowed
  std::uint64_t opened = 0;  ///< times it opened, failed probes included
  std::uint64_t stale = 0;   ///< results of calls from an earlier state
};

/// closed → open when the window holds `minimum` results and their failures
/// reach `failure_share`; open → half_open after `open_for`; half_open → closed
/// when all probes succeeded, → open when one failed. Probes whose result never
/// comes count as failed after `open_for`. Not thread-safe.
class circuit_breaker {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// The right to make one call; its result names it.
  struct permit {
    std::uint64_t epoch = 0; ///< counts changes of state

    friend bool operator==(const permit&, const permit&) = default;
  };

  /// `rule` must be fit (`problem_of`).
  explicit circuit_breaker(breaker_rule rule = {});

  /// Asks to make a call: nothing means that it must not be made. Each permit
  /// is to be answered by one of the three below.
  std::optional<permit> allow(time_point now);

  void succeeded(permit of, time_point now);

  /// `reason` is kept, cut at 200 bytes.
  void failed(permit of, time_point now, std::string_view reason);

  /// The call was not made, or its result says nothing of the other side.
  void withdrawn(permit of, time_point now);

  breaker_state state(time_point now) const noexcept;

  /// When the next probe may go; nothing unless open.
  std::optional<time_point> retry_at(time_point now) const noexcept;

  /// Of the last failure, empty before any.
  const std::string& reason() const noexcept { return reason_; }

  const breaker_counts& counts() const noexcept { return counts_; }

  /// Failures among the results remembered.
  std::uint32_t failures_in_window() const noexcept { return failures_; }

private:
  void open(time_point now);
  void to(breaker_state next);
  void advance(time_point now);
  bool is_stale(permit of) noexcept;
  void remember(bool failure);

  breaker_rule rule_;
  breaker_state state_ = breaker_state::closed;
  std::uint64_t epoch_ = 1;
  std::deque<bool> window_; ///< true: failed; the oldest first
  std::uint32_t failures_ = 0;
  time_point changed_{};
  std::uint32_t probes_out_ = 0;
  std::uint32_t probes_good_ = 0;
  time_point last_probe_{};
  std::string reason_;
  breaker_counts counts_;
};

} // namespace banksia
