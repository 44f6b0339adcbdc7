#define CAF_SUITE scheduler_jobs
#include "tests/unit/actors/scheduler_fixture.hpp"

using namespace banksia;
using namespace banksia::actors_test;

namespace {

job_record owed_job(std::string kind, std::string_view due) {
  job_record x;
  x.run = "live";
  x.kind = std::move(kind);
  x.due_at = at(due);
  x.status = "owed";
  return x;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(scheduler_jobs_tests, scheduler_fixture)

CAF_TEST(a job is stored as owed then asked for then stored as ended) {
  start();
  go_to("2025-06-30T22:59:59Z");
  CAF_CHECK_EQUAL(stored(), "");
  writes_jobs = false;
  go_to("2025-06-30T23:00:00Z");
  CAF_CHECK_EQUAL(stored().substr(0, 12), "morning owed");
  CAF_CHECK_EQUAL(analyst->count<job_record>(), 0u);
  // The clock is not marked as long as the store may not know of the job.
  auto marked = [this] { return writer->all<clock_mark>().back().market_time; };
  CAF_CHECK(marked() < at("2025-06-30T23:00:00Z"));
  writes_jobs = true;
  pass(second);
  CAF_REQUIRE_EQUAL(analyst->count<job_record>(), 1u);
  CAF_CHECK(analyst->all<job_record>()[0].due_at
            == at("2025-06-30T23:00:00Z"));
  CAF_CHECK_EQUAL(evaluator->count<wire::flush_atom>(), 1u);
  pass(second);
  CAF_CHECK(marked() == at("2025-06-30T23:00:00Z"));
  answer(*analyst, "done");
  CAF_CHECK(writer->all<job_record>().back().status
            == "done");
  pass(second);
  CAF_CHECK_EQUAL(analyst->count<job_record>(), 1u);
  CAF_CHECK_EQUAL(trainer->count<job_record>(), 0u);
}

CAF_TEST(jobs delay no cycle) {
  start();
  go_to("2025-06-30T23:00:00Z"); // the analyst never answers
  go_to("2025-07-01T00:30:00Z");
  CAF_CHECK_EQUAL(cycle->count<cycle_due>(), 1u);
  writes_jobs = false;
  go_to("2025-07-01T06:10:00Z");
  CAF_CHECK_EQUAL(cycle->count<cycle_due>(), 12u);
}

CAF_TEST(an evening waits for the cycles of its day) {
  start();
  go_to("2025-07-01T06:10:00Z");
  CAF_REQUIRE_EQUAL(analyst->count<job_record>(), 1u); // the morning
  answer(*analyst, "done");
  go_to("2025-07-01T07:10:00Z");
  CAF_CHECK_EQUAL(analyst->count<job_record>(), 1u);
  CAF_CHECK(stored().ends_with("evening owed"));
  end_cycles();
  CAF_REQUIRE_EQUAL(analyst->count<job_record>(), 2u);
  CAF_CHECK(analyst->all<job_record>()[1].kind
            == "evening");
}

CAF_TEST(the database is cared for at night and asked for again when it died) {
  maintains = true;
  start();
  go_to("2025-06-30T23:00:00Z");
  end_cycles();
  go_to("2025-07-01T16:59:59Z");
  end_cycles();
  CAF_CHECK_EQUAL(maintenance->count<job_record>(), 0u);
  go_to("2025-07-01T17:00:00Z");
  CAF_REQUIRE_EQUAL(maintenance->count<job_record>(), 1u);
  auto asked = maintenance->all<job_record>().back();
  CAF_CHECK_EQUAL(asked.kind, maintenance_job);
  CAF_CHECK(asked.due_at == at("2025-07-01T17:00:00Z"));
  // As one that was killed at its work: another generation is asked.
  maintenance = stand_in("store/maintenance");
  pass(second);
  pass(second);
  CAF_REQUIRE_EQUAL(maintenance->count<job_record>(), 1u);
  answer(*maintenance, "done");
  auto last = writer->all<job_record>().back();
  CAF_CHECK(last.kind == maintenance_job && last.status == "done");
}

CAF_TEST(what was owed of maintenance before a stop is made up for) {
  maintains = true;
  wall = at("2025-07-01T18:00:00Z");
  memory.market_time = at("2025-07-01T17:30:00Z");
  memory.owed_jobs = {owed_job("maintenance", "2025-07-01T17:00:00Z")};
  memory.newest_jobs = {{"maintenance", at("2025-07-01T17:00:00Z")}};
  start();
  go_to("2025-07-01T18:00:01Z");
  CAF_CHECK_EQUAL(maintenance->count<job_record>(), 1u);
}

CAF_TEST(the training goes to the trainer) {
  start();
  go_to("2025-07-01T06:10:00Z");
  end_cycles();
  go_to("2025-07-01T08:00:00Z");
  CAF_REQUIRE_EQUAL(trainer->count<job_record>(), 1u);
  answer(*trainer, "failed", "too few samples");
  pass(4 * second);
  CAF_CHECK_EQUAL(trainer->count<job_record>(), 1u);
  pass(2 * second);
  CAF_CHECK_EQUAL(trainer->count<job_record>(), 2u);
  answer(*trainer, "failed", "too few samples");
  pass(30 * second);
  pass(second);
  answer(*trainer, "failed", "too few samples");
  pass(180 * second);
  pass(second);
  CAF_REQUIRE_EQUAL(trainer->count<job_record>(), 4u);
  answer(*trainer, "failed", "too few samples");
  auto last = writer->all<job_record>().back();
  CAF_CHECK_EQUAL(last.kind, "training");
  CAF_CHECK_EQUAL(last.status, "failed");
  CAF_CHECK_EQUAL(last.reason, "too few samples");
  CAF_CHECK(last.ended_at == at("2025-07-01T08:00:00Z"));
}

CAF_TEST(a receiver that was started again is asked again) {
  start();
  go_to("2025-06-30T23:00:00Z");
  CAF_REQUIRE_EQUAL(analyst->count<job_record>(), 1u);
  auto next = stand_in("analyst");
  pass(second);
  CAF_REQUIRE_EQUAL(next->count<job_record>(), 1u);
  // A word of the one before comes to nothing.
  answer(*analyst, "done");
  CAF_CHECK_EQUAL(stored(), "morning owed");
  answer(*next, "done");
  CAF_CHECK_EQUAL(stored(), "morning owed, morning done");
}

CAF_TEST(a dead receiver is waited for and costs no try) {
  start();
  kill(analyst->handle);
  go_to("2025-06-30T23:00:00Z");
  for (int i = 0; i < 20; ++i)
    pass(second);
  CAF_CHECK_EQUAL(stored(), "morning owed");
  auto next = stand_in("analyst");
  pass(second);
  CAF_CHECK_EQUAL(next->count<job_record>(), 1u);
}

CAF_TEST(a dead evaluator is waited for) {
  start();
  kill(evaluator->handle);
  go_to("2025-06-30T23:00:00Z");
  CAF_CHECK_EQUAL(analyst->count<job_record>(), 0u);
  auto next = stand_in("evaluator");
  next->reply = evaluator->reply;
  pass(second);
  pass(second);
  CAF_CHECK_EQUAL(analyst->count<job_record>(), 1u);
}

CAF_TEST(where nobody does them jobs are skipped with the reason) {
  start(false);
  go_to("2025-06-30T23:00:00Z");
  CAF_CHECK_EQUAL(stored(), "morning owed, morning skipped");
  CAF_CHECK(writer->all<job_record>().back().reason
            == "nobody here does it");
}

CAF_TEST(a restart goes on with the newest of what is owed) {
  memory.market_time = at("2025-06-30T21:00:00Z");
  memory.last_ended_slot = at("2025-06-30T06:00:00Z");
  memory.owed_jobs = {owed_job("evening", "2025-06-27T07:10:00Z"),
                      owed_job("evening", "2025-06-30T07:10:00Z"),
                      owed_job("training", "2025-06-30T08:00:00Z")};
  memory.newest_jobs = {{"morning", at("2025-06-29T23:00:00Z")},
                        {"evening", at("2025-06-30T07:10:00Z")},
                        {"training", at("2025-06-30T08:00:00Z")}};
  start();
  pass(second);
  CAF_CHECK_EQUAL(stored(), "evening skipped");
  CAF_CHECK(writer->all<job_record>()[0].reason
            == "a newer one is due");
  CAF_REQUIRE_EQUAL(analyst->count<job_record>(), 1u);
  CAF_CHECK(analyst->all<job_record>()[0].due_at
            == at("2025-06-30T07:10:00Z"));
  CAF_CHECK_EQUAL(trainer->count<job_record>(), 1u);
}

CAF_TEST(an owed job of a replay waits for the cycles before it) {
  // Stored ahead of the day's cycles, which the crash took.
  memory.owed_jobs = {owed_job("training", "2025-07-01T08:00:00Z")};
  memory.newest_jobs = {{"training", at("2025-07-01T08:00:00Z")}};
  feed->reply = always<wire::advance_atom, timestamp>(
    feed_progress{1, timestamp{}, 1, {0}, false});
  start(true, clock_mode::replay);
  for (int i = 0; i < 20; ++i)
    pass(second);
  CAF_REQUIRE(cycle->count<cycle_due>() > 0);
  CAF_CHECK_EQUAL(trainer->count<job_record>(), 0u);
  end_cycles();
  for (int i = 0; i < 20 && trainer->count<job_record>() == 0; ++i) {
    pass(second);
    end_cycles();
  }
  CAF_REQUIRE_EQUAL(trainer->count<job_record>(), 1u);
  // And the cycles behind it wait for its end.
  for (const auto& due : cycle->all<cycle_due>())
    CAF_CHECK(due.slot.slot < at("2025-07-01T08:00:00Z"));
  answer(*trainer, "failed", "too few rows");
  pass(second);
  CAF_CHECK(cycle->all<cycle_due>().back().slot.slot
            > at("2025-07-01T08:00:00Z"));
  CAF_CHECK_EQUAL(trainer->count<job_record>(), 1u);
  CAF_CHECK(lost.empty());
}

CAF_TEST(a replay whose training cannot be asked for is over) {
  memory.owed_jobs = {owed_job("training", "2025-06-30T21:00:00Z")};
  memory.newest_jobs = {{"training", at("2025-07-01T08:00:00Z")}};
  feed->reply = always<wire::advance_atom, timestamp>(
    feed_progress{1, timestamp{}, 1, {0}, false});
  trainer->reply = [](const caf::message& x) -> peer::answer {
    if (!x.match_elements<job_record>())
      return nullptr;
    return [](caf::response_promise& to) {
      to.deliver(caf::make_error(caf::sec::runtime_error, "no database"));
    };
  };
  start(true, clock_mode::replay);
  for (int i = 0; i < 60 && lost.empty(); ++i)
    pass(second);
  CAF_REQUIRE_EQUAL(lost.size(), 1u);
  CAF_CHECK(lost[0].find("the training of 2025-06-30T21:00:00Z")
            != std::string::npos);
  CAF_CHECK_EQUAL(cycle->count<cycle_due>(), 0u);
}

CAF_TEST(what came due while nothing ran is owed and only the newest done) {
  memory.market_time = at("2025-06-27T07:30:00Z");
  memory.last_ended_slot = at("2025-06-30T06:00:00Z");
  memory.newest_jobs = {{"evening", at("2025-06-27T07:10:00Z")}};
  start();
  for (int i = 0; i < 3; ++i)
    pass(second);
  // Three trainings from Friday to Sunday, and Monday's morning and evening.
  CAF_CHECK_EQUAL(stored().find("evening owed") != std::string::npos, true);
  std::size_t skipped = 0;
  for (const auto& x : writer->all<job_record>())
    skipped += x.kind == "training" && x.status == "skipped";
  CAF_CHECK_EQUAL(skipped, 3u);
  CAF_REQUIRE_EQUAL(trainer->count<job_record>(), 1u);
  CAF_CHECK(trainer->all<job_record>()[0].due_at
            == at("2025-06-30T08:00:00Z"));
}

CAF_TEST(an analysis that does not come is a failure in the end) {
  start();
  go_to("2025-06-30T23:00:00Z");
  // Its limit, then the pause before the next try.
  pass(std::chrono::minutes{5} + second);
  pass(6 * second);
  CAF_CHECK_EQUAL(analyst->count<job_record>(), 2u);
  answer(*analyst, "done");
  CAF_CHECK_EQUAL(stored(), "morning owed, morning done");
}

CAF_TEST_FIXTURE_SCOPE_END()
