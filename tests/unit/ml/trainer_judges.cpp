#define CAF_SUITE trainer_judges
#include "tests/unit/ml/trainer_fixture.hpp"

using namespace banksia;
using namespace banksia::ml_test;

namespace {

/// The sessions from 2025-06-23 on.
const session& day_number(std::size_t n) {
  auto first = sydney().session_index(std::chrono::year{2025} / 6 / 23);
  return sydney().sessions()[*first + n];
}

class_forecast said_by(const std::string& model, double up) {
  class_forecast x;
  x.model_version = model;
  x.served = true;
  x.down = fraction{0.05};
  x.flat = fraction{0.95 - up};
  x.up = fraction{up};
  return x;
}

struct judging_fixture : trainer_fixture {
  judging_fixture() { place.crowned(9); }

  /// Twelve slots on each day of which the model is sure that prices rise, and
  /// then they fall, or rise.
  void write_days(std::size_t count, double actual_return) {
    auto db = store::open_for_writing(file);
    store::ledger into{db};
    into.set_provenance({"hash", "text", "build"});
    storage::transaction all{db};
    for (std::size_t day = 0; day < count; ++day)
      for (int slot = 0; slot < 12; ++slot) {
        cycle_record x;
        x.slot = store_test::make_slot(0);
        x.slot.slot = day_number(day).opens_at + 30min * slot;
        x.slot.id = make_cycle_id("live", "30m", x.slot.slot);
        x.completed_at = x.slot.slot;
        x.context = store_test::make_context();
        outcome_batch outcomes;
        for (auto symbol : {"ANZ.AX", "CBA.AX", "NAB.AX", "SUN.AX", "WBC.AX"}) {
          auto p = store_test::make_prediction(x.slot, symbol);
          p.forecasts = {said_by("model-9", 0.9)};
          p.trace.inputs.volatility = real{0.0125};
          auto o = store_test::make_outcome(p, p.horizon_minutes);
          o.actual_return = fraction{actual_return};
          outcomes.outcomes.push_back(o);
          x.predictions.push_back(std::move(p));
        }
        into.write(x);
        into.write(outcomes);
      }
    all.commit();
  }

  /// The daily job after the last day, whose training says nothing new.
  job_record judged_after(std::size_t days, double actual_return) {
    write_days(days, actual_return);
    start("result '{\"status\":\"failed\",\"reason\":\"no data\"}'; exit 1");
    auto due = day_number(days).opens_at;
    set_time(due);
    auto answer = ask<job_record>(actor, daily(due));
    run_to_end();
    CAF_REQUIRE(answer->has_value());
    return **answer;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(trainer_judges_tests, judging_fixture)

CAF_TEST(a champion that breaks its bounds is demoted and all are told) {
  auto job = judged_after(5, -0.02);
  CAF_CHECK_EQUAL(champion(), "");
  CAF_CHECK(job.result.find("\"demoted\":\"model-9\"") != std::string::npos);
  CAF_CHECK(job.result.find("\"demote\":true") != std::string::npos);
  CAF_REQUIRE_EQUAL(reports.size(), 1u);
  CAF_CHECK_EQUAL(reports[0].event, "escalated");
  CAF_CHECK(reports[0].reason.starts_with(
    "the champion model-9 is demoted, the rules serve: out of bounds for 5 "
    "trading days of 5"));
  CAF_REQUIRE_EQUAL(models().size(), 1u);
  CAF_CHECK_EQUAL(std::string{models()[0].status}, "deprecated");
  CAF_CHECK(models()[0].reason.starts_with("out of bounds for 5"));
  auto events = told("model");
  CAF_REQUIRE(!events.empty());
  CAF_CHECK(events.back().find("\"deprecated\"") != std::string::npos);
  CAF_CHECK(gate->count<wire::reload_atom>() >= 1u);
}

CAF_TEST(one day less and it stays) {
  auto job = judged_after(4, -0.02);
  CAF_CHECK_EQUAL(champion(), "model-9");
  CAF_CHECK(job.result.find("\"days_broken\":4") != std::string::npos);
  CAF_CHECK(reports.empty());
  CAF_CHECK_EQUAL(std::string{models()[0].status}, "champion");
}

CAF_TEST(what is too good to be true is an alarm) {
  auto job = judged_after(20, 0.02);
  CAF_CHECK(job.result.find("\"leak_suspected\":true") != std::string::npos);
  auto alarms = told("suspicion");
  CAF_REQUIRE_EQUAL(alarms.size(), 1u);
  CAF_CHECK(alarms[0].find("model-9 told 100 % of directions right over 20 "
                           "trading days")
            != std::string::npos);
  // The same again is no news.
  auto due = day_number(20).opens_at + 24h;
  ask<job_record>(actor, daily(due));
  run_to_end();
  CAF_CHECK_EQUAL(told("suspicion").size(), 1u);
}

CAF_TEST(a judgement that cannot be made harms nothing) {
  test::write_file(place.root / "registry.json", "no registry");
  auto job = judged_after(5, -0.02);
  CAF_CHECK(job.result.find("\"trouble\":") != std::string::npos);
  CAF_CHECK(reports.empty());
  // The registry is as it was; once it is whole again, all goes on.
  CAF_CHECK_EQUAL(test::bytes_in(place.root / "registry.json"), "no registry");
}

CAF_TEST_FIXTURE_SCOPE_END()
