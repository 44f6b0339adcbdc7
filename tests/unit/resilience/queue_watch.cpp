#define CAF_SUITE queue_watch
#include "runtime/resilience/queue_watch.hpp"

#include "caf/test/unit_test.hpp"

#include <deque>

using namespace banksia;
using namespace std::chrono_literals;

namespace {

/// A queue that is worked off one after the other, with a clock that the test
/// moves. Rule: 200 ms, for at most 1 s, at most 512.
struct fixture {
  queue_watch::time_point now{1000s};
  queue_watch queue;
  std::deque<queue_watch::place> places;

  queue_refusal enter() {
    queue_watch::place place = 0;
    auto why = queue.enter(now, place);
    if (why == queue_refusal::none)
      places.push_back(place);
    return why;
  }

  std::chrono::nanoseconds begin() {
    auto place = places.front();
    places.pop_front();
    return queue.begin(place, now);
  }
};

} // namespace

CAF_TEST(a rule that cannot work is refused) {
  CAF_CHECK(!problem_of(queue_rule{}));
  CAF_CHECK_EQUAL(problem_of({0ms, 1s, 1}).value_or(""),
                  "target: must be more than 0 ms");
  CAF_CHECK_EQUAL(problem_of({2s, 1s, 1}).value_or(""),
                  "interval: must be at least the target");
  CAF_CHECK_EQUAL(problem_of({1s, 1s, 0}).value_or(""),
                  "waiting_max: must be at least 1");
}

CAF_TEST(a job waits from when it came until it comes up) {
  fixture f;
  CAF_CHECK(f.enter() == queue_refusal::none);
  f.now += 30ms;
  CAF_CHECK(f.queue.oldest(f.now) == 30ms);
  CAF_CHECK(f.begin() == 30ms);
  CAF_CHECK_EQUAL(f.queue.waiting(), 0u);
  CAF_CHECK(f.queue.oldest(f.now) == 0ms);
}

CAF_TEST(a burst that is worked off is taken whole) {
  fixture f;
  for (int i = 0; i < 200; ++i)
    CAF_CHECK(f.enter() == queue_refusal::none);
  // 4 ms each: the last waits 800 ms, which is less than an interval.
  while (!f.places.empty()) {
    f.now += 4ms;
    f.begin();
    CAF_CHECK(!f.queue.is_standing(f.now));
  }
  CAF_CHECK(f.enter() == queue_refusal::none);
}

CAF_TEST(a queue that stands is refused until it is short again) {
  fixture f;
  // 50 ms each, and two new ones for each that is done.
  auto refused = 0, taken = 0;
  for (int i = 0; i < 200; ++i) {
    for (int j = 0; j < 2; ++j)
      (f.enter() == queue_refusal::none ? taken : refused) += 1;
    f.now += 50ms;
    f.begin();
  }
  CAF_CHECK_GREATER(refused, 190);
  CAF_CHECK_GREATER(taken, 190); // there was always enough to do
  // Those that are taken wait for the four before them.
  CAF_CHECK(f.queue.oldest(f.now) <= 200ms);
  while (!f.places.empty()) {
    f.now += 50ms;
    f.begin();
  }
  CAF_CHECK(f.enter() == queue_refusal::none);
}

CAF_TEST(a job that holds up all others is noticed) {
  fixture f;
  CAF_CHECK(f.enter() == queue_refusal::none);
  f.begin(); // and it does not end
  CAF_CHECK(f.enter() == queue_refusal::none);
  f.now += 1199ms;
  CAF_CHECK(f.enter() == queue_refusal::none);
  f.now += 1ms;
  CAF_CHECK(f.enter() == queue_refusal::standing);
  f.begin();
  f.begin();
  CAF_CHECK(f.enter() == queue_refusal::none);
}

CAF_TEST(no more than so many wait) {
  fixture f;
  for (std::size_t i = 0; i < queue_rule{}.waiting_max; ++i)
    CAF_CHECK(f.enter() == queue_refusal::none);
  CAF_CHECK(f.enter() == queue_refusal::full);
  f.begin();
  CAF_CHECK(f.enter() == queue_refusal::none);
}

CAF_TEST(what fell with its actor does not wait any more) {
  fixture f;
  f.enter();
  f.now += 10s;
  CAF_CHECK(f.enter() == queue_refusal::standing);
  f.queue.abandon(f.places.front());
  CAF_CHECK(f.enter() == queue_refusal::none);
  // Whatever is said of it afterwards means nothing.
  CAF_CHECK(f.queue.begin(f.places.front(), f.now) == 0ns);
  CAF_CHECK_EQUAL(f.queue.waiting(), 1u);
}

CAF_TEST(refusals have names) {
  CAF_CHECK_EQUAL(to_string(queue_refusal::none), "");
  CAF_CHECK_EQUAL(to_string(queue_refusal::full), "full");
  CAF_CHECK_EQUAL(to_string(queue_refusal::standing), "standing");
}
