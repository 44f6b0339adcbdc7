#define CAF_SUITE process_restarts

#include "runtime/process/restart_policy.hpp"

#include "caf/test/unit_test.hpp"

#include <csignal>
#include <vector>

using namespace banksia::process;
using namespace std::chrono_literals;
using kind = restart_decision::kind;

namespace {

constexpr process_exit crashed{-1, SIGSEGV};

struct fixture {
  restart_policy::time_point now;
  double unit = 0.5;
  restart_limits limits;
  restart_policy policy{limits, [this] { return unit; }};

  /// What is decided after a run of that length.
  restart_decision after(std::chrono::milliseconds run,
                         std::optional<process_exit> exit = crashed) {
    auto started = now;
    now += run;
    return policy.ended(exit, started, now);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(process_restarts, fixture)

CAF_TEST(a code it meant is passed on) {
  for (auto code : {0, 2, 65, 69, 70, 78})
    CAF_CHECK(after(1s, process_exit{code, 0}).what == kind::pass_on);
}

CAF_TEST(any other end is followed by a start) {
  for (const auto& exit :
       {process_exit{75, 0}, process_exit{1, 0}, process_exit{127, 0}, crashed,
        process_exit{}})
    CAF_CHECK(after(1s, exit).what == kind::start_again);
  CAF_CHECK(after(1s, std::nullopt).what == kind::start_again);
}

CAF_TEST(the first restart is at once and later ones back off with jitter) {
  std::vector<std::int64_t> delays;
  for (int i = 0; i < 6; ++i)
    delays.push_back(after(0s).delay.count());
  CAF_CHECK_EQUAL(delays,
                  (std::vector<std::int64_t>{0, 100, 200, 400, 800, 1600}));
  unit = 0;
  CAF_CHECK(after(0s).delay == 0ms);
}

CAF_TEST(a delay never exceeds its cap) {
  limits.intensity = 1000;
  policy = restart_policy{limits, [this] { return unit; }};
  unit = 0.9999999;
  std::chrono::milliseconds longest{0};
  for (int i = 0; i < 100; ++i)
    longest = std::max(longest, after(1s).delay);
  CAF_CHECK(longest == 29999ms);
}

CAF_TEST(after a healthy run the next restart is the first again) {
  after(0s);
  CAF_CHECK(after(0s).delay == 100ms);
  CAF_CHECK(after(59999ms).delay == 200ms);
  CAF_CHECK(after(60s).delay == 0ms);
  CAF_CHECK(after(0s).delay == 100ms);
}

CAF_TEST(one that could not be started was not healthy) {
  after(0s);
  CAF_CHECK(after(60s, std::nullopt).delay == 100ms);
}

CAF_TEST(more than ten restarts in a minute are too many) {
  for (int i = 0; i < 10; ++i)
    CAF_CHECK(after(1s).what == kind::start_again);
  CAF_CHECK(after(1s).what == kind::give_up);
}

CAF_TEST(restarts are forgotten after a minute) {
  for (int i = 0; i < 100; ++i)
    CAF_CHECK(after(6100ms).what == kind::start_again);
}

CAF_TEST(a code it meant is passed on also after many restarts) {
  for (int i = 0; i < 10; ++i)
    after(1s);
  CAF_CHECK(after(1s, process_exit{0, 0}).what == kind::pass_on);
}

CAF_TEST_FIXTURE_SCOPE_END()
