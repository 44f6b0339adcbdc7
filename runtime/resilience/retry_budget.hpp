#pragma once

/// Whether a failed call is tried again, and when. Pure: no clock.

#include "runtime/resilience/backoff.hpp"
#include "runtime/resilience/splitmix.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace banksia {

struct retry_rule {
  backoff_rule pause = backoff_rule::usual();
  std::uint32_t attempts_max = 3; ///< of one call, the first one included
  /// A longer Retry-After is cut to this.
  std::chrono::milliseconds retry_after_max{300'000};
  /// Retries all calls of a feed may make in a row; each costs one, each
  /// success gives `earned` back. A feed that is down is so asked once a call,
  /// not three times. https://github.com/grpc/proposal/blob/master/A6-client-retries.md
  double tokens_max = 10.0;
  double earned = 0.1;
};

enum class retry_refusal : std::uint8_t {
  none = 0,
  not_idempotent = 1, ///< it may have been done already
  attempts_spent = 2,
  budget_spent = 3, ///< the feed fails too often
};

/// "", "not_idempotent", "attempts_spent", "budget_spent".
std::string_view to_string(retry_refusal x) noexcept;

/// A call that failed.
struct failed_attempt {
  std::uint32_t attempt = 1; ///< 1: the first try
  bool idempotent = true;
  /// What the other side asked for (`parse_retry_after`).
  std::optional<std::chrono::milliseconds> retry_after;
};

struct retry_decision {
  retry_refusal refusal = retry_refusal::none;
  std::chrono::milliseconds pause{0}; ///< before the next try

  bool again() const noexcept { return refusal == retry_refusal::none; }
};

/// One for each feed. Not thread-safe.
class retry_budget {
public:
  explicit retry_budget(retry_rule rule = {}, std::uint64_t seed = 0);

  /// The pause is random between zero and the longest one of the backoff rule,
  /// added to what the other side asked for.
  retry_decision failed(const failed_attempt& of);

  void succeeded() noexcept;

  double tokens() const noexcept { return tokens_; }

private:
  retry_rule rule_;
  splitmix random_;
  double tokens_;
};

/// A Retry-After header: seconds, or one of the three HTTP dates
/// (RFC 9110, 5.6.7 and 10.2.3), as a pause from `now` on, at least 0. Nothing
/// where it is neither.
std::optional<std::chrono::milliseconds>
parse_retry_after(std::string_view text, std::chrono::sys_seconds now);

/// An HTTP date: "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37
/// GMT" or "Sun Nov  6 08:49:37 1994". Two digits of a year mean one at most 50
/// years after `now`.
std::optional<std::chrono::sys_seconds>
parse_http_date(std::string_view text, std::chrono::sys_seconds now);

} // namespace banksia
