#define CAF_SUITE crossing
#include "tests/unit/supervision/fixture.hpp"
#include "tests/unit/tracing/recorded.hpp"

#include "actors/tracing/crossing.hpp"
#include "actors/tracing/work.hpp"
#include "messages/carried.hpp"
#include "runtime/supervision/try_later.hpp"

using namespace banksia;
using namespace banksia::supervision_test;
using namespace banksia::tracing_test;

namespace {

/// Two clocks that have nothing in common, as of two machines.
constexpr std::uint64_t here_ns() noexcept { return 5'000'000'000; }

std::uint64_t there_ns() noexcept { return monotonic_ns(); }

/// Keeps what comes.
struct line_end {
  std::vector<caf::message> seen;
};

caf::behavior keeper(caf::event_based_actor* self, std::shared_ptr<line_end> into) {
  self->set_default_handler(
    [=](caf::scheduled_actor*,
        caf::message_view& x) -> caf::result<caf::message> {
      into->seen.push_back(x.copy_content_to_message());
      return caf::make_error(caf::sec::unexpected_message);
    });
  return {[](crash_atom) {}};
}

struct asker_state {
  static inline const char* name = "asker";
};

using ask_atom = caf::atom_constant<caf::atom("ask")>;
using asker_actor = caf::typed_actor<caf::reacts_to<ask_atom>>;
using asker_self = shell<asker_state, asker_actor>;

/// What its question came to.
struct came {
  std::optional<std::int32_t> value;
  caf::error failure;
};

asker_actor::behavior_type asker(asker_self* self,
                                 std::shared_ptr<probe> watched,
                                 caf::actor whom, deadline_ns until,
                                 std::shared_ptr<came> into) {
  prepare(self, std::move(watched));
  return {
    [=](ask_atom) {
      asking_scope in_time{until};
      self
        ->request(caf::actor_cast<doubler_actor>(whom), caf::infinite,
                  std::int32_t{4})
        .then([=](std::int32_t x) { into->value = x; },
              [=](caf::error& why) { into->failure = why; });
    },
  };
}

struct crossing_fixture : supervision_fixture {
  std::shared_ptr<telemetry::tracer> spans
    = std::make_shared<telemetry::tracer>();
  std::shared_ptr<line_end> line = std::make_shared<line_end>();
  std::vector<caf::actor> ends;

  crossing_fixture() { board->spans = spans; }

  ~crossing_fixture() override {
    for (const auto& x : ends)
      caf::anon_send_exit(x, caf::exit_reason::kill);
    sched.run();
  }

  template <class Handle>
  caf::actor ended_later(const Handle& x) {
    ends.push_back(caf::actor_cast<caf::actor>(x));
    return ends.back();
  }

  caf::actor far_end() { return ended_later(sys.spawn(keeper, line)); }

  /// Asks there within a span, or in none.
  came ask_there(const caf::actor& whom, deadline_ns until,
                 const telemetry::trace_context& in = {}) {
    auto result = std::make_shared<came>();
    auto it = sys.spawn(asker, board->at("asker"), whom, until, result);
    ended_later(it);
    {
      telemetry::trace_scope within{spans.get(), in};
      caf::anon_send(it, ask_atom::value);
    }
    sched.run();
    return *result;
  }

  carried_call only_call() {
    CAF_REQUIRE_EQUAL(line->seen.size(), 1u);
    CAF_REQUIRE(line->seen[0].match_elements<carried_call>());
    return line->seen[0].get_as<carried_call>(0);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(crossing_tests, crossing_fixture)

CAF_TEST(what has neither span nor limit crosses as it is) {
  ask_there(to_far(far_end(), here_ns), 0);
  CAF_REQUIRE_EQUAL(line->seen.size(), 1u);
  CAF_CHECK(line->seen[0].match_elements<std::int32_t>());
}

CAF_TEST(the time that is left goes with a question and no clock does) {
  ask_there(to_far(far_end(), here_ns), here_ns() + 1'500'000'000);
  auto call = only_call();
  CAF_CHECK_EQUAL(call.left_us, 1'500'000u);
  CAF_CHECK(call.trace == trace_mark{});
  CAF_CHECK_EQUAL(call.content.get_as<std::int32_t>(0), 4);
}

CAF_TEST(less than a microsecond is not said to be no limit) {
  ask_there(to_far(far_end(), here_ns), here_ns() + 1);
  CAF_CHECK_EQUAL(only_call().left_us, 1u);
}

CAF_TEST(what is late already does not cross) {
  auto x = ask_there(to_far(far_end(), here_ns), here_ns());
  CAF_CHECK(x.failure == caf::sec::request_timeout);
  CAF_CHECK(line->seen.empty());
}

CAF_TEST(a span goes with a question and with a message that has no answer) {
  auto root = spans->begin();
  auto there = to_far(far_end(), here_ns);
  {
    telemetry::trace_scope within{spans.get(), root};
    caf::anon_send(there, std::int32_t{7});
  }
  sched.run();
  auto call = only_call();
  CAF_CHECK_EQUAL(call.trace.trace_high, root.trace_high);
  CAF_CHECK_EQUAL(call.trace.trace_low, root.trace_low);
  CAF_CHECK_EQUAL(call.trace.span, root.span);
  CAF_CHECK(call.trace.sampled);
  CAF_CHECK_EQUAL(call.left_us, 0u);
}

CAF_TEST(on the other side it goes on where it was asked) {
  auto near = sys.spawn(doubler, board->at("doubler"));
  ended_later(near);
  auto there = to_far(from_far(caf::actor_cast<caf::actor>(near), there_ns),
                      there_ns);
  auto root = spans->begin();
  auto x = ask_there(there, there_ns() + 60'000'000'000, root);
  CAF_CHECK(x.value == 8);
  auto seen = spans_of(*spans);
  auto asked = named(seen, "asker @atom");
  auto done = named(seen, "doubler @i32");
  auto answered = named(seen, "asker @i32");
  CAF_CHECK_EQUAL(asked.parent, root.span);
  CAF_CHECK_EQUAL(done.parent, asked.context.span);
  CAF_CHECK(done.remote_parent);
  CAF_CHECK(!asked.remote_parent);
  CAF_CHECK_EQUAL(answered.parent, asked.context.span);
  CAF_CHECK(!answered.remote_parent);
}

CAF_TEST(what waited too long on the other side is not begun there) {
  auto near = sys.spawn(doubler, board->at("doubler"));
  ended_later(near);
  // Its clock is a moment behind the one that decides.
  auto behind = +[]() noexcept -> std::uint64_t { return 1; };
  auto there = to_far(from_far(caf::actor_cast<caf::actor>(near), behind),
                      here_ns);
  auto x = ask_there(there, here_ns() + 1'000);
  CAF_CHECK(x.failure == caf::sec::request_timeout);
  CAF_CHECK_EQUAL(board->at("doubler")->late.load(), 1u);
  CAF_CHECK_EQUAL(board->at("doubler")->messages.load(), 0u);
}

CAF_TEST(what comes plain from an older build is taken as it is) {
  auto near = sys.spawn(doubler, board->at("doubler"));
  ended_later(near);
  auto x = ask_there(from_far(caf::actor_cast<caf::actor>(near)), 0);
  CAF_CHECK(x.value == 8);
}

CAF_TEST(a call that carries nothing is refused) {
  auto near = sys.spawn(doubler, board->at("doubler"));
  ended_later(near);
  auto it = from_far(caf::actor_cast<caf::actor>(near));
  auto failure = std::make_shared<caf::error>();
  sys.spawn([=](caf::event_based_actor* self) {
    self->request(it, caf::infinite, carried_call{})
      .then([](std::int32_t) {}, [=](caf::error& why) { *failure = why; });
  });
  caf::anon_send(it, carried_call{});
  sched.run();
  CAF_CHECK(*failure == caf::sec::malformed_basp_message);
  CAF_CHECK_EQUAL(board->at("doubler")->messages.load(), 0u);
}

CAF_TEST(a stand in ends with the actor that it stands for) {
  for (auto stand : {to_far, from_far}) {
    auto other = sys.spawn(doubler, board->at("doubler"));
    auto it = stand(caf::actor_cast<caf::actor>(other), monotonic_ns);
    auto seen = watch(it);
    CAF_CHECK(!seen->ended);
    caf::anon_send_exit(other, caf::exit_reason::kill);
    sched.run();
    CAF_CHECK(seen->ended);
    CAF_CHECK(ask_there(it, 0).failure == caf::sec::request_receiver_down);
  }
}

CAF_TEST(one that stands for a dead actor is dead) {
  auto other = sys.spawn(doubler, board->at("doubler"));
  caf::anon_send_exit(other, caf::exit_reason::kill);
  sched.run();
  auto it = to_far(caf::actor_cast<caf::actor>(other));
  CAF_CHECK(ask_there(it, 0).failure == caf::sec::request_receiver_down);
}

CAF_TEST(what is tried again later goes on in its span and a clock does not) {
  using again_atom = caf::atom_constant<caf::atom("again")>;
  using timer_actor = caf::typed_actor<caf::reacts_to<ask_atom>,
                                       caf::reacts_to<again_atom>>;
  using timer_self = shell<asker_state, timer_actor>;
  auto timer = [](timer_self* self,
                  std::shared_ptr<probe> watched) -> timer_actor::behavior_type {
    prepare(self, watched);
    return {
      [self](ask_atom) {
        try_later(self, std::chrono::milliseconds{100}, again_atom::value);
      },
      [](again_atom) {},
    };
  };
  auto it = sys.spawn(timer, board->at("timer"));
  ended_later(it);
  auto root = spans->begin();
  {
    telemetry::trace_scope within{spans.get(), root};
    caf::anon_send(it, ask_atom::value);
  }
  sched.run();
  auto first = named(spans_of(*spans), "timer @atom");
  CAF_CHECK_EQUAL(first.parent, root.span);
  advance_time(std::chrono::milliseconds{100});
  sched.run();
  auto second = spans_of(*spans);
  CAF_REQUIRE_EQUAL(second.size(), 1u);
  CAF_CHECK_EQUAL(second[0].parent, first.context.span);
  // Outside of a span it is a timer like any other.
  caf::anon_send(it, ask_atom::value);
  sched.run();
  advance_time(std::chrono::milliseconds{100});
  sched.run();
  CAF_CHECK_EQUAL(board->at("timer")->messages.load(), 4u);
  CAF_CHECK(spans_of(*spans).empty());
}

CAF_TEST(it can do what the one behind it can) {
  auto near = sys.spawn(doubler, board->at("doubler"));
  ended_later(near);
  auto it = from_far(caf::actor_cast<caf::actor>(near));
  CAF_CHECK(caf::actor_cast<caf::abstract_actor*>(it)->message_types()
            == caf::actor_cast<caf::abstract_actor*>(near)->message_types());
}

CAF_TEST_FIXTURE_SCOPE_END()
