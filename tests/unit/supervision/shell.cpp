#define CAF_SUITE shell
#include "tests/unit/supervision/fixture.hpp"

using namespace banksia;
using namespace banksia::supervision_test;

namespace {

struct shell_fixture : supervision_fixture {
  std::shared_ptr<probe> watched = std::make_shared<probe>("doubler");
  doubler_actor actor = sys.spawn(doubler, watched);

  shell_fixture() { sched.run(); }

  ~shell_fixture() override {
    self->send_exit(actor, caf::exit_reason::kill);
    sched.run();
  }

  /// Past the interface: what another build or a mistake may send.
  template <class... Ts>
  void send_untyped(Ts... xs) {
    caf::anon_send(caf::actor_cast<caf::actor>(actor), std::move(xs)...);
    sched.run();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(shell_tests, shell_fixture)

CAF_TEST(an exception in a handler keeps its text in the down reason) {
  auto end = watch(actor);
  caf::anon_send(actor, crash_atom::value, "the ledger says no");
  sched.run();
  CAF_CHECK(end->ended);
  CAF_CHECK(end->reason.find("the ledger says no") != std::string::npos);
  CAF_CHECK(end->reason.find("runtime_error") != std::string::npos);
}

CAF_TEST(an exception of no known type still is a reason) {
  auto error = error_from(std::make_exception_ptr(42));
  CAF_CHECK(error == caf::sec::runtime_error);
  CAF_CHECK(sys.render(error).find("int") != std::string::npos);
}

CAF_TEST(an exception at the start keeps its text) {
  auto failing = sys.spawn(
    [](doubler_self* self, std::shared_ptr<probe> x)
      -> doubler_actor::behavior_type {
      prepare(self, std::move(x));
      throw std::runtime_error("no such folder");
    },
    watched);
  auto end = watch(failing);
  sched.run();
  CAF_CHECK(end->ended);
  CAF_CHECK(end->reason.find("no such folder") != std::string::npos);
}

CAF_TEST(an exception while an answer is handled keeps its text) {
  auto target = actor;
  auto asker = sys.spawn(
    [target](doubler_self* self, std::shared_ptr<probe> x)
      -> doubler_actor::behavior_type {
      auto result = doubler(self, std::move(x));
      self->request(target, std::chrono::seconds{1}, std::int32_t{4})
        .then([](std::int32_t) { throw std::runtime_error("wrong sum"); });
      return result;
    },
    std::make_shared<probe>("asker"));
  auto end = watch(asker);
  sched.run();
  CAF_CHECK(end->reason.find("wrong sum") != std::string::npos);
}

CAF_TEST(messages nobody handles are counted and do not kill) {
  auto end = watch(actor);
  send_untyped(std::string{"hello"});
  send_untyped(3.5, std::int32_t{2});
  CAF_CHECK_EQUAL(watched->unexpected.load(), 2u);
  CAF_CHECK(!end->ended);
  CAF_CHECK_EQUAL(ask(actor, 21).value_or(0), 42);
}

CAF_TEST(a request nobody handles is answered with an error) {
  auto failed = std::make_shared<std::optional<caf::error>>();
  auto target = caf::actor_cast<caf::actor>(actor);
  sys.spawn([=](caf::event_based_actor* asker) {
    asker->request(target, std::chrono::seconds{3600}, std::string{"hello"})
      .then([] {}, [=](caf::error& x) { *failed = std::move(x); });
  });
  sched.run();
  CAF_REQUIRE(failed->has_value());
  CAF_CHECK(**failed == caf::sec::unexpected_message);
}

CAF_TEST(error messages are counted and do not kill) {
  auto end = watch(actor);
  send_untyped(caf::make_error(caf::sec::request_timeout));
  CAF_CHECK_EQUAL(watched->unexpected.load(), 1u);
  CAF_CHECK(!end->ended);
  CAF_CHECK_EQUAL(ask(actor, 4).value_or(0), 8);
}

CAF_TEST(the probe counts each message and knows the last one) {
  auto before = watched->messages.load();
  for (std::int32_t i = 0; i < 10; ++i)
    CAF_CHECK_EQUAL(ask(actor, i).value_or(-1), 2 * i);
  CAF_CHECK_EQUAL(watched->messages.load() - before, 10u);
  CAF_CHECK_EQUAL(watched->busy_since_ns.load(), 0u);
  CAF_CHECK_GREATER(watched->processing_ns.load(), 0u);
  CAF_CHECK_GREATER_OR_EQUAL(watched->processing_ns.load(),
                             watched->slowest_ns.load());
  CAF_CHECK_LESS_OR_EQUAL(watched->last_message_ns.load(), monotonic_ns());
  CAF_CHECK_EQUAL(last_message_of(*watched), "int");
  send_untyped(std::string{"hello"});
  CAF_CHECK(last_message_of(*watched).find("string") != std::string::npos);
}

CAF_TEST(the probe shows what is being handled while it is) {
  auto seen = std::make_shared<std::uint64_t>(0);
  auto busy = sys.spawn(
    [seen](doubler_self* self, std::shared_ptr<probe> x)
      -> doubler_actor::behavior_type {
      prepare(self, x);
      return {
        [seen, x](std::int32_t n) {
          *seen = x->busy_since_ns.load();
          return n;
        },
        [](crash_atom, const std::string&) {},
      };
    },
    watched);
  auto before = monotonic_ns();
  CAF_CHECK_EQUAL(ask(busy, 1).value_or(0), 1);
  // By the coarse clock, which may be a tick behind.
  CAF_CHECK_GREATER_OR_EQUAL(*seen + 100'000'000, before);
  CAF_CHECK_EQUAL(watched->busy_since_ns.load(), 0u);
  self->send_exit(busy, caf::exit_reason::kill);
  sched.run();
}

CAF_TEST(a crash is counted and leaves no actor that looks busy) {
  auto before = watched->messages.load();
  caf::anon_send(actor, crash_atom::value, "gone");
  sched.run();
  CAF_CHECK_EQUAL(watched->messages.load() - before, 1u);
  CAF_CHECK_EQUAL(watched->busy_since_ns.load(), 0u);
}

CAF_TEST(the length of the mailbox is told every 64 messages) {
  for (std::int32_t i = 0; i < 200; ++i)
    caf::anon_send(actor, i);
  sched.run_once();
  CAF_CHECK_EQUAL(watched->mailbox_size.load(), 0u);
  while (watched->mailbox_size.load() == 0 && sched.try_run_once()) {
  }
  CAF_CHECK_GREATER_OR_EQUAL(watched->mailbox_size.load(), 200u - 64u);
  CAF_CHECK_LESS(watched->mailbox_size.load(), 200u);
}

CAF_TEST(an actor on demand begins with its first message) {
  auto begun = std::make_shared<bool>(false);
  auto fun = [begun](doubler_self* self, std::shared_ptr<probe> x) {
    *begun = true;
    return doubler(self, std::move(x));
  };
  auto lazy = spawn_at(sys, placement::on_demand, fun, watched);
  sched.run();
  CAF_CHECK(!*begun);
  CAF_CHECK_EQUAL(ask(lazy, 3).value_or(0), 6);
  CAF_CHECK(*begun);
  *begun = false;
  auto eager = spawn_at(sys, placement::pooled, fun, watched);
  sched.run();
  CAF_CHECK(*begun);
  for (const auto& x : {lazy, eager})
    self->send_exit(x, caf::exit_reason::kill);
  sched.run();
}

CAF_TEST(a detached actor answers from a thread of its own) {
  auto own = std::make_shared<probe>("detached");
  auto here = std::this_thread::get_id();
  auto there = std::make_shared<std::thread::id>();
  auto detached = spawn_at(
    sys, placement::detached,
    [there](doubler_self* self, std::shared_ptr<probe> x) {
      *there = std::this_thread::get_id();
      return doubler(self, std::move(x));
    },
    own);
  for (std::int32_t i = 0; i < 3; ++i)
    self->request(detached, std::chrono::seconds{60}, i)
      .receive([&](std::int32_t x) { CAF_CHECK_EQUAL(x, 2 * i); },
               [](const caf::error&) { CAF_FAIL("no answer"); });
  CAF_CHECK(*there != here);
  self->send_exit(detached, caf::exit_reason::user_shutdown);
  self->wait_for(detached);
  // Three requests and the exit.
  CAF_CHECK_EQUAL(own->messages.load(), 4u);
}

CAF_TEST_FIXTURE_SCOPE_END()
