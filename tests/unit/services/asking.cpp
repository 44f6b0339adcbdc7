#define CAF_SUITE services_asking
#include "actors/services/asking.hpp"

#include "actors/services/routes.hpp"

#include "tests/unit/actors/peers.hpp"
#include "tests/unit/services/kept_exchange.hpp"

using namespace banksia;
using namespace banksia::actors_test;
using namespace std::chrono_literals;

namespace {

using answers = std::shared_ptr<test::kept_exchange>;

/// A bridge with stand-ins for whom it asks, on CAF's simulated clock.
struct asking_fixture : actors_fixture {
  shared_context context = std::make_shared<service_context>();
  http::router routes;
  std::shared_ptr<peer> scheduler, evaluator;

  asking_fixture() {
    context->setup.names = &names;
    context->setup.plan = std::make_shared<run_plan>(make_plan());
    context->setup.database = "/nowhere/banksia.db";
    context->elapsed = [this] { return sys.clock().now(); };
    component_health well;
    well.component = "database";
    context->health.set({well}, monotonic_ns());
    scheduler = stand_in("scheduler");
    evaluator = stand_in("evaluator");
    publish(std::string{evaluation_bridge},
            sys.spawn(bridge, std::make_shared<probe>("api/evaluation"),
                      context));
    publish(std::string{prediction_bridge},
            sys.spawn(bridge, std::make_shared<probe>("api/prediction"),
                      context));
    sched.run();
    add_evaluation_routes(routes, context);
    add_prediction_routes(routes, context);
  }

  /// Puts a request; what comes of it is in the returned value.
  answers post(const std::string& path,
               std::chrono::milliseconds time = 30s) {
    return put(http::method::post, path, time);
  }

  answers put(http::method method, const std::string& path,
              std::chrono::milliseconds time) {
    auto kept = queue(method, path, time);
    sched.run();
    return kept;
  }

  /// Likewise, without anything running yet.
  answers queue(http::method method, const std::string& path,
                std::chrono::milliseconds time) {
    http::request what;
    what.method = method;
    CAF_REQUIRE(http::parse_target(path, what));
    what.deadline = context->elapsed() + time;
    auto kept = std::make_shared<test::kept_exchange>();
    routes.find(what.method, what.segments)
      .found->handler(what, http::responder{kept});
    return kept;
  }

  breaker_state breaker() const {
    return context->parts.evaluator.state(context->elapsed());
  }

  /// Lets so many questions time out.
  void time_out(int times) {
    for (int i = 0; i < times; ++i) {
      auto got = post("/evaluations/process");
      pass(5s);
      CAF_REQUIRE_EQUAL(got->answers.size(), 1u);
      CAF_CHECK_EQUAL(got->answers[0].status, 504);
    }
  }
};

bool says(const answers& x, std::string_view text) {
  return !x->answers.empty()
         && x->answers[0].body.find(text) != std::string::npos;
}

std::string header_of(const answers& x, std::string_view name) {
  for (const auto& [known, value] : x->answers.at(0).headers)
    if (known == name)
      return value;
  return {};
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(asking_tests, asking_fixture)

CAF_TEST(an answer in time is the answer) {
  evaluator->reply = always<wire::sweep_atom>(std::uint64_t{3});
  auto got = post("/evaluations/process");
  CAF_REQUIRE_EQUAL(got->answers.size(), 1u);
  CAF_CHECK_EQUAL(got->answers[0].body, "{\"open\":3}");
}

CAF_TEST(a part that is silent is given up when its patience ends) {
  auto got = post("/evaluations/process");
  pass(4999ms);
  CAF_CHECK(got->answers.empty());
  pass(1ms);
  CAF_REQUIRE_EQUAL(got->answers.size(), 1u);
  CAF_CHECK_EQUAL(got->answers[0].status, 504);
  CAF_CHECK(says(got, "/problems/part-silent"));
  CAF_CHECK(says(got, "\"dependency\":\"evaluator\""));
}

CAF_TEST(a part is asked for no longer than the request has) {
  auto got = post("/evaluations/process", 700ms);
  pass(700ms);
  CAF_REQUIRE_EQUAL(got->answers.size(), 1u);
  CAF_CHECK_EQUAL(got->answers[0].status, 504);
  // The haste of one client is nothing that others should suffer from.
  for (int i = 0; i < 20; ++i) {
    post("/evaluations/process", 1ms);
    pass(1ms);
  }
  CAF_CHECK(breaker() == breaker_state::closed);
}

CAF_TEST(a job whose time is over when it comes up is not begun) {
  auto got = queue(http::method::post, "/evaluations/process", 50ms);
  advance_time(50ms);
  sched.run();
  CAF_REQUIRE_EQUAL(got->answers.size(), 1u);
  CAF_CHECK_EQUAL(got->answers[0].status, 504);
  CAF_CHECK(says(got, "/problems/deadline-passed"));
  CAF_CHECK_EQUAL(evaluator->received(), 0u);
}

CAF_TEST(after three silences a part is not asked until a probe is answered) {
  time_out(3);
  CAF_CHECK(breaker() == breaker_state::open);
  auto asked = evaluator->received();
  auto refused = post("/evaluations/process");
  CAF_REQUIRE_EQUAL(refused->answers.size(), 1u);
  CAF_CHECK_EQUAL(refused->answers[0].status, 503);
  CAF_CHECK(says(refused, "/problems/part-failing"));
  CAF_CHECK_EQUAL(header_of(refused, "Retry-After"), "5");
  CAF_CHECK_EQUAL(evaluator->received(), asked);
  CAF_CHECK_EQUAL(context->parts.evaluator.trouble(context->elapsed()),
                  "evaluator is not asked for now: evaluator did not answer "
                  "within 5000 ms");
  // Others are not concerned.
  CAF_CHECK(context->parts.scheduler.state(context->elapsed())
            == breaker_state::closed);
  pass(5s);
  evaluator->reply = always<wire::sweep_atom>(std::uint64_t{0});
  CAF_CHECK(says(post("/evaluations/process"), "{\"open\":0}"));
  CAF_CHECK(breaker() == breaker_state::closed);
  CAF_CHECK_EQUAL(context->parts.evaluator.trouble(context->elapsed()), "");
}

CAF_TEST(a probe that is not answered keeps it closed to others) {
  time_out(3);
  pass(5s);
  auto probe = post("/evaluations/process");
  CAF_CHECK(probe->answers.empty());
  CAF_CHECK(says(post("/evaluations/process"), "/problems/part-failing"));
  pass(5s);
  CAF_CHECK(says(probe, "/problems/part-silent"));
  CAF_CHECK(breaker() == breaker_state::open);
}

CAF_TEST(no more than so many wait for one part) {
  for (int i = 0; i < 64; ++i)
    post("/evaluations/process");
  auto one_more = post("/evaluations/process");
  CAF_REQUIRE_EQUAL(one_more->answers.size(), 1u);
  CAF_CHECK_EQUAL(one_more->answers[0].status, 503);
  CAF_CHECK(says(one_more, "/problems/part-busy"));
  evaluator->give(0, std::uint64_t{0});
  sched.run();
  CAF_CHECK(post("/evaluations/process")->answers.empty());
}

CAF_TEST(what may have been done is not asked for a second time) {
  kill(evaluator->handle);
  auto got = post("/evaluations/process");
  CAF_REQUIRE_EQUAL(got->answers.size(), 1u);
  CAF_CHECK_EQUAL(got->answers[0].status, 503);
  CAF_CHECK(says(got, "/problems/part-away"));
  CAF_CHECK(breaker() == breaker_state::closed);
}

CAF_TEST(a part that is started again gets a harmless question once more) {
  kill(scheduler->handle);
  auto got = post("/predictions/generate");
  CAF_CHECK(got->answers.empty());
  scheduler = stand_in("scheduler");
  auto asked = scheduler->count<wire::status_atom>();
  CAF_CHECK_EQUAL(asked, 1u);
  scheduler->give(0, schedule_status{});
  sched.run();
  // It got as far as the database, which is not there.
  CAF_CHECK(says(got, "/problems/database-away"));
}

CAF_TEST(without the scheduler its last word stands in at once) {
  for (int i = 0; i < 3; ++i) {
    post("/predictions/generate");
    pass(2s);
  }
  auto asked = scheduler->received();
  auto got = post("/predictions/generate");
  CAF_CHECK_EQUAL(got->answers.size(), 1u);
  CAF_CHECK_EQUAL(scheduler->received(), asked);
}

CAF_TEST(a database that keeps failing is not asked for a while) {
  for (int i = 0; i < 3; ++i)
    CAF_CHECK(says(put(http::method::get, "/predictions/latest", 10s),
                   "/problems/database-away"));
  auto got = put(http::method::get, "/predictions/latest", 10s);
  CAF_CHECK(says(got, "/problems/part-failing"));
  CAF_CHECK(says(got, "\"dependency\":\"store\""));
  CAF_CHECK_EQUAL(header_of(got, "Retry-After"), "5");
  // The same database by another service.
  CAF_CHECK(says(put(http::method::get, "/evaluations", 10s),
                 "/problems/part-failing"));
  pass(5s);
  CAF_CHECK(says(put(http::method::get, "/predictions/latest", 10s),
                 "/problems/database-away"));
}

CAF_TEST_FIXTURE_SCOPE_END()
