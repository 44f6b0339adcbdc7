#define CAF_SUITE queued_job
#include "runtime/supervision/queued_job.hpp"

#include "caf/test/dsl.hpp"

#include <caf/all.hpp>

#include <memory>
#include <utility>
#include <vector>

using namespace banksia;

namespace {

/// Adds up what it is sent.
struct adder : queued<caf::event_based_actor> {
  adder(caf::actor_config& cfg, std::uint64_t* to)
    : queued<caf::event_based_actor>(cfg), sum(to) {}

  caf::behavior make_behavior() override {
    return {[this](std::uint64_t x) { *sum += x; }};
  }

  std::uint64_t* sum;
};

/// Keeps what is queued, as a worker's queue would.
struct queue : caf::execution_unit {
  explicit queue(caf::actor_system& system) : caf::execution_unit(&system) {}

  void exec_later(caf::resumable* job) override { jobs.push_back(job); }

  /// Runs the only job, as a worker would.
  void run() {
    CAF_REQUIRE_EQUAL(jobs.size(), 1u);
    auto* job = std::exchange(jobs, {}).front();
    auto result = job->resume(this, 100);
    if (result == caf::resumable::resume_later)
      jobs.push_back(job);
    else
      caf::intrusive_ptr_release(job);
  }

  std::vector<caf::resumable*> jobs;
};

bool is_actor(caf::resumable* job) {
  return dynamic_cast<caf::abstract_actor*>(job) != nullptr;
}

/// An actor that has begun, and sleeps; run by nobody but the test.
struct job_fixture {
  caf::actor_system_config config;
  caf::actor_system system{config};
  queue place{system};
  std::uint64_t sum = 0;
  caf::actor actor;

  job_fixture() {
    caf::actor_config cfg{&place};
    actor = caf::make_actor<adder, caf::actor>(
      system.next_actor_id(), system.node(), &system, cfg, &sum);
    auto* self = caf::actor_cast<caf::abstract_actor*>(actor);
    static_cast<adder*>(self)->launch(&place, false, false);
    place.run();
  }

  ~job_fixture() {
    if (actor)
      end();
  }

  void send(std::uint64_t x) {
    actor->enqueue(nullptr, caf::make_message_id(), caf::make_message(x),
                   &place);
  }

  void end() {
    actor->enqueue(nullptr, caf::make_message_id(),
                   caf::make_message(
                     caf::exit_msg{{}, caf::exit_reason::user_shutdown}),
                   &place);
    place.run();
    actor = nullptr;
  }

  std::size_t references() const {
    return caf::actor_cast<caf::strong_actor_ptr>(actor)->strong_refs.load();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(queued_job_tests, job_fixture)

CAF_TEST(a message to a sleeping actor queues a job that is no actor) {
  send(3);
  CAF_REQUIRE_EQUAL(place.jobs.size(), 1u);
  CAF_CHECK(!is_actor(place.jobs.front()));
  CAF_CHECK(place.jobs.front()->subtype() == caf::resumable::unspecified);
  place.run();
  CAF_CHECK_EQUAL(sum, 3u);
}

CAF_TEST(an actor that waits to run is queued once) {
  send(1);
  send(2);
  CAF_CHECK_EQUAL(place.jobs.size(), 1u);
  place.run();
  CAF_CHECK_EQUAL(sum, 3u);
  send(4);
  place.run();
  CAF_CHECK_EQUAL(sum, 7u);
}

CAF_TEST(a job holds a reference to its actor until it has run) {
  auto asleep = references();
  send(1);
  CAF_CHECK_EQUAL(references(), asleep + 1);
  place.run();
  CAF_CHECK_EQUAL(references(), asleep);
}

CAF_TEST(an actor whose handles are gone still handles what waits) {
  auto left = caf::actor_cast<caf::actor_addr>(actor);
  send(5);
  actor = nullptr;
  CAF_CHECK(caf::actor_cast<caf::actor>(left) != nullptr);
  place.run();
  CAF_CHECK_EQUAL(sum, 5u);
  CAF_CHECK(caf::actor_cast<caf::actor>(left) == nullptr);
}

CAF_TEST(an ended actor is not queued and its asker is told) {
  auto ended = actor;
  end();
  caf::scoped_actor asker{system};
  caf::error told;
  asker->request(ended, caf::infinite, std::uint64_t{1})
    .receive([] {}, [&](caf::error& x) { told = std::move(x); });
  CAF_CHECK(told == caf::sec::request_receiver_down);
  CAF_CHECK(place.jobs.empty());
}

// There ThreadSanitizer does not see what is in order (see `lightly_queued`).
#if !defined(__SANITIZE_THREAD__)
CAF_TEST(from outside of a scheduler a job goes to its queue) {
  // The system's own workers run it.
  caf::scoped_actor asker{system};
  caf::anon_send(actor, std::uint64_t{9});
  caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  asker->wait_for(actor);
  CAF_CHECK_EQUAL(sum, 9u);
  actor = nullptr;
}
#endif

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST_FIXTURE_SCOPE(coordinated, test_coordinator_fixture<>)

CAF_TEST(a test coordinator sees the actor itself) {
  std::uint64_t sum = 0;
  auto actor = sys.spawn<adder, caf::lazy_init>(&sum);
  caf::anon_send(actor, std::uint64_t{6});
  CAF_REQUIRE_EQUAL(sched.jobs.size(), 1u);
  CAF_CHECK(sched.prioritize(actor));
  sched.run();
  CAF_CHECK_EQUAL(sum, 6u);
}

CAF_TEST_FIXTURE_SCOPE_END()
