#define CAF_SUITE supervisor
#include "tests/unit/supervision/fixture.hpp"

using namespace banksia;
using namespace banksia::supervision_test;

CAF_TEST_FIXTURE_SCOPE(supervisor_tests, supervisor_fixture)

CAF_TEST(children start in order and are published under their names) {
  for (auto path : {"store", "cycle", "scheduler"})
    add(path, doubler);
  begin();
  CAF_REQUIRE_EQUAL(starts.size(), 3u);
  CAF_CHECK_EQUAL(starts[0].first, "store");
  CAF_CHECK_EQUAL(starts[1].first, "cycle");
  CAF_CHECK_EQUAL(starts[2].first, "scheduler");
  for (auto path : {"store", "cycle", "scheduler"}) {
    CAF_CHECK_EQUAL(told(path), texts{"progress"});
    CAF_CHECK_EQUAL(ask(at(path), 5).value_or(0), 10);
    CAF_CHECK_EQUAL(board->at(path)->generation.load(), 1u);
  }
}

CAF_TEST(a crashed child is started again under the same name) {
  add("cycle", doubler);
  begin();
  auto name = names.name<doubler_actor>("cycle");
  auto first = name.get();
  crash("cycle", "out of luck");
  CAF_CHECK(name.get() != first);
  CAF_CHECK_EQUAL(name.generation(), 2u);
  CAF_CHECK_EQUAL(ask(name.get(), 8).value_or(0), 16);
  CAF_CHECK_EQUAL(told("cycle"),
                  (texts{"progress", "child_terminated", "restarted"}));
  CAF_CHECK(events[1].reason.find("out of luck") != std::string::npos);
  CAF_CHECK_EQUAL(events[1].generation, 1u);
  CAF_CHECK_EQUAL(events[2].generation, 2u);
  CAF_CHECK_EQUAL(events[2].restarts_in_period, 1u);
}

CAF_TEST(a child knows its generation when it starts) {
  add("cycle", doubler);
  begin();
  crash("cycle", "one");
  crash("cycle", "two");
  std::vector<std::pair<std::string, std::uint64_t>> expected{
    {"cycle", 1}, {"cycle", 2}, {"cycle", 3}};
  CAF_CHECK(starts == expected);
  CAF_CHECK_EQUAL(board->at("cycle")->restarts.load(), 2u);
}

CAF_TEST(the probe outlives the actor) {
  add("cycle", doubler);
  begin();
  ask(at("cycle"), 1);
  auto before = board->at("cycle")->messages.load();
  crash("cycle", "again");
  ask(at("cycle"), 1);
  CAF_CHECK_GREATER_OR_EQUAL(board->at("cycle")->messages.load(), before + 2);
}

CAF_TEST(the crash of one leaves the others alone) {
  for (auto path : {"store", "cycle", "scheduler"})
    add(path, doubler);
  begin();
  auto before = at("store");
  auto behind = at("scheduler");
  crash("cycle", "mine alone");
  CAF_CHECK(at("store") == before);
  CAF_CHECK(at("scheduler") == behind);
  CAF_CHECK_EQUAL(ends.size(), 1u);
}

CAF_TEST(a child that ends by itself is started again too) {
  add("cycle", doubler);
  begin();
  auto first = at("cycle");
  caf::anon_send_exit(first, caf::exit_reason::user_shutdown);
  sched.run();
  CAF_CHECK(at("cycle") != first);
  CAF_CHECK_EQUAL(ask(at("cycle"), 2).value_or(0), 4);
}

CAF_TEST(a down message of an old generation changes nothing) {
  add("cycle", doubler);
  begin();
  auto first = at("cycle");
  crash("cycle", "once");
  auto second = at("cycle");
  auto told_before = events.size();
  // As monitoring an actor twice brings it.
  caf::anon_send(root, caf::down_msg{first.address(),
                                     caf::exit_reason::unhandled_exception});
  sched.run();
  CAF_CHECK(at("cycle") == second);
  CAF_CHECK_EQUAL(events.size(), told_before);
  CAF_CHECK_EQUAL(starts.size(), 2u);
  CAF_CHECK_EQUAL(board->at("cycle")->restarts.load(), 1u);
}

CAF_TEST(messages the supervisor does not know do not end it) {
  add("cycle", doubler);
  begin();
  caf::anon_send(root, std::string{"hello"});
  caf::anon_send(root, caf::make_error(caf::sec::request_timeout));
  sched.run();
  crash("cycle", "still watched?");
  CAF_CHECK_EQUAL(starts.size(), 2u);
}

CAF_TEST(restarts up to the intensity are done) {
  options.intensity = 3;
  add("cycle", doubler);
  begin();
  for (int i = 0; i < 3; ++i)
    crash("cycle", "again");
  CAF_CHECK_EQUAL(starts.size(), 4u);
  CAF_CHECK(given_up.empty());
  CAF_CHECK_EQUAL(ask(at("cycle"), 2).value_or(0), 4);
  CAF_CHECK_EQUAL(events.back().restarts_in_period, 3u);
}

CAF_TEST(restarts that come too fast stop all and are told once) {
  options.intensity = 3;
  for (auto path : {"store", "cycle", "scheduler"})
    add(path, doubler);
  begin();
  std::vector<caf::actor> others{at("store"), at("scheduler")};
  for (int i = 0; i < 4; ++i)
    crash("cycle", "again and again");
  CAF_REQUIRE_EQUAL(given_up.size(), 1u);
  CAF_CHECK(given_up[0].find("cycle") != std::string::npos);
  CAF_CHECK(given_up[0].find("again and again") != std::string::npos);
  CAF_CHECK_EQUAL(told("root"), (texts{"escalated", "shutdown"}));
  // Four generations of the one, and each of the others, in reverse order.
  CAF_REQUIRE_EQUAL(ends.size(), 6u);
  CAF_CHECK_EQUAL(ends[4].first, "scheduler");
  CAF_CHECK_EQUAL(ends[5].first, "store");
  for (auto path : {"store", "cycle", "scheduler"})
    CAF_CHECK(!at(path));
  // Nothing more happens, also when time passes.
  run();
  CAF_CHECK_EQUAL(given_up.size(), 1u);
  CAF_CHECK_EQUAL(starts.size(), 6u);
}

CAF_TEST(the intensity counts the crashes of all children) {
  options.intensity = 1;
  add("store", doubler);
  add("cycle", doubler);
  begin();
  crash("store", "first");
  CAF_CHECK(given_up.empty());
  crash("cycle", "second");
  CAF_CHECK_EQUAL(given_up.size(), 1u);
}

CAF_TEST(restarts further apart than the period do not add up) {
  options.intensity = 1;
  options.period = std::chrono::seconds{10};
  add("cycle", doubler);
  begin();
  for (int i = 0; i < 20; ++i) {
    crash("cycle", "now and then");
    advance_time(std::chrono::seconds{11});
    sched.run();
  }
  CAF_CHECK(given_up.empty());
  CAF_CHECK_EQUAL(starts.size(), 21u);
  CAF_CHECK_EQUAL(events.back().restarts_in_period, 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
