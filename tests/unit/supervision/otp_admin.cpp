#define CAF_SUITE otp_admin
#include "tests/unit/supervision/otp.hpp"

using namespace banksia;
using namespace banksia::supervision_test;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(otp_admin_tests, otp_fixture)

CAF_TEST(child_adm) {
  begin();
  // Start.
  auto answer = admin(start_child{spec("a")});
  CAF_CHECK(answer.error == admin_error::none);
  CAF_CHECK(answer.handle == at("a"));
  auto twice = admin(start_child{spec("a")});
  CAF_CHECK(twice.error == admin_error::already_started);
  CAF_CHECK(twice.handle == at("a"));
  CAF_CHECK(admin(restart_child{"a"}).error == admin_error::running);
  CAF_CHECK(admin(delete_child{"a"}).error == admin_error::running);
  // Terminate.
  CAF_CHECK(admin(terminate_child{"a"}).error == admin_error::none);
  CAF_CHECK(!at("a"));
  CAF_CHECK_EQUAL(ended, texts{"a"});
  CAF_CHECK(info("a")->phase == child_phase::undefined);
  CAF_CHECK(admin(terminate_child{"a"}).error == admin_error::none);
  CAF_CHECK(admin(start_child{spec("a")}).error
            == admin_error::already_present);
  // Restart.
  auto again = admin(restart_child{"a"});
  CAF_CHECK(again.error == admin_error::none);
  CAF_CHECK(again.handle == at("a"));
  CAF_CHECK(lives("a"));
  // Delete.
  admin(terminate_child{"a"});
  CAF_CHECK(admin(delete_child{"a"}).error == admin_error::none);
  CAF_CHECK(children().empty());
  CAF_CHECK(admin(delete_child{"a"}).error == admin_error::not_found);
  CAF_CHECK(admin(restart_child{"a"}).error == admin_error::not_found);
  CAF_CHECK(admin(terminate_child{"a"}).error == admin_error::not_found);
}

CAF_TEST(child_specs) {
  begin();
  auto faulty = spec("a");
  faulty.start = nullptr;
  auto answer = admin(start_child{faulty});
  CAF_CHECK(answer.error == admin_error::faulty_spec);
  CAF_CHECK(answer.text.find("no start function") != std::string::npos);
  CAF_CHECK(children().empty());
}

CAF_TEST(which_children) {
  add("a");
  add("b", restart_type::transient);
  begin();
  end("b", ending_kind::abnormal);
  auto list = children();
  CAF_REQUIRE_EQUAL(list.size(), 2u);
  CAF_CHECK_EQUAL(list[0].path, "a");
  CAF_CHECK_EQUAL(list[0].restarts, 0u);
  CAF_CHECK_EQUAL(list[1].path, "b");
  CAF_CHECK(list[1].restart == restart_type::transient);
  CAF_CHECK_EQUAL(list[1].restarts, 1u);
  CAF_CHECK_EQUAL(list[1].generation, 2u);
  CAF_CHECK(list[1].handle == at("b"));
}

CAF_TEST(count_children) {
  add("a");
  add("b", restart_type::transient);
  begin();
  CAF_CHECK_EQUAL(counts().active, 2u);
  end("b", ending_kind::normal);
  CAF_CHECK_EQUAL(counts().specs, 2u);
  CAF_CHECK_EQUAL(counts().active, 1u);
  CAF_CHECK_EQUAL(counts().workers, 2u);
}

CAF_TEST(count_restarting_children) {
  add("a");
  specs[0].backoff = {10s, 10s, 60s};
  options.seed = 2;
  begin();
  end("a", ending_kind::abnormal);
  CAF_CHECK(info("a")->phase == child_phase::waiting);
  CAF_CHECK_EQUAL(counts().specs, 1u);
  CAF_CHECK_EQUAL(counts().active, 0u);
  CAF_CHECK(admin(restart_child{"a"}).error == admin_error::restarting);
  CAF_CHECK(admin(delete_child{"a"}).error == admin_error::restarting);
  CAF_CHECK(admin(start_child{spec("a")}).error
            == admin_error::already_started);
  // A child that waits can be told not to come back.
  CAF_CHECK(admin(terminate_child{"a"}).error == admin_error::none);
  pass(20s);
  CAF_CHECK_EQUAL(started.size(), 1u);
  CAF_CHECK(info("a")->phase == child_phase::undefined);
}

CAF_TEST(do_not_save_child_specs_for_temporary_children) {
  add("a", restart_type::temporary);
  begin();
  admin(terminate_child{"a"});
  CAF_CHECK(children().empty());
  CAF_CHECK(admin(restart_child{"a"}).error == admin_error::not_found);
}

CAF_TEST(a restart by hand that fails is told and changes nothing) {
  add("a");
  begin();
  admin(terminate_child{"a"});
  plans["a"].failures = 1;
  auto answer = admin(restart_child{"a"});
  CAF_CHECK(answer.error == admin_error::start_failed);
  CAF_CHECK(info("a")->phase == child_phase::undefined);
  CAF_CHECK(given_up.empty());
  CAF_CHECK(admin(restart_child{"a"}).error == admin_error::none);
}

CAF_TEST(a child that is added again and cannot start is not kept either) {
  begin();
  admin(start_child{spec("a")});
  admin(terminate_child{"a"});
  admin(delete_child{"a"});
  plans["a"].failures = 1;
  // Its name has had an actor before, so it is not of the first generation.
  CAF_CHECK(admin(start_child{spec("a")}).error == admin_error::start_failed);
  CAF_CHECK(children().empty());
}

CAF_TEST(what is asked during a start is done after it) {
  plans["b"].hang = true;
  add("a");
  add("b");
  specs[1].ready_limit = 5s;
  plans["b"].hang = true;
  begin();
  std::optional<admin_answer> answer;
  auto target = sup;
  auto wanted = spec("c");
  sys.spawn([&answer, target, wanted](caf::event_based_actor* asker) {
    asker->request(target, 3600s, start_child{wanted})
      .then([&answer](const admin_answer& x) { answer = x; });
  });
  sched.run();
  CAF_CHECK(!answer);
  pass(5s); // b hangs: the supervisor gives up
  CAF_REQUIRE(answer.has_value());
  CAF_CHECK(answer->error == admin_error::stopping);
}

CAF_TEST(every error has a name) {
  for (auto x : {admin_error::none, admin_error::already_started,
                 admin_error::already_present, admin_error::not_found,
                 admin_error::running, admin_error::restarting,
                 admin_error::start_failed, admin_error::faulty_spec,
                 admin_error::stopping})
    CAF_CHECK(to_string(x) != "?");
  for (auto x : {child_phase::undefined, child_phase::starting,
                 child_phase::running, child_phase::stopping,
                 child_phase::waiting, child_phase::parked})
    CAF_CHECK(to_string(x) != "?");
}

CAF_TEST_FIXTURE_SCOPE_END()
