#define CAF_SUITE otp_stop
#include "tests/unit/supervision/otp.hpp"

using namespace banksia;
using namespace banksia::supervision_test;
using namespace std::chrono_literals;

namespace {

struct stop_fixture : otp_fixture {
  /// Two children of which one does not want to stop.
  void with(shutdown_rule rule, strategy how = strategy::one_for_one) {
    plans["b"].stubborn = true;
    add("a");
    add("b");
    specs[1].shutdown = rule;
    begin(how);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(otp_stop_tests, stop_fixture)

CAF_TEST(sup_stop_infinity) {
  with(shutdown_rule::infinity());
  auto end = shut_down();
  pass(1h);
  CAF_CHECK(!end->ended);
  CAF_CHECK(ended.empty());
  caf::anon_send_exit(at("b"), caf::exit_reason::kill);
  sched.run();
  CAF_CHECK(end->ended);
  CAF_CHECK_EQUAL(ended, (texts{"b", "a"}));
}

CAF_TEST(sup_stop_timeout) {
  with(shutdown_rule::after(1000ms));
  auto end = shut_down();
  pass(999ms);
  CAF_CHECK(!end->ended);
  pass(1ms);
  CAF_CHECK(end->ended);
  CAF_CHECK_EQUAL(ended, (texts{"b", "a"}));
  CAF_CHECK_EQUAL(count("shutdown", "b"), 1u);
  CAF_CHECK_EQUAL(count("shutdown", "a"), 0u);
}

CAF_TEST(sup_stop_timeout_dynamic) {
  with(shutdown_rule::after(1000ms), strategy::dynamic);
  auto end = shut_down();
  // All are asked at once.
  CAF_CHECK_EQUAL(ended, texts{"a"});
  pass(1000ms);
  CAF_CHECK(end->ended);
}

CAF_TEST(sup_stop_brutal_kill) {
  with(shutdown_rule::kill());
  auto end = shut_down();
  CAF_CHECK(end->ended);
  CAF_CHECK_EQUAL(ended, (texts{"b", "a"}));
}

CAF_TEST(sup_stop_brutal_kill_dynamic) {
  with(shutdown_rule::kill(), strategy::dynamic);
  auto end = shut_down();
  CAF_CHECK(end->ended);
  CAF_CHECK_EQUAL(ended.size(), 2u);
}

CAF_TEST(stopping while children start ends those that have started) {
  plans["b"].hang = true;
  for (auto x : {"a", "b", "c"})
    add(x);
  begin();
  auto end = shut_down();
  CAF_CHECK(end->ended);
  CAF_CHECK_EQUAL(ended, (texts{"b", "a"}));
  CAF_CHECK_EQUAL(started, (texts{"a", "b"}));
}

CAF_TEST(stopping in a pause starts nothing) {
  add("a");
  specs[0].backoff = {1s, 1s, 60s};
  options.seed = 3;
  begin();
  end("a", ending_kind::abnormal);
  auto end = shut_down();
  CAF_CHECK(end->ended);
  pass(10s);
  CAF_CHECK_EQUAL(started.size(), 1u);
}

CAF_TEST(a supervisor that is killed takes its children with it) {
  add("a");
  add("b");
  begin();
  caf::anon_send_exit(sup, caf::exit_reason::kill);
  sched.run();
  CAF_CHECK_EQUAL(ended.size(), 2u);
}

CAF_TEST(tree) {
  // root ─ [a, mid ─ [b, c]]; the middle one is restarted with its children.
  auto middle = options;
  middle.path = "mid";
  middle.intensity = 1;
  middle.give_up = nullptr;
  specs = {spec("a"),
           supervisor_child(names.slot("mid"), board,
                            {spec("b"), spec("c")}, middle, {"sup"})};
  begin();
  CAF_CHECK_EQUAL(started, (texts{"a", "b", "c"}));
  CAF_CHECK_EQUAL(counts().supervisors, 1u);
  CAF_CHECK_EQUAL(counts().workers, 1u);
  end("b", ending_kind::abnormal);
  CAF_CHECK_EQUAL(generation("mid"), 1u);
  end("b", ending_kind::abnormal);
  CAF_CHECK_EQUAL(generation("mid"), 2u);
  CAF_CHECK_EQUAL(generation("a"), 1u);
  for (auto x : {"a", "b", "c"})
    CAF_CHECK(lives(x));
  CAF_CHECK_EQUAL(count("escalated", "mid"), 1u);
  // Reports know where they come from.
  for (const auto& x : events)
    if (x.child == "b" && x.event == "child_terminated") {
      CAF_CHECK_EQUAL(x.supervisor, "mid");
      CAF_CHECK_EQUAL(x.ancestors, (texts{"mid", "sup"}));
    }
  ended.clear();
  auto end = shut_down();
  CAF_CHECK(end->ended);
  CAF_CHECK_EQUAL(ended, (texts{"c", "b", "a"}));
}

CAF_TEST(escalation climbs to the root) {
  auto middle = options;
  middle.path = "mid";
  middle.intensity = 0;
  middle.give_up = nullptr;
  options.intensity = 1;
  specs = {supervisor_child(names.slot("mid"), board, {spec("b")}, middle,
                            {"sup"})};
  begin();
  end("b", ending_kind::abnormal);
  CAF_CHECK(given_up.empty());
  end("b", ending_kind::abnormal);
  CAF_REQUIRE_EQUAL(given_up.size(), 1u);
  CAF_CHECK(given_up[0].find("mid") != std::string::npos);
  CAF_CHECK(given_up[0].find("abnormal") != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()
