#define CAF_SUITE time_limits
#include "tests/unit/supervision/fixture.hpp"

#include "runtime/supervision/hop_span.hpp"

using namespace banksia;
using namespace banksia::supervision_test;

namespace {

/// Long over, and never within a test.
constexpr deadline_ns past = 1;
constexpr deadline_ns future = std::uint64_t{1} << 62;

/// What one request came to.
struct outcome_of_one {
  std::optional<std::int32_t> value;
  caf::error failure;
};

/// Says which deadline a handler sees, and what a request from there carries.
using relay_actor
  = caf::typed_actor<caf::replies_to<std::int32_t>::with<std::int32_t>>;

struct relay_state {
  static inline const char* name = "relay";
  deadline_ns seen = 0;
};

using relay_self = shell<relay_state, relay_actor>;

relay_actor::behavior_type relay(relay_self* self,
                                 std::shared_ptr<probe> watched,
                                 doubler_actor next, deadline_ns* seen,
                                 bool passes_on) {
  prepare(self, std::move(watched));
  return {
    [=](std::int32_t x) {
      *seen = handled_deadline();
      asking_scope on{passes_on ? handled_deadline() : 0};
      // Whoever is asked comes to it after that.
      return self->delegate(next, x);
    },
  };
}

struct limits_fixture : supervision_fixture {
  doubler_actor target = sys.spawn(doubler, board->at("doubler"));

  ~limits_fixture() override {
    caf::anon_send_exit(target, caf::exit_reason::kill);
    sched.run();
  }

  /// Asks within that deadline.
  template <class Handle>
  outcome_of_one ask_until(const Handle& whom, deadline_ns until, std::int32_t x = 3) {
    auto result = std::make_shared<outcome_of_one>();
    auto asker = [=](caf::event_based_actor* self) {
      asking_scope in_time{until};
      self->request(whom, caf::infinite, x)
        .then([=](std::int32_t y) { result->value = y; },
              [=](caf::error& e) { result->failure = e; });
    };
    sys.spawn(asker);
    sched.run();
    return *result;
  }

  std::uint64_t late() { return board->at("doubler")->late.load(); }
  std::uint64_t handled() { return board->at("doubler")->messages.load(); }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(time_limits_tests, limits_fixture)

CAF_TEST(what nobody waits for any more is not begun and who asked is told) {
  auto x = ask_until(target, past);
  CAF_CHECK(!x.value);
  CAF_CHECK(x.failure == caf::sec::request_timeout);
  CAF_CHECK_EQUAL(late(), 1u);
  CAF_CHECK_EQUAL(handled(), 0u);
}

CAF_TEST(what is in time or has no limit is answered) {
  CAF_CHECK(ask_until(target, future).value == 6);
  CAF_CHECK(ask_until(target, 0).value == 6);
  CAF_CHECK_EQUAL(late(), 0u);
  CAF_CHECK_EQUAL(handled(), 2u);
}

CAF_TEST(a message without an answer has no limit) {
  {
    asking_scope in_time{past};
    caf::anon_send(target, std::int32_t{3});
  }
  sched.run();
  CAF_CHECK_EQUAL(handled(), 1u);
  CAF_CHECK_EQUAL(late(), 0u);
}

CAF_TEST(the earlier of two limits counts and each ends with its scope) {
  CAF_CHECK_EQUAL(asking_deadline(), 0u);
  {
    asking_scope outer{200};
    CAF_CHECK_EQUAL(asking_deadline(), 200u);
    {
      asking_scope later{300};
      CAF_CHECK_EQUAL(asking_deadline(), 200u);
      asking_scope none{0};
      CAF_CHECK_EQUAL(asking_deadline(), 200u);
      asking_scope sooner{100};
      CAF_CHECK_EQUAL(asking_deadline(), 100u);
    }
    CAF_CHECK_EQUAL(asking_deadline(), 200u);
  }
  CAF_CHECK_EQUAL(asking_deadline(), 0u);
}

CAF_TEST(a handler sees the limit of its request and none after it) {
  deadline_ns seen = 0;
  auto it = sys.spawn(relay, board->at("relay"), target, &seen, false);
  CAF_CHECK(ask_until(it, future).value == 6);
  CAF_CHECK(seen == future);
  CAF_CHECK(ask_until(it, 0).value == 6);
  CAF_CHECK(seen == 0u);
  CAF_CHECK_EQUAL(handled_deadline(), 0u);
  caf::anon_send_exit(it, caf::exit_reason::kill);
  sched.run();
}

CAF_TEST(a limit and a span go together) {
  auto spans = std::make_shared<telemetry::tracer>();
  auto root = spans->begin();
  telemetry::trace_scope within{spans.get(), root};
  asking_scope in_time{future};
  auto make = [] {
    return caf::make_mailbox_element(nullptr, caf::make_message_id(), {},
                                     std::int32_t{3});
  };
  auto tell = carry(make(), telemetry::current_trace());
  const auto* kept = traced_element::from(*tell);
  CAF_REQUIRE(kept != nullptr);
  CAF_CHECK(kept->origin.context == root);
  CAF_CHECK_EQUAL(kept->origin.until, 0u);
  auto plain = carry(make(), nullptr);
  CAF_CHECK(traced_element::from(*plain) == nullptr);
  CAF_CHECK_EQUAL(deadline_of(*plain), 0u);
  // What has crossed over keeps what it came with.
  auto again = carry(std::move(tell), nullptr);
  CAF_CHECK(traced_element::from(*again) == kept);
}

CAF_TEST_FIXTURE_SCOPE_END()
