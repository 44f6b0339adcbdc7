#define CAF_SUITE job_walk
#include "actors/scheduler/job_walk.hpp"
#include "tests/unit/actors/samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::actors_test;
using std::chrono::year;

namespace {

shared_plan plan_with(const daily_plan& daily) {
  auto plan = make_plan();
  plan.daily = daily;
  return std::make_shared<run_plan>(std::move(plan));
}

shared_plan full_plan() {
  return plan_with({std::chrono::hours{8}, 1, 60min, 60min});
}

/// "morning 2025-06-30T23:00:00Z, …"
std::string text_of(const std::vector<job_record>& jobs) {
  std::string result;
  for (const auto& x : jobs)
    result += (result.empty() ? "" : ", ") + x.kind + " "
              + to_rfc3339(x.due_at);
  return result;
}

std::string due(const shared_plan& plan, std::string_view after,
                std::string_view until) {
  return text_of(job_walk{plan, at(after)}.take(at(until)));
}

} // namespace

CAF_TEST(a day has a morning an evening and a training) {
  auto jobs = job_walk{full_plan(), at("2025-06-30T12:00:00Z")}.take(
    at("2025-07-01T12:00:00Z"));
  CAF_CHECK_EQUAL(text_of(jobs),
                  "morning 2025-06-30T23:00:00Z, "
                  "evening 2025-07-01T07:10:00Z, "
                  "training 2025-07-01T08:00:00Z");
  CAF_CHECK_EQUAL(jobs.front().run, "live");
  CAF_CHECK_EQUAL(jobs.front().status, "owed");
}

CAF_TEST(a database is cared for on each day also without a session) {
  // A Saturday and a Sunday.
  auto plan = plan_with({});
  CAF_CHECK_EQUAL(text_of(job_walk{plan, at("2025-07-04T17:00:00Z"), true}.take(
                    at("2025-07-06T17:00:00Z"))),
                  "maintenance 2025-07-05T17:00:00Z, "
                  "maintenance 2025-07-06T17:00:00Z");
  CAF_CHECK_EQUAL(due(plan, "2025-07-04T17:00:00Z", "2025-07-06T17:00:00Z"),
                  "");
  job_walk walk{plan, at("2025-07-04T17:00:00Z"), true};
  walk.reach(maintenance_job, at("2025-07-05T17:00:00Z"));
  CAF_CHECK_EQUAL(text_of(walk.take(at("2025-07-06T17:00:00Z"))),
                  "maintenance 2025-07-06T17:00:00Z");
}

CAF_TEST(a job is due at its end and not before) {
  auto plan = full_plan();
  CAF_CHECK_EQUAL(due(plan, "2025-07-01T07:00:00Z", "2025-07-01T07:09:59Z"),
                  "");
  CAF_CHECK_EQUAL(due(plan, "2025-07-01T07:00:00Z", "2025-07-01T07:10:00Z"),
                  "evening 2025-07-01T07:10:00Z");
  CAF_CHECK_EQUAL(due(plan, "2025-07-01T07:10:00Z", "2025-07-01T07:30:00Z"),
                  "");
  CAF_CHECK_EQUAL(due(plan, "2025-07-01T08:00:00Z", "2025-07-01T08:00:00Z"),
                  "");
}

CAF_TEST(daylight saving moves the analyses and not the training) {
  auto plan = full_plan();
  // Clocks go forward on Sunday, 5 October 2025: the open is at 23:00Z.
  CAF_CHECK_EQUAL(due(plan, "2025-10-02T20:00:00Z", "2025-10-03T20:00:00Z"),
                  "morning 2025-10-02T23:00:00Z, "
                  "evening 2025-10-03T07:10:00Z, "
                  "training 2025-10-03T08:00:00Z");
  CAF_CHECK_EQUAL(due(plan, "2025-10-06T20:00:00Z", "2025-10-07T20:00:00Z"),
                  "morning 2025-10-06T22:00:00Z, "
                  "evening 2025-10-07T06:10:00Z, "
                  "training 2025-10-07T08:00:00Z");
  // And back on Sunday, 6 April 2025.
  CAF_CHECK_EQUAL(due(plan, "2025-04-04T20:00:00Z", "2025-04-07T12:00:00Z"),
                  "training 2025-04-05T08:00:00Z, "
                  "training 2025-04-06T08:00:00Z, "
                  "morning 2025-04-06T23:00:00Z, "
                  "evening 2025-04-07T07:10:00Z, "
                  "training 2025-04-07T08:00:00Z");
}

CAF_TEST(a day without a session has a training alone) {
  auto plan = full_plan();
  // Christmas, Boxing Day and a weekend.
  CAF_CHECK_EQUAL(due(plan, "2025-12-24T12:00:00Z", "2025-12-28T12:00:00Z"),
                  "training 2025-12-25T08:00:00Z, "
                  "training 2025-12-26T08:00:00Z, "
                  "training 2025-12-27T08:00:00Z, "
                  "training 2025-12-28T08:00:00Z");
}

CAF_TEST(the evening of a half day comes earlier) {
  auto eve = session_of(year{2025} / 12 / 24);
  CAF_REQUIRE(eve.half_day);
  auto jobs = job_walk{full_plan(), eve.opens_at}.take(eve.opens_at + 12h);
  CAF_REQUIRE(!jobs.empty());
  CAF_CHECK_EQUAL(jobs.front().kind, evening_job);
  CAF_CHECK(jobs.front().due_at == eve.auction_ends_at + 60min);
  auto full = session_of(year{2025} / 12 / 23);
  CAF_CHECK(eve.auction_ends_at < full.auction_ends_at + 24h);
}

CAF_TEST(long distances reach into other days) {
  // The evening is due behind the next morning of the plan.
  auto plan = plan_with({std::nullopt, 1, 12h, 12h});
  CAF_CHECK_EQUAL(due(plan, "2025-06-30T10:00:00Z", "2025-07-01T18:10:00Z"),
                  "morning 2025-06-30T12:00:00Z, "
                  "evening 2025-06-30T18:10:00Z, "
                  "morning 2025-07-01T12:00:00Z, "
                  "evening 2025-07-01T18:10:00Z");
}

CAF_TEST(trainings keep their days over restarts) {
  auto plan = plan_with({std::chrono::hours{8}, 3, std::nullopt,
                         std::nullopt});
  job_walk whole{plan, at("2025-07-01T00:00:00Z")};
  auto all = text_of(whole.take(at("2025-07-20T00:00:00Z")));
  std::string parts;
  for (int day = 1; day < 20; ++day) {
    auto from = at("2025-07-01T00:00:00Z") + 24h * (day - 1);
    auto some = text_of(job_walk{plan, from}.take(from + 24h));
    if (!some.empty())
      parts += (parts.empty() ? "" : ", ") + some;
  }
  CAF_CHECK_EQUAL(parts, all);
  CAF_CHECK(!all.empty());
}

CAF_TEST(a walk gives each job once) {
  job_walk walk{full_plan(), at("2025-06-30T12:00:00Z")};
  std::size_t count = 0;
  for (auto now = at("2025-06-30T12:00:00Z"); now < at("2025-07-03T12:00:00Z");
       now += 7min)
    count += walk.take(now).size();
  CAF_CHECK_EQUAL(count, 9u);
  // The clock does not go back, but if it did, nothing would come twice.
  CAF_CHECK(walk.take(at("2025-07-01T12:00:00Z")).empty());
}

CAF_TEST(what is known of a kind is not given again) {
  job_walk walk{full_plan(), at("2025-06-30T12:00:00Z")};
  walk.reach(evening_job, at("2025-07-01T07:10:00Z"));
  walk.reach("of another build", at("2026-07-01T00:00:00Z"));
  CAF_CHECK_EQUAL(text_of(walk.take(at("2025-07-01T12:00:00Z"))),
                  "morning 2025-06-30T23:00:00Z, "
                  "training 2025-07-01T08:00:00Z");
}

CAF_TEST(without a plan nothing is due) {
  CAF_CHECK_EQUAL(due(plan_with({}), "2025-01-01T00:00:00Z",
                      "2025-12-31T00:00:00Z"),
                  "");
}

CAF_TEST(analyses end with the calendar) {
  auto plan = plan_with({std::nullopt, 1, 60min, 60min});
  auto last = sydney().sessions().back();
  job_walk walk{plan, last.opens_at - 2h};
  CAF_CHECK_EQUAL(walk.take(last.auction_ends_at + 24h * 30).size(), 2u);
  CAF_CHECK(walk.take(last.auction_ends_at + 24h * 60).empty());
}
