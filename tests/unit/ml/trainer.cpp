#define CAF_SUITE trainer
#include "tests/unit/ml/trainer_fixture.hpp"

#include <sys/stat.h>

#include <csignal>

using namespace banksia;
using namespace banksia::ml_test;

namespace {

constexpr auto hangs = "say fitting 0.5; while :; do sleep 1000; done";

} // namespace

CAF_TEST_FIXTURE_SCOPE(trainer_tests, trainer_fixture)

CAF_TEST(a training ends in a model that shadows and a stored record) {
  start(trains(place.trained(1), "model-1", false));
  auto owed = train();
  CAF_REQUIRE(owed->has_value());
  CAF_CHECK_EQUAL((*owed)->status, "owed");
  CAF_CHECK_EQUAL(only().training_id, (*owed)->training_id);
  run_to_end();
  auto x = only();
  CAF_CHECK_EQUAL(x.status, "done");
  CAF_CHECK_EQUAL(x.cause, "operator");
  CAF_CHECK(x.requested_at == noon);
  CAF_CHECK(x.ended_at == noon + 10min);
  CAF_CHECK_EQUAL(x.model_version, "model-1");
  CAF_CHECK(!x.promoted);
  CAF_CHECK_EQUAL(x.reason, "as the test says");
  CAF_CHECK_EQUAL(x.report, "{\"ece\":0.03}");
  CAF_CHECK_EQUAL(x.progress.value(), 1.0);
  CAF_CHECK_EQUAL(champion(), "");
  CAF_REQUIRE_EQUAL(models().size(), 1u);
  CAF_CHECK_EQUAL(std::string{models()[0].status}, "shadow");
  CAF_CHECK(models()[0].manifest.find("model-1") != std::string::npos);
  CAF_CHECK_EQUAL(gate->count<wire::reload_atom>(), 1u);
  CAF_CHECK(health().state == health_state::healthy);
  CAF_CHECK(!std::filesystem::exists(place.root / "trainings"
                                     / x.training_id));
}

CAF_TEST(the program is told what it has to know) {
  place.crowned(9);
  auto go = place.scratch.path() / "go";
  CAF_REQUIRE(::mkfifo(go.c_str(), 0600) == 0);
  // Its limits are set from outside, so it waits until they are.
  start("read x < " + go.string()
        + "\nresult '{\"status\":\"failed\",\"reason\":\"'"
          "\"$run $as_of $trials $(nice) $(ulimit -c) $(basename "
          "\"$champion\")\"'\"}'");
  train();
  test::write_file(go, "\n");
  run_to_end();
  CAF_CHECK_EQUAL(only().reason,
                  "live 2025-07-01T02:00:00Z 4 19 0 model-9.model");
}

CAF_TEST(a champion that cannot be read keeps no training from going on) {
  place.crowned(9);
  test::write_file(place.folder().file_of("model-9"), "torn");
  start("say \"compared${champion:+ with one}\" 0.2\n"
        + trains(place.trained(1), "model-1", true));
  train();
  run_to_end();
  CAF_CHECK_EQUAL(only().status, "done");
  CAF_CHECK(only().promoted);
  CAF_CHECK_EQUAL(champion(), "model-1");
  CAF_CHECK(only().reason.starts_with(
    "as the test says; not compared with the champion model-9: "));
  for (const auto& x : told("training"))
    CAF_CHECK(x.find("compared with one") == std::string::npos);
}

CAF_TEST(a champion whose bars are of another build is no champion to beat) {
  place.crowned_unfit(9);
  start("say \"compared${champion:+ with one}\" 0.2\n"
        + trains(place.trained(1), "model-1", true));
  train();
  run_to_end();
  CAF_CHECK_EQUAL(only().status, "done");
  CAF_CHECK(only().promoted);
  CAF_CHECK_EQUAL(champion(), "model-1");
  CAF_CHECK_EQUAL(only().reason,
                  "as the test says; not compared with the champion model-9: "
                  "its bars have other values than this build's (return, "
                  "range): train again");
  for (const auto& x : told("training"))
    CAF_CHECK(x.find("compared with one") == std::string::npos);
}

CAF_TEST(one that has earned it serves from then on) {
  start(trains(place.trained(1), "model-1", true));
  train();
  run_to_end();
  CAF_CHECK(only().promoted);
  CAF_CHECK_EQUAL(champion(), "model-1");
  CAF_CHECK_EQUAL(std::string{models()[0].status}, "champion");
  auto events = told("model");
  CAF_REQUIRE_EQUAL(events.size(), 1u);
  CAF_CHECK(events[0].find("\"champion\"") != std::string::npos);
}

CAF_TEST(progress is told as it comes and each event has the record) {
  start("say 'reading bars' 0.25; read x < " + place.scratch.path().string()
        + "/go\n" + trains(place.trained(1), "model-1", false));
  auto fifo = place.scratch.path() / "go";
  CAF_REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  train();
  run_to_stage("reading bars");
  CAF_CHECK_EQUAL(only().status, "running");
  CAF_CHECK_EQUAL(only().stage, "reading bars");
  CAF_CHECK_EQUAL(only().progress.value(), 0.25);
  auto status = ask<training_record>(actor, wire::status_atom_v);
  CAF_CHECK_EQUAL((*status)->stage, "reading bars");
  test::write_file(fifo, "\n");
  run_to_end();
  auto events = told("training");
  CAF_REQUIRE(events.size() >= 4u); // owed, running, a stage, done
  CAF_CHECK(events[0].find("\"owed\"") != std::string::npos);
  CAF_CHECK(events[1].find("\"running\"") != std::string::npos);
  CAF_CHECK(events[2].find("reading bars") != std::string::npos);
  CAF_CHECK(events.back().find("\"done\"") != std::string::npos);
}

CAF_TEST(one at a time and who asks meanwhile is told of it) {
  start(hangs);
  auto first = train();
  run_to_stage("fitting");
  auto second = train(noon + 1h);
  CAF_REQUIRE(second->has_value());
  CAF_CHECK_EQUAL((*second)->training_id, (*first)->training_id);
  CAF_CHECK_EQUAL((*second)->status, "running");
  CAF_CHECK_EQUAL(stored().size(), 1u);
}

CAF_TEST(a cancelled training ends as cancelled and the next one succeeds) {
  start(hangs);
  auto id = (*train())->training_id;
  run_to_stage("fitting");
  CAF_CHECK(!ask<bool>(actor, wire::cancel_atom_v, std::string{"other"})
               ->value());
  CAF_CHECK(ask<bool>(actor, wire::cancel_atom_v, id)->value());
  run_to_end();
  CAF_CHECK_EQUAL(only().status, "cancelled");
  CAF_CHECK_EQUAL(only().reason, "cancelled");
  CAF_CHECK(health().state == health_state::healthy);
  CAF_CHECK(!ask<bool>(actor, wire::cancel_atom_v, id)->value());
  kill(actor);
  start(trains(place.trained(1), "model-1", true));
  train();
  run_to_end();
  CAF_CHECK_EQUAL(champion(), "model-1");
}

CAF_TEST(a daily job is answered when it has ended) {
  start(trains(place.trained(1), "model-1", true));
  auto answer = ask<job_record>(actor, daily());
  CAF_CHECK(!answer->has_value());
  run_to_end();
  CAF_REQUIRE(answer->has_value());
  CAF_CHECK_EQUAL((*answer)->status, "done");
  CAF_CHECK((*answer)->ended_at == noon + 10min);
  CAF_CHECK((*answer)->result.find("\"model-1\"") != std::string::npos);
  CAF_CHECK((*answer)->result.find("\"judgement\":{") != std::string::npos);
  CAF_CHECK_EQUAL(only().cause, "schedule");
  // Asked again, since the answer was lost, it trains nothing.
  auto again = ask<job_record>(actor, daily());
  CAF_REQUIRE(again->has_value());
  CAF_CHECK_EQUAL((*again)->status, "done");
  CAF_CHECK((*again)->result.find(only().training_id) != std::string::npos);
}

CAF_TEST(a job that is sent twice is one training with two answers) {
  start(trains(place.trained(1), "model-1", true));
  auto one = ask<job_record>(actor, daily());
  auto two = ask<job_record>(actor, daily());
  run_to_end();
  CAF_CHECK(one->has_value());
  CAF_CHECK(two->has_value());
  CAF_CHECK_EQUAL(stored().size(), 1u);
}

CAF_TEST(a job waits for the training under way) {
  start(trains(place.trained(1), "model-1", true));
  train();
  auto answer = ask<job_record>(actor, daily());
  CAF_CHECK(!answer->has_value());
  run_to_end();
  CAF_REQUIRE(answer->has_value());
  CAF_CHECK_EQUAL((*answer)->status, "done");
  CAF_CHECK_EQUAL(stored().size(), 2u);
}

CAF_TEST(a training that was running when its actor died has failed) {
  start(hangs);
  train();
  run_to_stage("fitting");
  auto pid = state().process->pid();
  kill(actor);
  CAF_CHECK(::kill(pid, 0) != 0); // its process went with it
  CAF_CHECK_EQUAL(only().status, "running");
  start(trains(place.trained(1), "model-1", true));
  run_to_end();
  CAF_CHECK_EQUAL(only().status, "failed");
  CAF_CHECK_EQUAL(only().reason, "the node ended");
  CAF_CHECK(health().state == health_state::degraded);
  train();
  run_to_end();
  CAF_CHECK_EQUAL(stored().size(), 2u);
  CAF_CHECK_EQUAL(champion(), "model-1");
  CAF_CHECK(health().state == health_state::healthy);
}

CAF_TEST(a job whose training was cut off is done again under another id) {
  start(hangs);
  ask<job_record>(actor, daily());
  run_to_stage("fitting");
  kill(actor);
  CAF_CHECK(!failures->empty()); // who waited knows at once
  start(trains(place.trained(1), "model-1", true));
  auto answer = ask<job_record>(actor, daily());
  run_to_end();
  CAF_REQUIRE(answer->has_value());
  CAF_CHECK_EQUAL((*answer)->status, "done");
  auto all = stored();
  CAF_REQUIRE_EQUAL(all.size(), 2u);
  CAF_CHECK(all[0].training_id != all[1].training_id);
}

CAF_TEST(an owed training is begun after a restart and its job joins it) {
  auto db = store::open_for_writing(file);
  training_record owed;
  owed.training_id = std::string(32, 'a');
  owed.run = "live";
  owed.cause = "schedule";
  owed.requested_at = noon;
  owed.status = "owed";
  store::ledger{db}.write(owed);
  auto other = owed;
  other.training_id = std::string(32, 'b');
  other.run = "replay"; // not ours
  store::ledger{db}.write(other);
  start(trains(place.trained(1), "model-1", true));
  auto answer = ask<job_record>(actor, daily());
  run_to_end();
  CAF_REQUIRE(answer->has_value());
  CAF_CHECK((*answer)->result.find(owed.training_id) != std::string::npos);
  auto all = stored();
  CAF_REQUIRE_EQUAL(all.size(), 2u);
  CAF_CHECK_EQUAL(all[0].status, "owed");
  CAF_CHECK_EQUAL(all[1].status, "done");
}

CAF_TEST(nothing is trained before it is stored and then it is) {
  kill(writer);
  start(trains(place.trained(1), "model-1", true));
  auto owed = train();
  pass(5s);
  CAF_CHECK(!owed->has_value());
  CAF_CHECK(state().process == nullptr);
  CAF_CHECK(stored().empty());
  start_writer();
  run_to_end();
  CAF_CHECK(owed->has_value());
  CAF_CHECK_EQUAL(only().status, "done");
}

CAF_TEST(what others change in the registry comes into the store) {
  start("exit 0");
  place.crowned(1);
  pass(setup.idle_every);
  CAF_REQUIRE_EQUAL(models().size(), 1u);
  CAF_CHECK_EQUAL(std::string{models()[0].status}, "champion");
  place.folder().demote(test::order(2));
  pass(setup.idle_every);
  CAF_CHECK_EQUAL(std::string{models()[0].status}, "deprecated");
  CAF_CHECK_EQUAL(gate->count<wire::reload_atom>(), 2u);
}

CAF_TEST(a model that the registry has forgotten is told as removed) {
  place.crowned(1);
  place.crowned(2);
  start("exit 0");
  pass(setup.idle_every);
  CAF_REQUIRE_EQUAL(models().size(), 2u);
  auto state = place.folder().archive("model-1", test::order(3));
  setup.retention.archived_for = std::chrono::days{0};
  kill(actor);
  start(trains(place.trained(3), "model-3", false));
  train();
  run_to_end();
  for (const auto& x : models()) {
    auto gone = x.model_version == "model-1";
    CAF_CHECK_EQUAL(x.status == "removed", gone);
    CAF_CHECK(!x.manifest.empty());
  }
}

CAF_TEST(while the store cannot be read nothing is ordered) {
  setup.database = place.scratch.path() / "elsewhere.db";
  start(trains(place.trained(1), "model-1", true));
  CAF_CHECK(!train()->has_value());
  CAF_CHECK(!ask<job_record>(actor, daily())->has_value());
  CAF_CHECK_EQUAL(failures->size(), 2u);
  CAF_CHECK_EQUAL(health().reason,
                  "the database does not say what was trained");
  std::filesystem::create_symlink(file, setup.database);
  pass(setup.idle_every);
  CAF_CHECK(health().state == health_state::healthy);
  train();
  run_to_end();
  CAF_CHECK_EQUAL(only().status, "done");
}

CAF_TEST(when no training has succeeded for too long it is degraded) {
  setup.stale_after = 26h;
  start(trains(place.trained(1), "model-1", true));
  set_time(noon);
  CAF_CHECK(health().state == health_state::healthy); // it has just begun
  set_time(noon + 27h);
  CAF_CHECK(health().state == health_state::degraded);
  train(noon + 27h);
  run_to_end();
  CAF_CHECK(health().state == health_state::healthy);
  set_time(noon + 53h);
  CAF_CHECK(health().state == health_state::healthy);
  set_time(noon + 53h + 1s);
  CAF_CHECK_EQUAL(health().reason,
                  "no training has succeeded since 2025-07-02T05:00:00Z");
}

CAF_TEST_FIXTURE_SCOPE_END()
