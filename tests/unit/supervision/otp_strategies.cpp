#define CAF_SUITE otp_strategies
#include "tests/unit/supervision/otp.hpp"

using namespace banksia;
using namespace banksia::supervision_test;
using namespace std::chrono_literals;

namespace {

struct strategy_fixture : otp_fixture {
  void three(strategy how) {
    for (auto x : {"a", "b", "c"})
      add(x);
    begin(how);
    started.clear();
  }

  /// More crashes than allowed end all children and the supervisor.
  void escalates(strategy how) {
    options.intensity = 4;
    three(how);
    auto sup_end = watch(sup);
    for (int i = 0; i < 4; ++i)
      end("b", ending_kind::abnormal);
    CAF_CHECK(!sup_end->ended);
    for (auto x : {"a", "b", "c"})
      CAF_CHECK(lives(x));
    end("b", ending_kind::abnormal);
    CAF_CHECK(sup_end->ended);
    CAF_CHECK(sup_end->reason.find("gave up") != std::string::npos);
    CAF_REQUIRE_EQUAL(given_up.size(), 1u);
    CAF_CHECK(given_up[0].find("b: ") != std::string::npos);
    for (auto x : {"a", "b", "c"})
      CAF_CHECK(!at(x));
    CAF_CHECK_EQUAL(count("escalated", "sup"), 1u);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(otp_strategy_tests, strategy_fixture)

CAF_TEST(one_for_one) {
  three(strategy::one_for_one);
  end("b", ending_kind::abnormal);
  CAF_CHECK_EQUAL(started, texts{"b"});
  CAF_CHECK_EQUAL(ended, texts{"b"});
}

CAF_TEST(one_for_one_escalation) {
  escalates(strategy::one_for_one);
}

CAF_TEST(one_for_all) {
  three(strategy::one_for_all);
  end("b", ending_kind::abnormal);
  CAF_CHECK_EQUAL(ended, (texts{"b", "c", "a"}));
  CAF_CHECK_EQUAL(started, (texts{"a", "b", "c"}));
  for (auto x : {"a", "b", "c"})
    CAF_CHECK(lives(x));
  CAF_CHECK_EQUAL(events.back().restarts_in_period, 1u);
}

CAF_TEST(one_for_all_escalation) {
  escalates(strategy::one_for_all);
}

CAF_TEST(one_for_all_other_child_fails_restart) {
  // b dies; a cannot be started again at once: everything is tried anew.
  three(strategy::one_for_all);
  plans["a"].failures = 1;
  end("b", ending_kind::abnormal);
  CAF_CHECK_EQUAL(started, (texts{"a", "a", "b", "c"}));
  for (auto x : {"a", "b", "c"})
    CAF_CHECK(lives(x));
  plans["c"].failures = 1;
  started.clear();
  ended.clear();
  end("b", ending_kind::abnormal);
  CAF_CHECK_EQUAL(started, (texts{"a", "b", "c", "a", "b", "c"}));
  CAF_CHECK_EQUAL(ended, (texts{"b", "c", "a", "b", "a"}));
  for (auto x : {"a", "b", "c"})
    CAF_CHECK(lives(x));
}

CAF_TEST(rest_for_one) {
  three(strategy::rest_for_one);
  end("b", ending_kind::abnormal);
  CAF_CHECK_EQUAL(ended, (texts{"b", "c"}));
  CAF_CHECK_EQUAL(started, (texts{"b", "c"}));
  CAF_CHECK_EQUAL(generation("a"), 1u);
  started.clear();
  end("c", ending_kind::abnormal);
  CAF_CHECK_EQUAL(started, texts{"c"});
  started.clear();
  end("a", ending_kind::abnormal);
  CAF_CHECK_EQUAL(started, (texts{"a", "b", "c"}));
}

CAF_TEST(rest_for_one_escalation) {
  escalates(strategy::rest_for_one);
}

CAF_TEST(rest_for_one_other_child_fails_restart) {
  three(strategy::rest_for_one);
  plans["c"].failures = 1;
  end("b", ending_kind::abnormal);
  // c's failure concerns c and those after it alone.
  CAF_CHECK_EQUAL(started, (texts{"b", "c", "c"}));
  for (auto x : {"a", "b", "c"})
    CAF_CHECK(lives(x));
}

CAF_TEST(what was stopped on purpose stays stopped when its group restarts) {
  three(strategy::one_for_all);
  admin(terminate_child{"c"});
  end("a", ending_kind::abnormal);
  CAF_CHECK_EQUAL(started, (texts{"a", "b"}));
  CAF_CHECK(!at("c"));
}

CAF_TEST(two that die together are one restart of the group) {
  three(strategy::one_for_all);
  for (auto x : {"a", "c"})
    caf::anon_send(at(x), end_atom::value,
                   static_cast<std::uint8_t>(ending_kind::abnormal),
                   ++endings);
  sched.run();
  for (auto x : {"a", "b", "c"}) {
    CAF_CHECK(lives(x));
    CAF_CHECK_EQUAL(generation(x), 2u);
  }
  CAF_CHECK(given_up.empty());
}

CAF_TEST(a group waits for its pause together) {
  options.seed = 5;
  for (auto x : {"a", "b", "c"})
    add(x);
  for (auto& x : specs)
    x.backoff = {10s, 10s, 60s};
  begin(strategy::rest_for_one);
  started.clear();
  end("b", ending_kind::abnormal);
  CAF_CHECK(started.empty());
  CAF_CHECK(lives("a"));
  CAF_CHECK(info("c")->phase == child_phase::waiting);
  // One before them dies in the pause: its group waits anew.
  end("a", ending_kind::abnormal);
  pass(20s);
  CAF_CHECK_EQUAL(started, (texts{"a", "b", "c"}));
}

CAF_TEST(restarts in a shorter period than the intensity allows add up) {
  options.intensity = 2;
  options.period = 10s;
  three(strategy::one_for_one);
  for (int i = 0; i < 10; ++i) {
    end("a", ending_kind::abnormal);
    pass(6s);
  }
  CAF_CHECK(given_up.empty());
  end("a", ending_kind::abnormal);
  end("b", ending_kind::abnormal);
  CAF_CHECK_EQUAL(given_up.size(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
