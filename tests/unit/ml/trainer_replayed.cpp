#define CAF_SUITE trainer_replayed
#include "tests/unit/ml/trainer_fixture.hpp"

using namespace banksia;
using namespace banksia::ml_test;

namespace {

/// The trainer of a replay, whose market stands at the slot before the job.
struct replayed_fixture : trainer_fixture {
  std::vector<std::string> lost;

  replayed_fixture() {
    setup.replayed = replayed_training{
      3, [this](const std::string& why) { lost.push_back(why); }};
    set_time(noon - 2h);
  }

  std::string counted(const std::string& then, int fails) {
    auto tries = (place.scratch.path() / "tries").string();
    return "echo x >> " + tries + "\nif [ $(wc -l < " + tries + ") -le "
           + std::to_string(fails) + " ]; then kill -KILL $$; fi\n" + then;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(trainer_replayed_tests, replayed_fixture)

CAF_TEST(a training that is killed is begun again and does the same) {
  start(counted(trains(place.trained(1), "model-1", true), 2));
  auto answer = ask<job_record>(actor, daily());
  run_to_end();
  CAF_REQUIRE(answer->has_value());
  CAF_CHECK_EQUAL((*answer)->status, "done");
  CAF_CHECK_EQUAL(only().status, "done");
  CAF_CHECK_EQUAL(only().reason, "as the test says");
  CAF_CHECK(only().ended_at == noon);
  CAF_CHECK_EQUAL(champion(), "model-1");
  CAF_CHECK(lost.empty());
}

CAF_TEST(one that is killed each time ends the replay and nothing else) {
  start(counted("", 3));
  auto answer = ask<job_record>(actor, daily());
  for (int i = 0; i < 1000 && lost.empty(); ++i) {
    if (state().process)
      state().process->wait(50ms);
    pass(setup.look_every);
  }
  CAF_REQUIRE_EQUAL(lost.size(), 1u);
  CAF_CHECK(lost[0].find("as of 2025-07-01T02:00:00Z: its process ended with "
                         "signal 9")
            != std::string::npos);
  pass(10min);
  CAF_CHECK(!answer->has_value());
  CAF_CHECK_EQUAL(only().status, "running");
}

CAF_TEST(one that says why it failed has failed) {
  start("result '{\"status\":\"failed\",\"reason\":\"few rows\"}'; exit 1");
  auto answer = ask<job_record>(actor, daily());
  run_to_end();
  CAF_REQUIRE(answer->has_value());
  CAF_CHECK_EQUAL((*answer)->status, "failed");
  CAF_CHECK_EQUAL(only().reason, "few rows");
  CAF_CHECK(lost.empty());
}

CAF_TEST(a model that is refused each time ends the replay) {
  start("result '{\"status\":\"done\",\"model_file\":\"/none\","
        "\"model_version\":\"model-1\"}'");
  ask<job_record>(actor, daily());
  for (int i = 0; i < 1000 && lost.empty(); ++i) {
    if (state().process)
      state().process->wait(50ms);
    pass(setup.look_every);
  }
  CAF_REQUIRE_EQUAL(lost.size(), 1u);
  CAF_CHECK(lost[0].find("its model is refused") != std::string::npos);
}

CAF_TEST(a training begins with the registry of before its time) {
  place.crowned(1); // hours before noon
  auto at_noon = place.folder();
  forecast::change_order then{noon, "ml/trainer", "cut off"};
  at_noon.add(place.trained(2), then);
  at_noon.shadow("model-2", then);
  at_noon.promote("model-2", then);
  start("result '{\"status\":\"failed\",\"reason\":\"'"
        "\"$trials $(basename \"$champion\")\"'\"}'; exit 1");
  ask<job_record>(actor, daily());
  run_to_end();
  CAF_CHECK_EQUAL(only().reason, "4 model-1.model");
  CAF_CHECK_EQUAL(champion(), "model-1");
  CAF_CHECK(place.folder().read().find("model-2") == nullptr);
}

CAF_TEST(what was owed when it died waits for its job) {
  training_record owed;
  owed.training_id = std::string(32, '7');
  owed.run = "live";
  owed.cause = "schedule";
  owed.requested_at = owed.ended_at = noon;
  owed.status = "owed";
  {
    auto db = store::open_for_writing(file);
    store::ledger{db}.write(owed);
  }
  start(trains(place.trained(1), "model-1", true));
  pass(10min);
  CAF_CHECK_EQUAL(champion(), "");
  CAF_CHECK_EQUAL(only().status, "owed");
}

CAF_TEST_FIXTURE_SCOPE_END()
