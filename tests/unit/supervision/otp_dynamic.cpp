#define CAF_SUITE otp_dynamic
#include "tests/unit/supervision/otp.hpp"

using namespace banksia;
using namespace banksia::supervision_test;
using namespace std::chrono_literals;

namespace {

struct dynamic_fixture : otp_fixture {
  void several(int n, restart_type type = restart_type::permanent) {
    for (int i = 0; i < n; ++i)
      add("s" + std::to_string(i), type);
    begin(strategy::dynamic);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(otp_dynamic_tests, dynamic_fixture)

CAF_TEST(simple_one_for_one) {
  several(3);
  end("s1", ending_kind::abnormal);
  CAF_CHECK(lives("s1"));
  CAF_CHECK_EQUAL(generation("s0"), 1u);
  CAF_CHECK_EQUAL(generation("s1"), 2u);
}

CAF_TEST(child_adm_simple) {
  several(0);
  auto answer = admin(start_child{spec("s")});
  CAF_CHECK(answer.error == admin_error::none);
  CAF_CHECK(lives("s"));
  CAF_CHECK_EQUAL(counts().active, 1u);
  CAF_CHECK(admin(terminate_child{"s"}).error == admin_error::none);
  CAF_CHECK(children().empty());
  CAF_CHECK(admin(terminate_child{"s"}).error == admin_error::not_found);
}

CAF_TEST(simple_one_for_one_shutdown) {
  several(10);
  auto end = shut_down();
  CAF_CHECK(end->ended);
  CAF_CHECK_EQUAL(ended.size(), 10u);
}

CAF_TEST(simple_one_for_one_escalation) {
  // Not here: a child that exhausts its budget is parked, and the others and
  // their supervisor notice nothing.
  options.intensity = 2;
  options.park_pause = 60s;
  several(3);
  for (int i = 0; i < 3; ++i)
    end("s1", ending_kind::abnormal);
  CAF_CHECK(info("s1")->phase == child_phase::parked);
  CAF_CHECK_EQUAL(count("escalated", "s1"), 1u);
  CAF_CHECK(given_up.empty());
  CAF_CHECK(lives("s0"));
  CAF_CHECK(lives("s2"));
  // The others have budgets of their own.
  for (int i = 0; i < 2; ++i)
    end("s2", ending_kind::abnormal);
  CAF_CHECK(lives("s2"));
  pass(59'999ms);
  CAF_CHECK(info("s1")->phase == child_phase::parked);
  pass(1ms);
  CAF_CHECK(lives("s1"));
}

CAF_TEST(a parked child can be started by hand) {
  options.intensity = 0;
  several(2);
  end("s0", ending_kind::abnormal);
  CAF_CHECK(info("s0")->phase == child_phase::parked);
  CAF_CHECK(admin(restart_child{"s0"}).error == admin_error::none);
  CAF_CHECK(lives("s0"));
  pass(120s);
  CAF_CHECK_EQUAL(generation("s0"), 2u);
}

CAF_TEST(one that cannot start drags nobody along) {
  options.intensity = 3;
  plans["s1"].failures = 1000;
  several(3);
  CAF_CHECK(lives("s0"));
  CAF_CHECK(lives("s2"));
  CAF_CHECK(info("s1")->phase == child_phase::parked);
  CAF_CHECK(given_up.empty());
  plans["s1"].failures = 0;
  pass(60s);
  CAF_CHECK(lives("s1"));
}

CAF_TEST(hanging_restart_loop_simple) {
  options.intensity = 1;
  several(2);
  plans["s0"].hang = true;
  end("s0", ending_kind::abnormal);
  CAF_CHECK(info("s0")->phase == child_phase::starting);
  CAF_CHECK(lives("s1"));
  pass(30s);
  CAF_CHECK(info("s0")->phase == child_phase::parked
            || info("s0")->phase == child_phase::starting);
  auto end = shut_down();
  CAF_CHECK(end->ended);
}

CAF_TEST(sup_start_ignore_permanent_child_start_child_simple) {
  several(0);
  plans["s"].ignore = true;
  auto answer = admin(start_child{spec("s")});
  CAF_CHECK(answer.error == admin_error::none);
  CAF_CHECK(!answer.handle);
  CAF_CHECK_EQUAL(counts().active, 0u);
}

CAF_TEST(transient children that end normally are forgotten) {
  several(2, restart_type::transient);
  end("s0", ending_kind::normal);
  CAF_CHECK_EQUAL(counts().specs, 1u);
}

CAF_TEST(simple_one_for_one_scale_many_temporary_children) {
  several(0);
  for (int i = 0; i < 10'000; ++i)
    caf::anon_send(sup, start_child{spec("t" + std::to_string(i),
                                         restart_type::temporary)});
  sched.run();
  CAF_CHECK_EQUAL(counts().active, 10'000u);
  for (int i = 0; i < 10'000; i += 2)
    caf::anon_send(at("t" + std::to_string(i)), end_atom::value,
                   static_cast<std::uint8_t>(i % 4 == 0
                                               ? ending_kind::normal
                                               : ending_kind::abnormal),
                   ++endings);
  sched.run();
  CAF_CHECK_EQUAL(counts().active, 5'000u);
  CAF_CHECK_EQUAL(counts().specs, 5'000u);
  auto end = shut_down();
  CAF_CHECK(end->ended);
  CAF_CHECK_EQUAL(ended.size(), 10'000u);
}

CAF_TEST_FIXTURE_SCOPE_END()
