#define CAF_SUITE job_desk
#include "actors/scheduler/job_desk.hpp"
#include "tests/unit/actors/samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::actors_test;

namespace {

const auto day = at("2025-07-01T08:00:00Z");

job_record job_of(std::string kind, timestamp due) {
  job_record x;
  x.run = "live";
  x.kind = std::move(kind);
  x.due_at = due;
  x.status = "owed";
  return x;
}

struct desk_fixture {
  job_desk desk;
  elapsed_time now{1s};

  /// Stores what is to be stored. @returns "kind status (reason)", each
  std::string store() {
    std::string result;
    for (const auto& x : desk.take_unstored()) {
      result += (result.empty() ? "" : ", ") + x.kind + " " + x.status
                + (x.reason.empty() ? "" : " (" + x.reason + ")");
      desk.stored(x, true);
    }
    return result;
  }

  /// A job that was stored and has begun.
  std::pair<job_record, std::uint64_t> begun(const std::string& kind) {
    desk.owe(job_of(kind, day));
    store();
    auto next = desk.begin(kind, now);
    CAF_REQUIRE(next.has_value());
    return *next;
  }

  void answer(job_record job, std::uint64_t number, std::string status,
              std::string reason = "") {
    job.status = std::move(status);
    job.reason = std::move(reason);
    job.result = "{}";
    desk.answered(job, number, day + 5min, now);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(job_desk_tests, desk_fixture)

CAF_TEST(nothing begins before it is stored as owed) {
  desk.owe(job_of("training", day));
  CAF_CHECK(!desk.begin("training", now));
  CAF_CHECK(desk.owes_unstored());
  auto sent = desk.take_unstored();
  CAF_REQUIRE_EQUAL(sent.size(), 1u);
  CAF_CHECK(desk.take_unstored().empty()); // it is on its way
  desk.stored(sent[0], false);
  CAF_CHECK(!desk.begin("training", now));
  CAF_CHECK_EQUAL(store(), "training owed");
  CAF_CHECK(!desk.owes_unstored());
  CAF_CHECK(desk.begin("training", now).has_value());
  CAF_CHECK(!desk.begin("training", now)); // it is under way
}

CAF_TEST(an end is kept until it is stored) {
  auto [job, number] = begun("morning");
  answer(job, number, "done");
  CAF_CHECK(!desk.empty());
  auto sent = desk.take_unstored();
  CAF_REQUIRE_EQUAL(sent.size(), 1u);
  CAF_CHECK_EQUAL(sent[0].status, "done");
  CAF_CHECK_EQUAL(sent[0].result, "{}");
  CAF_CHECK(sent[0].ended_at == day + 5min);
  desk.stored(sent[0], false);
  CAF_CHECK_EQUAL(store(), "morning done");
  CAF_CHECK(desk.empty());
}

CAF_TEST(a failure is tried again three times with longer pauses) {
  auto [job, number] = begun("training");
  for (auto pause : {5s, 30s, 180s}) {
    answer(job, number, "failed", "no data");
    CAF_CHECK(!desk.begin("training", now + pause - 1ns));
    CAF_CHECK_EQUAL(store(), "");
    now += pause;
    auto next = desk.begin("training", now);
    CAF_REQUIRE(next.has_value());
    number = next->second;
  }
  answer(job, number, "failed", "no data");
  CAF_CHECK_EQUAL(store(), "training failed (no data)");
  CAF_CHECK(desk.empty());
}

CAF_TEST(where answers count a failure is not tried again and an error is) {
  desk = job_desk{{1, 5s, true}};
  auto [job, number] = begun("training");
  desk.failed(job, number, "away", day, now);
  now += 5s;
  auto next = desk.begin("training", now);
  CAF_REQUIRE(next.has_value());
  answer(job, next->second, "failed", "no data");
  CAF_CHECK_EQUAL(store(), "training failed (no data)");
}

CAF_TEST(an error counts as a failure and a strange answer too) {
  auto [job, number] = begun("evening");
  desk.failed(job, number, "request_timeout", day, now);
  now += 5s;
  number = desk.begin("evening", now)->second;
  answer(job, number, "owed");
  now += 30s;
  number = desk.begin("evening", now)->second;
  answer(job, number, "skipped", "no session");
  CAF_CHECK_EQUAL(store(), "evening skipped (no session)");
}

CAF_TEST(an answer to a try that is over changes nothing) {
  auto [job, number] = begun("evening");
  desk.given(job, number, 1);
  desk.lose("evening", 2, day);
  answer(job, number, "done");
  auto again = desk.begin("evening", now);
  CAF_REQUIRE(again.has_value());
  answer(job, number, "done");
  CAF_CHECK_EQUAL(store(), "");
  answer(job, again->second, "done");
  CAF_CHECK_EQUAL(store(), "evening done");
  answer(job, again->second, "failed"); // of nothing
  desk.stored(job, true);
  CAF_CHECK(desk.empty());
}

CAF_TEST(who ends each time is asked a bounded number of times) {
  auto [job, number] = begun("training");
  for (std::uint64_t generation = 1; generation <= job_desk::losses_max;
       ++generation) {
    desk.given(job, number, generation);
    desk.lose("training", generation, day); // it still lives
    CAF_CHECK(!desk.begin("training", now));
    desk.lose("training", generation + 1, day);
    auto next = desk.begin("training", now);
    CAF_REQUIRE(next.has_value());
    number = next->second;
  }
  desk.given(job, number, 50);
  desk.lose("training", 51, day);
  CAF_CHECK_EQUAL(store(),
                  "training failed (whoever did it ended each time)");
}

CAF_TEST(a try that nobody has yet is not lost) {
  auto [job, number] = begun("training");
  desk.lose("training", 7, day);
  CAF_CHECK(!desk.begin("training", now));
  desk.put_back(job, number, now + 200ms);
  CAF_CHECK(!desk.begin("training", now));
  CAF_CHECK(desk.begin("training", now + 200ms).has_value());
}

CAF_TEST(older ones are skipped when a newer one is due) {
  for (int i = 0; i < 3; ++i)
    desk.owe(job_of("training", day + 24h * i));
  desk.owe(job_of("morning", day));
  desk.skip_older(day + 96h);
  // One after the other, so that the newest that is known stands for all.
  CAF_CHECK_EQUAL(store(), "morning owed, training skipped (a newer one is "
                           "due)");
  CAF_CHECK_EQUAL(store(), "training skipped (a newer one is due)");
  CAF_CHECK(desk.owes_unstored());
  CAF_CHECK(!desk.begin("training", now));
  CAF_CHECK_EQUAL(store(), "training owed");
  auto next = desk.begin("training", now);
  CAF_REQUIRE(next.has_value());
  CAF_CHECK(next->first.due_at == day + 48h);
}

CAF_TEST(one that is under way is not skipped) {
  auto [job, number] = begun("training");
  desk.owe(job_of("training", day + 24h));
  desk.skip_older(day + 24h);
  CAF_CHECK_EQUAL(store(), "training owed");
  CAF_CHECK(!desk.begin("training", now)); // one at a time
  answer(job, number, "done");
  CAF_CHECK_EQUAL(store(), "training done");
  CAF_CHECK(desk.begin("training", now).has_value());
}

CAF_TEST(one that has failed and is overtaken has failed) {
  auto [job, number] = begun("training");
  answer(job, number, "failed", "no data");
  desk.owe(job_of("training", day + 24h));
  desk.skip_older(day + 24h);
  CAF_CHECK_EQUAL(store(), "training failed (no data), training owed");
}

CAF_TEST(what is owed from before goes on) {
  desk.resume(job_of("morning", day));
  desk.resume(job_of("morning", day + 24h));
  desk.owe(job_of("morning", day + 24h)); // known
  CAF_CHECK(!desk.owes_unstored());
  desk.skip_older(day + 24h);
  CAF_CHECK_EQUAL(store(), "morning skipped (a newer one is due)");
  CAF_CHECK(desk.begin("morning", now)->first.due_at == day + 24h);
}

CAF_TEST(where nobody does it a job is skipped) {
  auto [job, number] = begun("training");
  desk.skip(job, number, "nobody here does it", day - 2h);
  auto sent = desk.take_unstored();
  CAF_REQUIRE_EQUAL(sent.size(), 1u);
  CAF_CHECK_EQUAL(sent[0].status, "skipped");
  // Of a replay the clock may show the slot before.
  CAF_CHECK(sent[0].ended_at == day);
}

CAF_TEST_FIXTURE_SCOPE_END()
