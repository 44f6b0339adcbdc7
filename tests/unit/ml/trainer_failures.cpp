#define CAF_SUITE trainer_failures
#include "actors/store/journal_records.hpp"
#include "tests/unit/ml/trainer_fixture.hpp"

#include <sys/stat.h>

using namespace banksia;
using namespace banksia::ml_test;

namespace {

struct failing_fixture : trainer_fixture {
  /// Why a training with that program fails; then one that works succeeds.
  std::string failure(const std::string& program) {
    place.crowned(9);
    start(program);
    train();
    run_to_end();
    auto failed = only();
    CAF_CHECK_EQUAL(failed.status, "failed");
    CAF_CHECK_EQUAL(failed.model_version, "");
    CAF_CHECK_EQUAL(champion(), "model-9");
    CAF_CHECK_EQUAL(place.folder().read().entries().size(), 1u);
    CAF_CHECK(health().state == health_state::degraded);
    kill(actor);
    setup.limits = {};
    setup.look_every = 250ms;
    start(trains(place.trained(1), "model-1", true));
    train(noon + 1h);
    run_to_end();
    CAF_CHECK_EQUAL(std::string{stored().front().status}, "done");
    CAF_CHECK_EQUAL(champion(), "model-1");
    CAF_CHECK(health().state == health_state::healthy);
    return failed.reason;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(trainer_failures_tests, failing_fixture)

CAF_TEST(a training that says why it failed) {
  CAF_CHECK_EQUAL(failure("result '{\"status\":\"failed\",\"reason\":\"40 rows "
                          "are too few\"}'; exit 1"),
                  "40 rows are too few");
}

CAF_TEST(a training that is killed) {
  CAF_CHECK_EQUAL(failure("say fitting 0.5; kill -KILL $$"),
                  "its process ended with signal 9 (SIGKILL)");
}

CAF_TEST(a training that crashes) {
  CAF_CHECK_EQUAL(failure("say fitting 0.5; kill -SEGV $$"),
                  "its process ended with signal 11 (SIGSEGV)");
}

CAF_TEST(a training that asks for memory without end) {
  setup.memory_bytes = 16 << 20;
  auto reason = failure("x=0123456789abcdef; while :; do x=$x$x; done");
  CAF_CHECK(reason.starts_with("its process ended with "));
}

CAF_TEST(a training that hangs) {
  setup.limits.silence = 1min;
  setup.look_every = 10s;
  CAF_CHECK_EQUAL(failure("exec sleep 1000"), "no progress for 1 minute");
}

CAF_TEST(a training that takes too long) {
  setup.limits.deadline = 1min;
  setup.look_every = 10s;
  CAF_CHECK_EQUAL(failure("exec sleep 1000"),
                  "it took longer than 1 minute");
}

CAF_TEST(a training that writes garbage) {
  CAF_CHECK_EQUAL(failure("head -c 3000000 /dev/urandom; yes noise | head -n "
                          "50000"),
                  "it ended without a result that can be read");
}

CAF_TEST(a training whose loss is no number) {
  CAF_CHECK_EQUAL(failure("result '{\"status\":\"done\",\"report\":{\"loss\":"
                          "NaN}}'"),
                  "it ended without a result that can be read");
}

CAF_TEST(a training that writes half a model) {
  auto whole = place.trained(2);
  auto bytes = test::bytes_in(whole);
  test::write_file(whole, bytes.substr(0, bytes.size() / 2));
  auto reason = failure(trains(whole, "model-2", true));
  CAF_CHECK(reason.starts_with("its model is refused: "));
}

CAF_TEST(a training whose model was tampered with) {
  auto whole = place.trained(2);
  auto bytes = test::bytes_in(whole);
  bytes[bytes.size() - 100] ^= 1;
  test::write_file(whole, bytes);
  CAF_CHECK(failure(trains(whole, "model-2", true))
              .starts_with("its model is refused: "));
}

CAF_TEST(a training whose model is not there) {
  CAF_CHECK(failure("result '{\"status\":\"done\",\"model_file\":\"/nowhere\","
                    "\"model_version\":\"model-2\",\"promote\":true}'")
              .starts_with("its model is refused: "));
}

CAF_TEST(a training whose result names no model) {
  CAF_CHECK_EQUAL(failure("result '{\"status\":\"done\",\"promote\":true}'"),
                  "its model is refused: its result has no model_file");
}

CAF_TEST(a training whose model says another name) {
  auto reason = failure(trains(place.trained(2), "model-3", true));
  CAF_CHECK_EQUAL(reason, "its model is refused: its result names model-3, "
                          "its file model-2");
}

CAF_TEST(a program that is not there) {
  place.crowned(9);
  start("exit 0");
  kill(actor);
  setup.command = {"/nowhere/banksia-ml", "train"};
  actor = publish("ml/trainer",
                  sys.spawn(trainer, std::make_shared<probe>("ml/trainer"),
                            setup,
                            trainer_wiring{
                              names.name<store_writer_actor>("store/writer"),
                              {}, {}, {}, {}}));
  sched.run();
  train();
  run_to_end();
  CAF_CHECK_EQUAL(only().status, "failed");
  CAF_CHECK(only().reason.starts_with(
    "cannot start a program: /nowhere/banksia-ml"));
  CAF_CHECK(only().ended_at == noon); // nobody told another time
}

CAF_TEST(a model that was measured against another champion only shadows) {
  place.crowned(9);
  auto go = place.scratch.path() / "go";
  CAF_REQUIRE(::mkfifo(go.c_str(), 0600) == 0);
  start("say waiting 0.1; read x < " + go.string() + "\n"
        + trains(place.trained(1), "model-1", true));
  train();
  run_to_stage("waiting");
  place.crowned(8);
  test::write_file(go, "\n");
  run_to_end();
  CAF_CHECK_EQUAL(only().status, "done");
  CAF_CHECK(!only().promoted);
  CAF_CHECK_EQUAL(only().reason, "not promoted: it was measured against "
                                 "model-9, and now model-8 serves");
  CAF_CHECK_EQUAL(champion(), "model-8");
}

CAF_TEST(a daily training that fails fails its job and may be tried again) {
  auto count = (place.scratch.path() / "count").string();
  start("echo >> " + count + "; [ $(wc -l < " + count
        + ") -gt 1 ] || kill -SEGV $$\n"
        + trains(place.trained(1), "model-1", true));
  auto answer = ask<job_record>(actor, daily());
  run_to_end();
  CAF_REQUIRE(answer->has_value());
  CAF_CHECK_EQUAL((*answer)->status, "failed");
  CAF_CHECK_EQUAL((*answer)->reason,
                  "its process ended with signal 11 (SIGSEGV)");
  answer = ask<job_record>(actor, daily());
  run_to_end();
  CAF_REQUIRE(answer->has_value());
  CAF_CHECK_EQUAL((*answer)->status, "done");
  CAF_CHECK_EQUAL((*answer)->reason, "");
  auto all = stored();
  CAF_REQUIRE_EQUAL(all.size(), 2u);
  CAF_CHECK(all[0].training_id != all[1].training_id);
}

CAF_TEST(one that has ended in the journal is not done again under its name) {
  start("result '{\"status\":\"failed\",\"reason\":\"no data\"}'; exit 1");
  auto first = state().desk->make_training("operator", noon);
  first.status = "failed";
  first.reason = "no data";
  {
    store::journal promised{store::journal_file(file)};
    store::append(promised, first);
    promised.sync();
  }
  // The database does not know of it yet.
  CAF_CHECK(stored().empty());
  auto second = state().desk->make_training("operator", noon);
  CAF_CHECK(second.training_id != first.training_id);
  auto read = state().desk->read_trainings();
  CAF_REQUIRE(read.last.has_value());
  CAF_CHECK_EQUAL(read.last->training_id, first.training_id);
  CAF_CHECK(read.open.empty());
  CAF_CHECK(!state().desk->succeeded("operator", noon));
}

CAF_TEST_FIXTURE_SCOPE_END()
