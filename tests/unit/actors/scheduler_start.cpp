#define CAF_SUITE scheduler_start
#include "tests/unit/actors/scheduler_fixture.hpp"

using namespace banksia;
using namespace banksia::actors_test;

CAF_TEST_FIXTURE_SCOPE(scheduler_start_tests, scheduler_fixture)

CAF_TEST(a change of a listing counts from behind all that was evaluated) {
  auto plan = std::make_shared<const run_plan>(make_plan());
  listed = std::make_shared<roster>(plan, listings{plan->symbols});
  // A life before was killed before it could mark how far it had come.
  memory.last_ended_slot = at("2025-06-30T05:00:00Z");
  memory.market_time = at("2025-06-30T05:30:00Z");
  memory.evaluated_until = at("2025-06-30T23:30:00Z");
  start();
  CAF_CHECK(listed->begin_change() > memory.evaluated_until);
}

CAF_TEST(a change of a listing counts from behind the start of the clock) {
  auto plan = std::make_shared<const run_plan>(make_plan());
  listed = std::make_shared<roster>(plan, listings{plan->symbols});
  memory.last_ended_slot = at("2025-06-30T05:00:00Z");
  start();
  CAF_CHECK(listed->begin_change() > wall);
}

CAF_TEST_FIXTURE_SCOPE_END()
