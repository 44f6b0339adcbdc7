#define CAF_SUITE otp_start
#include "tests/unit/supervision/otp.hpp"

using namespace banksia;
using namespace banksia::supervision_test;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(otp_start_tests, otp_fixture)

CAF_TEST(sup_start_normal) {
  begin();
  auto end = shut_down();
  CAF_CHECK(end->ended);
  CAF_CHECK(end->reason.find("user_shutdown") != std::string::npos);
}

CAF_TEST(sup_start_ignore_child) {
  plans["a"].ignore = true;
  add("a");
  add("b");
  begin();
  CAF_REQUIRE(info("a"));
  CAF_CHECK(info("a")->phase == child_phase::undefined);
  CAF_CHECK(!info("a")->handle);
  CAF_CHECK(lives("b"));
  CAF_CHECK_EQUAL(counts().specs, 2u);
  CAF_CHECK_EQUAL(counts().active, 1u);
}

CAF_TEST(sup_start_ignore_child_start_child) {
  begin();
  plans["a"].ignore = true;
  auto answer = admin(start_child{spec("a")});
  CAF_CHECK(answer.error == admin_error::none);
  CAF_CHECK(!answer.handle);
  CAF_CHECK_EQUAL(counts().specs, 1u);
  CAF_CHECK_EQUAL(counts().active, 0u);
  // It can be started later.
  plans["a"].ignore = false;
  CAF_CHECK(admin(restart_child{"a"}).error == admin_error::none);
  CAF_CHECK(lives("a"));
}

CAF_TEST(sup_start_ignore_temporary_child) {
  plans["a"].ignore = true;
  add("a", restart_type::temporary);
  add("b", restart_type::temporary);
  begin();
  CAF_CHECK_EQUAL(counts().specs, 1u);
  CAF_CHECK(lives("b"));
}

CAF_TEST(sup_start_ignore_temporary_child_start_child) {
  begin();
  plans["a"].ignore = true;
  auto answer = admin(start_child{spec("a", restart_type::temporary)});
  CAF_CHECK(answer.error == admin_error::none);
  CAF_CHECK_EQUAL(counts().specs, 0u);
}

CAF_TEST(sup_start_fail) {
  plans["b"].failures = 1;
  add("a");
  add("b");
  add("c");
  options.how = strategy::one_for_one;
  sup = start_supervisor(sys, board, specs, options);
  auto end = watch(sup);
  sched.run();
  CAF_CHECK(end->ended);
  CAF_CHECK(end->reason.find("no start for b") != std::string::npos);
  CAF_CHECK_EQUAL(started, (texts{"a", "b"}));
  CAF_CHECK_EQUAL(ended, texts{"a"});
  CAF_REQUIRE_EQUAL(given_up.size(), 1u);
  CAF_CHECK(given_up[0].find("b: its start failed") != std::string::npos);
}

CAF_TEST(sup_start_child_returns_error) {
  add("a");
  begin();
  plans["b"].failures = 1;
  auto answer = admin(start_child{spec("b")});
  CAF_CHECK(answer.error == admin_error::start_failed);
  CAF_CHECK(answer.text.find("no start for b") != std::string::npos);
  CAF_CHECK(!info("b"));
  CAF_CHECK(lives("a"));
}

CAF_TEST(an init that throws is a failed start) {
  auto broken = spec("b");
  broken.start = [](caf::actor_system& system, std::shared_ptr<probe> x) {
    return system.spawn([x](worker_self* self) -> caf::behavior {
      prepare(self, x);
      throw std::runtime_error("init says no");
    });
  };
  specs = {spec("a"), broken};
  begin();
  CAF_REQUIRE_EQUAL(given_up.size(), 1u);
  CAF_CHECK(given_up[0].find("init says no") != std::string::npos);
}

CAF_TEST(sup_start_faulty_specs) {
  auto refused = [&](std::vector<child_spec> x) {
    try {
      start_supervisor(sys, board, std::move(x), options);
    } catch (const std::invalid_argument& error) {
      return std::string{error.what()};
    }
    return std::string{};
  };
  child_spec no_name = spec("a");
  no_name.slot = nullptr;
  CAF_CHECK(refused({no_name}) != "");
  child_spec no_start = spec("a");
  no_start.start = nullptr;
  CAF_CHECK(refused({no_start}).find("no start function")
            != std::string::npos);
  CAF_CHECK(refused({spec("a"), spec("a")}).find("two children")
            != std::string::npos);
  child_spec negative = spec("a");
  negative.shutdown.limit = -1ms;
  CAF_CHECK(refused({negative}) != "");
  child_spec cap = spec("a");
  cap.backoff = {100ms, 10ms, 1s};
  CAF_CHECK(refused({cap}) != "");
  child_spec hurried = spec("a");
  hurried.ready_limit = 0ms;
  CAF_CHECK(refused({hurried}) != "");
  child_spec significant = spec("a", restart_type::transient);
  significant.significant = true;
  CAF_CHECK(refused({significant}).find("auto_shutdown") != std::string::npos);
  options.when = auto_shutdown::any_significant;
  significant.restart = restart_type::permanent;
  CAF_CHECK(refused({significant}).find("permanent") != std::string::npos);
  options.period = 0ms;
  CAF_CHECK(refused({}) != "");
  options.period = 1s;
  options.path.clear();
  CAF_CHECK(refused({}) != "");
  CAF_CHECK(started.empty());
}

CAF_TEST(children start in order each when the one before is ready) {
  plans["b"].hang = true;
  for (auto x : {"a", "b", "c"})
    add(x);
  specs[1].ready_limit = 5s;
  begin();
  CAF_CHECK_EQUAL(started, (texts{"a", "b"}));
  CAF_CHECK(info("b")->phase == child_phase::starting);
  CAF_CHECK_EQUAL(count("progress", "b"), 0u);
}

CAF_TEST(hanging_start) {
  plans["b"].hang = true;
  add("a");
  add("b");
  specs[1].ready_limit = 5s;
  begin();
  pass(4999ms);
  CAF_CHECK(given_up.empty());
  pass(1ms);
  CAF_REQUIRE_EQUAL(given_up.size(), 1u);
  CAF_CHECK(given_up[0].find("not ready in time") != std::string::npos);
  CAF_CHECK_EQUAL(std::set<std::string>(ended.begin(), ended.end()),
                  (std::set<std::string>{"a", "b"}));
}

CAF_TEST(hanging_restart_loop) {
  options.intensity = 2;
  add("a");
  specs[0].ready_limit = 1s;
  begin();
  plans["a"].hang = true;
  end("a", ending_kind::abnormal);
  CAF_CHECK_EQUAL(generation("a"), 2u);
  pass(1s);
  CAF_CHECK_EQUAL(generation("a"), 3u);
  CAF_CHECK(given_up.empty());
  // Meanwhile it answers.
  CAF_CHECK_EQUAL(counts().specs, 1u);
  pass(1s);
  CAF_REQUIRE_EQUAL(given_up.size(), 1u);
  CAF_CHECK(given_up[0].find("not ready in time") != std::string::npos);
}

CAF_TEST(hanging_restart_loop_rest_for_one) {
  options.intensity = 2;
  for (auto x : {"a", "b", "c"})
    add(x);
  specs[1].ready_limit = 1s;
  begin(strategy::rest_for_one);
  plans["b"].hang = true;
  end("b", ending_kind::abnormal);
  CAF_CHECK(lives("a"));
  CAF_CHECK(info("c")->phase == child_phase::waiting);
  plans["b"].hang = false;
  pass(1s);
  CAF_CHECK(lives("b"));
  CAF_CHECK(lives("c"));
  CAF_CHECK(given_up.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
