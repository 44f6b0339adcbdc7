#define CAF_SUITE rate_limiter
#include "runtime/resilience/rate_limiter.hpp"

#include "runtime/resilience/splitmix.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace std::chrono_literals;

namespace {

constexpr rate_limiter::time_point start{1000s};

} // namespace

CAF_TEST(a burst goes through and then one every half second) {
  rate_limiter limiter{{.per_second = 2.0, .burst = 4.0}};
  for (int i = 0; i < 4; ++i)
    CAF_CHECK_EQUAL(limiter.take("a", start).count(), 0);
  CAF_CHECK_EQUAL(limiter.take("a", start).count(), 500);
  CAF_CHECK_EQUAL(limiter.take("a", start + 499ms).count(), 1);
  CAF_CHECK_EQUAL(limiter.take("a", start + 500ms).count(), 0);
  CAF_CHECK_EQUAL(limiter.take("a", start + 500ms).count(), 500);
  CAF_CHECK_EQUAL(limiter.delayed(), 3u);
}

CAF_TEST(hosts do not share) {
  rate_limiter limiter{{.per_second = 1.0, .burst = 1.0}};
  CAF_CHECK_EQUAL(limiter.take("a", start).count(), 0);
  CAF_CHECK_EQUAL(limiter.take("b", start).count(), 0);
  CAF_CHECK_EQUAL(limiter.take("a", start).count(), 1000);
}

CAF_TEST(a pause holds and is never shortened) {
  rate_limiter limiter;
  limiter.pause("a", start + 60s);
  limiter.pause("a", start + 10s);
  CAF_CHECK_EQUAL(limiter.take("a", start).count(), 60'000);
  CAF_CHECK_EQUAL(limiter.take("a", start + 60s).count(), 0);
}

CAF_TEST(a clock that stands still or goes back gives nothing) {
  rate_limiter limiter{{.per_second = 1.0, .burst = 1.0}};
  CAF_CHECK_EQUAL(limiter.take("a", start).count(), 0);
  CAF_CHECK_EQUAL(limiter.take("a", start - 5s).count(), 1000);
  CAF_CHECK_EQUAL(limiter.take("a", start).count(), 1000);
}

CAF_TEST(hosts are bounded and those with a pause are kept) {
  rate_limiter limiter{{.per_second = 1.0, .burst = 2.0, .hosts_max = 3}};
  limiter.pause("paused", start + 60s);
  for (int i = 0; i < 100; ++i)
    limiter.take("host" + std::to_string(i), start);
  CAF_CHECK_EQUAL(limiter.hosts(), 3u);
  CAF_CHECK_EQUAL(limiter.take("paused", start).count(), 60'000);
}

CAF_TEST(over any time no more than burst and rate and what it promises holds) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    splitmix random{seed};
    auto rate = 0.5 + static_cast<double>(random.below(40)) / 4.0;
    auto burst = 1.0 + static_cast<double>(random.below(5));
    rate_limiter limiter{{.per_second = rate, .burst = burst}};
    auto now = start;
    double taken = 0;
    for (int step = 0; step < 400; ++step) {
      auto wait = limiter.take("a", now);
      if (wait.count() == 0)
        ++taken;
      auto seconds = std::chrono::duration<double>(now - start).count();
      if (taken > burst + rate * seconds + 1e-6)
        CAF_FAIL("too many, seed " << seed);
      // Who waits as long as told, gets one.
      if (wait.count() > 0) {
        auto copy = limiter;
        if (copy.take("a", now + wait).count() > 1)
          CAF_FAIL("waited in vain, seed " << seed);
      }
      now += std::chrono::milliseconds{random.below(300)};
    }
    CAF_CHECK(taken > 0);
  }
}
