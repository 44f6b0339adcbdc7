#define CAF_SUITE store_learning
#include "tests/unit/store/samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::store;
using namespace banksia::store_test;

namespace {

struct learning_fixture {
  test::scratch_folder folder;
  storage::database db = open_for_writing(folder.file("banksia.db"));
  ledger into{db};
  queries ask{db};

  learning_fixture() { into.set_provenance({"hash", "text", "build"}); }
};

class_forecast said_by(std::string model, bool served) {
  class_forecast x;
  x.model_version = std::move(model);
  x.served = served;
  x.down = fraction{0.1 + 0.2};
  x.flat = fraction{0.4};
  x.up = fraction{0.3 - 1e-17};
  x.magnitude = fraction{1.0 / 77};
  x.outlying = 2;
  x.batch_rows = 256;
  x.batch_slot = 7;
  x.environment = "LibTorch on a processor";
  return x;
}

cycle_record cycle_with_forecasts() {
  cycle_record x;
  x.slot = make_slot(0);
  x.context = make_context();
  x.predictions = {make_prediction(x.slot, "ANZ.AX"),
                   make_prediction(x.slot, "CBA.AX")};
  x.predictions[0].forecasts = {said_by("b", true), said_by("a", false)};
  return x;
}

outcome outcome_of(const prediction& p) {
  outcome x;
  x.prediction = p.id;
  x.id = make_outcome_id(p.id, p.horizon_minutes);
  x.symbol = p.symbol;
  x.horizon_minutes = p.horizon_minutes;
  x.entry_price = p.entry_price;
  x.exit_price = price{180};
  x.actual_return = fraction{0.005};
  x.sessions_elapsed = 0;
  x.open_minutes = 240;
  return x;
}

job_record morning_at(int i) {
  auto x = make_job();
  x.due_at = slot_at(i);
  return x;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(store_learning_tests, learning_fixture)

CAF_TEST(forecasts come back with their prediction and bit for bit) {
  auto cycle = cycle_with_forecasts();
  into.write(cycle);
  for (const auto& p : cycle.predictions) {
    auto stored = ask.prediction_by_id(to_string(p.id));
    CAF_REQUIRE(stored);
    CAF_CHECK(stored->content.forecasts == p.forecasts);
  }
  list_filter all;
  auto listed = ask.predictions(all);
  CAF_REQUIRE_EQUAL(listed.size(), 2u);
  CAF_CHECK_EQUAL(listed[0].content.forecasts.size()
                    + listed[1].content.forecasts.size(),
                  2u);
}

CAF_TEST(a forecast told twice is stored once) {
  auto cycle = cycle_with_forecasts();
  into.write(cycle);
  into.write(cycle);
  auto stored = ask.prediction_by_id(to_string(cycle.predictions[0].id));
  CAF_CHECK_EQUAL(stored->content.forecasts.size(), 2u);
}

CAF_TEST(models are judged by what came of their forecasts) {
  auto cycle = cycle_with_forecasts();
  cycle.predictions[0].trace.inputs.volatility = real{0.0125};
  into.write(cycle);
  CAF_CHECK(ask.judged("live", "", first_slot).empty());
  auto made = outcome_of(cycle.predictions[0]);
  into.write(outcome_batch{1, {made}});
  auto both = ask.judged("live", "", first_slot);
  CAF_REQUIRE_EQUAL(both.size(), 2u);
  auto one = ask.judged("live", "b", first_slot);
  CAF_REQUIRE_EQUAL(one.size(), 1u);
  CAF_CHECK_EQUAL(one[0].symbol, "ANZ.AX");
  CAF_CHECK_EQUAL(one[0].said.up.value(), 0.3 - 1e-17);
  CAF_CHECK_EQUAL(one[0].actual_return, 0.005);
  CAF_CHECK_EQUAL(one[0].volatility, 0.0125);
  CAF_CHECK_EQUAL(one[0].horizon_minutes,
                  cycle.predictions[0].horizon_minutes);
  CAF_CHECK(ask.judged("live", "b", slot_at(1)).empty());
  CAF_CHECK(ask.judged("other", "", first_slot).empty());
}

CAF_TEST(a void outcome and one after a gap judge nobody) {
  auto cycle = cycle_with_forecasts();
  cycle.predictions[1].forecasts = {said_by("b", true)};
  into.write(cycle);
  auto gone = outcome_of(cycle.predictions[0]);
  gone.is_void = true;
  gone.void_reason = "delisted";
  auto late = outcome_of(cycle.predictions[1]);
  late.sessions_elapsed = 2;
  into.write(outcome_batch{1, {gone, late}});
  CAF_CHECK(ask.judged("live", "", first_slot).empty());
}

CAF_TEST(a job that has ended stays as it ended) {
  auto job = morning_at(0);
  into.write(job);
  into.write(morning_at(48));
  CAF_CHECK_EQUAL(ask.owed_jobs("live").size(), 2u);
  job.status = "done";
  job.ended_at = slot_at(1);
  job.result = "{}";
  CAF_CHECK_EQUAL(into.write(job).rows, 1u);
  auto again = job;
  again.status = "owed";
  again.result.clear();
  CAF_CHECK_EQUAL(into.write(again).duplicates, 1u);
  auto owed = ask.owed_jobs("live");
  CAF_REQUIRE_EQUAL(owed.size(), 1u);
  CAF_CHECK_EQUAL(owed[0].due_at, slot_at(48));
  auto jobs = ask.jobs("live", "morning", 10);
  CAF_REQUIRE_EQUAL(jobs.size(), 2u);
  CAF_CHECK(jobs[1] == job);
  CAF_CHECK(ask.jobs("live", "evening", 10).empty());
  CAF_CHECK_EQUAL(ask.jobs("live", "", 1).size(), 1u);
}

CAF_TEST(a training goes on until it ends) {
  auto x = make_training();
  into.write(x);
  x.status = "running";
  x.stage = "epoch 3";
  x.progress = fraction{0.25};
  into.write(x);
  CAF_CHECK(ask.training("t1") == x);
  x.status = "done";
  x.ended_at = slot_at(2);
  x.model_version = "m";
  x.promoted = true;
  x.report = "{\"ece\":0.01}";
  into.write(x);
  auto late = x;
  late.status = "running";
  CAF_CHECK_EQUAL(into.write(late).duplicates, 1u);
  CAF_CHECK(ask.training("t1") == x);
  CAF_CHECK(!ask.training("t2"));
  auto newer = make_training();
  newer.training_id = "t0";
  newer.requested_at = slot_at(5);
  into.write(newer);
  auto listed = ask.trainings(10);
  CAF_REQUIRE_EQUAL(listed.size(), 2u);
  CAF_CHECK_EQUAL(listed[0].training_id, "t0");
}

CAF_TEST(a model is as it was told last) {
  auto x = make_model();
  CAF_CHECK_EQUAL(into.write(x).rows, 1u);
  CAF_CHECK_EQUAL(into.write(x).duplicates, 1u);
  x.status = "champion";
  x.changed_at = slot_at(1);
  x.reason = "better";
  CAF_CHECK_EQUAL(into.write(x).rows, 1u);
  auto models = ask.models();
  CAF_REQUIRE_EQUAL(models.size(), 1u);
  CAF_CHECK(models[0] == x);
}

CAF_TEST_FIXTURE_SCOPE_END()
