#define CAF_SUITE circuit_breaker
#include "runtime/resilience/circuit_breaker.hpp"

#include "runtime/resilience/splitmix.hpp"

#include "caf/test/unit_test.hpp"

#include <vector>

using namespace banksia;
using namespace std::chrono_literals;

namespace {

/// A breaker with a clock that the test moves.
struct fixture {
  explicit fixture(breaker_rule rule = {}) : breaker(rule) {}

  circuit_breaker::time_point now{1000s};
  circuit_breaker breaker;

  bool call(bool well) {
    auto permit = breaker.allow(now);
    if (permit && well)
      breaker.succeeded(*permit, now);
    else if (permit)
      breaker.failed(*permit, now, "connection refused");
    return permit.has_value();
  }

  void fail(int times) {
    for (int i = 0; i < times; ++i)
      call(false);
  }

  breaker_state state() const { return breaker.state(now); }
};

} // namespace

CAF_TEST(nine failures leave it closed and the tenth opens it) {
  fixture f;
  f.fail(9);
  CAF_CHECK(f.state() == breaker_state::closed);
  f.fail(1);
  CAF_CHECK(f.state() == breaker_state::open);
  CAF_CHECK_EQUAL(f.breaker.reason(), "connection refused");
  CAF_CHECK(!f.call(true));
  CAF_CHECK_EQUAL(f.breaker.counts().refused, 1u);
  CAF_CHECK_EQUAL(f.breaker.counts().opened, 1u);
}

CAF_TEST(half of the window opens it and less does not) {
  fixture f;
  for (int i = 0; i < 11; ++i)
    f.call(true);
  f.fail(9); // 9 of 20
  CAF_CHECK(f.state() == breaker_state::closed);
  f.fail(1); // 10 of 20: the oldest success is forgotten
  CAF_CHECK(f.state() == breaker_state::open);
}

CAF_TEST(old failures are forgotten) {
  fixture f;
  f.fail(9);
  for (int i = 0; i < 20; ++i)
    f.call(true);
  CAF_CHECK_EQUAL(f.breaker.failures_in_window(), 0u);
  f.fail(9);
  CAF_CHECK(f.state() == breaker_state::closed);
}

CAF_TEST(three good probes close it) {
  fixture f;
  f.fail(10);
  f.now += 29'999ms;
  CAF_CHECK(f.state() == breaker_state::open);
  CAF_CHECK(*f.breaker.retry_at(f.now) == f.now + 1ms);
  CAF_CHECK(!f.call(true));
  f.now += 1ms;
  CAF_CHECK(f.state() == breaker_state::half_open);
  CAF_CHECK(f.call(true));
  CAF_CHECK(f.call(true));
  CAF_CHECK(f.state() == breaker_state::half_open);
  CAF_CHECK(f.call(true));
  CAF_CHECK(f.state() == breaker_state::closed);
  f.fail(9); // with a window of its own
  CAF_CHECK(f.state() == breaker_state::closed);
}

CAF_TEST(no more than three probes at a time) {
  fixture f;
  f.fail(10);
  f.now += 30s;
  std::vector<circuit_breaker::permit> out;
  for (int i = 0; i < 3; ++i)
    out.push_back(f.breaker.allow(f.now).value());
  CAF_CHECK(!f.breaker.allow(f.now));
  f.breaker.withdrawn(out[0], f.now);
  CAF_CHECK(f.breaker.allow(f.now));
  CAF_CHECK(!f.breaker.allow(f.now));
}

CAF_TEST(one failed probe opens it again) {
  fixture f;
  f.fail(10);
  f.now += 30s;
  f.call(true);
  f.call(false);
  CAF_CHECK(f.state() == breaker_state::open);
  CAF_CHECK_EQUAL(f.breaker.counts().opened, 2u);
  f.now += 30s;
  CAF_CHECK(f.state() == breaker_state::half_open);
}

CAF_TEST(a probe that is never answered counts as failed) {
  fixture f;
  f.fail(10);
  f.now += 30s;
  for (int i = 0; i < 3; ++i)
    CAF_CHECK(f.breaker.allow(f.now));
  f.now += 30s;
  CAF_CHECK(f.state() == breaker_state::open);
  CAF_CHECK(*f.breaker.retry_at(f.now) == f.now + 30s);
  CAF_CHECK(!f.call(true));
  CAF_CHECK_EQUAL(f.breaker.reason(), "a probe was never answered");
  f.now += 30s;
  CAF_CHECK(f.call(true));
  CAF_CHECK(f.state() == breaker_state::half_open);
}

CAF_TEST(results of calls from before do not count) {
  fixture f;
  auto early = f.breaker.allow(f.now).value();
  f.fail(10);
  f.now += 30s;
  f.breaker.failed(early, f.now, "late");
  CAF_CHECK(f.state() == breaker_state::half_open);
  CAF_CHECK_EQUAL(f.breaker.counts().stale, 1u);
  f.breaker.succeeded(early, f.now);
  CAF_CHECK(f.call(true) && f.call(true));
  CAF_CHECK(f.state() == breaker_state::half_open);
}

CAF_TEST(rules that cannot work are refused) {
  CAF_CHECK(!problem_of(breaker_rule{}));
  CAF_CHECK(problem_of({.window = 0}));
  CAF_CHECK(problem_of({.window = 5, .minimum = 6}));
  CAF_CHECK(problem_of({.failure_share = 0.0}));
  CAF_CHECK(problem_of({.failure_share = 1.5}));
  CAF_CHECK(problem_of({.open_for = 0ms}));
  CAF_CHECK(problem_of({.probes = 0}));
}

CAF_TEST(what must hold under any course of events) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    splitmix random{seed};
    breaker_rule rule{.window = static_cast<std::uint32_t>(4 + random.below(20)),
                      .minimum = 3,
                      .failure_share = 0.5,
                      .open_for = 1000ms,
                      .probes = static_cast<std::uint32_t>(1 + random.below(3))};
    fixture f{rule};
    std::vector<circuit_breaker::permit> out;
    for (int step = 0; step < 300; ++step) {
      f.now += std::chrono::milliseconds{random.below(400)};
      auto before = f.state();
      if (out.empty() || random.chance(0.5)) {
        auto permit = f.breaker.allow(f.now);
        // Open refuses, closed allows.
        if (before == breaker_state::open && permit)
          CAF_FAIL("open, yet allowed, seed " << seed);
        if (before == breaker_state::closed && !permit)
          CAF_FAIL("closed, yet refused, seed " << seed);
        if (permit)
          out.push_back(*permit);
      } else {
        auto i = random.below(out.size());
        auto failures = f.breaker.failures_in_window();
        auto good = random.chance(0.4);
        if (good)
          f.breaker.succeeded(out[i], f.now);
        else
          f.breaker.failed(out[i], f.now, "x");
        out.erase(out.begin() + static_cast<std::ptrdiff_t>(i));
        auto after = f.state();
        if (good && before == breaker_state::closed
            && (after != before || f.breaker.failures_in_window() > failures))
          CAF_FAIL("a success did harm, seed " << seed);
        if (before == breaker_state::open && after == breaker_state::closed)
          CAF_FAIL("closed without a probe, seed " << seed);
      }
      // It always comes back: after two pauses a call is allowed.
      auto copy = f.breaker;
      if (!copy.allow(f.now + 2 * rule.open_for))
        CAF_FAIL("stuck, seed " << seed);
    }
    auto& counts = f.breaker.counts();
    CAF_CHECK(counts.opened > 0);
    CAF_CHECK(counts.stale <= counts.succeeded + counts.failed);
  }
}
