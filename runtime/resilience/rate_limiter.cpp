#include "runtime/resilience/rate_limiter.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace banksia {

using std::chrono::milliseconds;

rate_limiter::rate_limiter(rate_rule rule) : rule_(rule) {
  assert(rule_.per_second > 0.0 && rule_.burst >= 1.0 && rule_.hosts_max > 0);
}

void rate_limiter::fill(bucket& x, time_point now) const {
  if (now <= x.filled)
    return;
  auto gone = std::chrono::duration<double>(now - x.filled).count();
  x.tokens = std::min(rule_.burst, x.tokens + gone * rule_.per_second);
  x.filled = now;
}

/// A full bucket without a pause is as good as a new one.
void rate_limiter::forget_one(time_point now) {
  auto best = buckets_.begin();
  for (auto i = buckets_.begin(); i != buckets_.end(); ++i) {
    fill(i->second, now);
    auto rank = [now](const bucket& x) {
      return std::pair{x.paused_until <= now, x.tokens};
    };
    if (rank(i->second) > rank(best->second))
      best = i;
  }
  buckets_.erase(best);
}

rate_limiter::bucket& rate_limiter::at(const std::string& host,
                                       time_point now) {
  if (auto found = buckets_.find(host); found != buckets_.end())
    return found->second;
  if (buckets_.size() >= rule_.hosts_max)
    forget_one(now);
  return buckets_.emplace(host, bucket{rule_.burst, now, {}}).first->second;
}

milliseconds rate_limiter::take(const std::string& host, time_point now) {
  auto& x = at(host, now);
  fill(x, now);
  auto wait = milliseconds{0};
  if (x.paused_until > now)
    wait = std::chrono::ceil<milliseconds>(x.paused_until - now);
  if (x.tokens < 1.0) {
    auto missing_ms = (1.0 - x.tokens) / rule_.per_second * 1000.0;
    wait = std::max(wait,
                    milliseconds{static_cast<std::int64_t>(
                                   std::ceil(std::min(missing_ms, 1e12) - 1e-6))});
    // The sum of many fractions may fall short by a rounding error.
    wait = std::max(wait, milliseconds{1});
  }
  if (wait.count() > 0)
    ++delayed_;
  else
    x.tokens -= 1.0;
  return wait;
}

void rate_limiter::pause(const std::string& host, time_point until) {
  auto& x = at(host, until);
  x.paused_until = std::max(x.paused_until, until);
}

} // namespace banksia
