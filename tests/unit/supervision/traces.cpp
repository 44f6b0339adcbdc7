#define CAF_SUITE traces
#include "tests/unit/supervision/fixture.hpp"

#include "runtime/supervision/hop_span.hpp"

#include <map>

using namespace banksia;
using namespace banksia::supervision_test;
using telemetry::span;
using telemetry::trace_context;
using telemetry::trace_scope;

namespace {

using ask_atom = caf::atom_constant<caf::atom("ask")>;
using tick_atom = caf::atom_constant<caf::atom("tick")>;

/// Asks the doubler, tells another one when the answer has come.
using asker_actor
  = caf::typed_actor<caf::replies_to<ask_atom, std::int32_t>::with<std::int32_t>,
                     caf::reacts_to<tick_atom>>;

struct asker_state {
  static inline const char* name = "asker";
  int ticks = 0;
};

using asker_self = shell<asker_state, asker_actor>;

asker_actor::behavior_type asker(asker_self* self,
                                 std::shared_ptr<probe> watched,
                                 doubler_actor peer) {
  prepare(self, std::move(watched));
  return {
    [=](ask_atom, std::int32_t x) {
      auto promise
        = self->make_response_promise<caf::typed_response_promise<std::int32_t>>();
      self->request(peer, std::chrono::seconds{5}, x)
        .then(
          [=](std::int32_t y) mutable {
            self->send(self, tick_atom::value);
            promise.deliver(y);
          },
          [=](caf::error& e) mutable { promise.deliver(e); });
      return promise;
    },
    [=](tick_atom) { ++self->state.ticks; },
  };
}

/// Keeps requests and answers them all within the last one's handling.
using batcher_actor
  = caf::typed_actor<caf::replies_to<std::int32_t>::with<std::int32_t>,
                     caf::reacts_to<crash_atom, std::string>>;

struct batcher_state {
  static inline const char* name = "batcher";
  std::vector<caf::typed_response_promise<std::int32_t>> waiting;
};

using batcher_self = shell<batcher_state, batcher_actor>;

batcher_actor::behavior_type batcher(batcher_self* self,
                                     std::shared_ptr<probe> watched) {
  prepare(self, std::move(watched));
  return {
    [=](std::int32_t) {
      auto& waiting = self->state.waiting;
      waiting.push_back(
        self
          ->make_response_promise<caf::typed_response_promise<std::int32_t>>());
      auto last = waiting.back();
      if (waiting.size() == 2)
        for (auto& x : std::exchange(waiting, {}))
          x.deliver(1);
      return last;
    },
    [](crash_atom, const std::string&) {},
  };
}

struct traces_fixture : supervision_fixture {
  std::shared_ptr<telemetry::tracer> spans
    = std::make_shared<telemetry::tracer>();
  doubler_actor peer;
  asker_actor first;

  traces_fixture() {
    board->spans = spans;
    peer = sys.spawn(doubler, board->at("doubler"));
    first = sys.spawn(asker, board->at("asker"), peer);
    sched.run();
  }

  ~traces_fixture() override {
    for (auto x : {caf::actor_cast<caf::actor>(peer),
                   caf::actor_cast<caf::actor>(first)})
      caf::anon_send_exit(x, caf::exit_reason::kill);
    sched.run();
  }

  /// The spans so far by name.
  std::map<std::string, span> recorded() {
    std::map<std::string, span> result;
    spans->hurry();
    for (auto& x : spans->take(1000, std::chrono::milliseconds{0}))
      result.emplace(x.name, x);
    return result;
  }
};

std::string name_of(const char* who, const char* what) {
  return std::string{who} + " " + what;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(traces_tests, traces_fixture)

CAF_TEST(without a span around it nothing is recorded) {
  CAF_CHECK(ask(peer, 4) == 8);
  CAF_CHECK_EQUAL(spans->counts().recorded, 0u);
}

CAF_TEST(a request its answer and what follows are one trace) {
  auto root = spans->begin();
  {
    trace_scope scope{spans.get(), root};
    caf::anon_send(first, ask_atom::value, std::int32_t{3});
  }
  sched.run();
  auto seen = recorded();
  CAF_REQUIRE_EQUAL(seen.size(), 4u);
  const auto& asked = seen.at(name_of("asker", "@atom, @i32"));
  const auto& doubled = seen.at(name_of("doubler", "@i32"));
  const auto& answered = seen.at(name_of("asker", "@i32"));
  const auto& told = seen.at(name_of("asker", "@atom"));
  CAF_CHECK_EQUAL(asked.parent, root.span);
  CAF_CHECK_EQUAL(doubled.parent, asked.context.span);
  CAF_CHECK_EQUAL(answered.parent, asked.context.span);
  CAF_CHECK_EQUAL(told.parent, answered.context.span);
  for (const auto& [name, x] : seen)
    CAF_CHECK(x.context.is_same_trace(root));
  CAF_CHECK(asked.kind == telemetry::span_kind::consumer);
  CAF_CHECK(doubled.kind == telemetry::span_kind::server);
  CAF_CHECK(answered.kind == telemetry::span_kind::internal);
  CAF_CHECK(telemetry::current_trace() == nullptr);
}

CAF_TEST(what is not sampled stays as it is) {
  telemetry::tracer none{{.sample_ratio = 0.0}};
  {
    trace_scope scope{&none, none.begin()};
    caf::anon_send(first, ask_atom::value, std::int32_t{3});
  }
  sched.run();
  CAF_CHECK_EQUAL(spans->counts().recorded, 0u);
}

CAF_TEST(answers given together go on in the spans that asked) {
  auto both = sys.spawn(batcher, board->at("batcher"));
  auto target = caf::actor_cast<doubler_actor>(both);
  auto second = sys.spawn(asker, board->at("second"), target);
  auto third = sys.spawn(asker, board->at("third"), target);
  auto one = spans->begin();
  auto two = spans->begin();
  {
    trace_scope scope{spans.get(), one};
    caf::anon_send(second, ask_atom::value, std::int32_t{1});
  }
  {
    trace_scope scope{spans.get(), two};
    caf::anon_send(third, ask_atom::value, std::int32_t{1});
  }
  sched.run();
  auto seen = recorded();
  CAF_CHECK(seen.at("second @i32").context.is_same_trace(one));
  CAF_CHECK(seen.at("third @i32").context.is_same_trace(two));
  for (auto x : {caf::actor_cast<caf::actor>(both),
                 caf::actor_cast<caf::actor>(second),
                 caf::actor_cast<caf::actor>(third)})
    caf::anon_send_exit(x, caf::exit_reason::kill);
  sched.run();
}

CAF_TEST(what is asked in a span that an actor begins goes on there) {
  // As a feed does within a timer's message, which is in no span.
  static trace_context own;
  own = spans->begin();
  auto begins = [](asker_self* self, std::shared_ptr<probe> watched,
                   doubler_actor peer) -> asker_actor::behavior_type {
    prepare(self, watched);
    return {
      [=](ask_atom, std::int32_t x) {
        trace_scope within{watched->spans.get(), own};
        self->request(peer, std::chrono::seconds{5}, x)
          .then([=](std::int32_t) { self->send(self, tick_atom::value); },
                [](caf::error&) {});
        return x;
      },
      [](tick_atom) {},
    };
  };
  auto it = sys.spawn(begins, board->at("it"), peer);
  caf::anon_send(it, ask_atom::value, std::int32_t{3});
  sched.run();
  auto seen = recorded();
  CAF_REQUIRE_EQUAL(seen.size(), 3u);
  CAF_CHECK_EQUAL(seen.at("doubler @i32").parent, own.span);
  CAF_CHECK_EQUAL(seen.at("it @i32").parent, own.span);
  CAF_CHECK_EQUAL(seen.at("it @atom").parent, seen.at("it @i32").context.span);
  caf::anon_send_exit(it, caf::exit_reason::kill);
  sched.run();
}

CAF_TEST(a crash is a failed span) {
  {
    trace_scope scope{spans.get(), spans->begin()};
    caf::anon_send(peer, crash_atom::value, "on purpose");
  }
  sched.run();
  auto seen = recorded();
  CAF_CHECK(seen.at("doubler @atom, @str").failed);
}

CAF_TEST(a message about other work belongs to that) {
  static trace_context work;
  work = spans->begin();
  board->work_of = [](const caf::type_erased_tuple& content,
                      const telemetry::tracer&) {
    return content.match_elements<std::int32_t>() ? std::optional{work}
                                                  : std::nullopt;
  };
  auto other = sys.spawn(doubler, board->at("other"));
  auto root = spans->begin();
  auto send = [&](const trace_context& in) {
    trace_scope scope{spans.get(), in};
    caf::anon_send(other, std::int32_t{3});
    sched.run();
    return recorded().at("other @i32");
  };
  auto elsewhere = send(root);
  CAF_CHECK(elsewhere.context.is_same_trace(work));
  CAF_CHECK_EQUAL(elsewhere.parent, work.span);
  // Within it, the sender's span is the nearer parent.
  auto nearer = telemetry::tracer::child_of(work);
  CAF_CHECK_EQUAL(send(nearer).parent, nearer.span);
  // And who sends outside of any span begins there too.
  caf::anon_send(other, std::int32_t{3});
  sched.run();
  CAF_CHECK(recorded().at("other @i32").parent == work.span);
  caf::anon_send_exit(other, caf::exit_reason::kill);
  sched.run();
}

CAF_TEST(the time in the mailbox is told) {
  {
    trace_scope scope{spans.get(), spans->begin()};
    caf::anon_send(peer, std::int32_t{3});
  }
  sched.run();
  auto hop = recorded().at("doubler @i32");
  auto found = std::find_if(hop.attributes.begin(), hop.attributes.end(),
                            [](const auto& x) {
                              return x.first == "banksia.queued_seconds";
                            });
  CAF_REQUIRE(found != hop.attributes.end());
  CAF_CHECK(std::get<double>(found->second) >= 0.0);
}

CAF_TEST(notes of what was asked are taken once and bounded) {
  telemetry::asked_notes notes;
  auto in = spans->begin();
  notes.note(1, in);
  CAF_CHECK(notes.take(1) == in);
  CAF_CHECK(!notes.take(1).is_valid());
  for (std::uint64_t i = 0; i < 2 * telemetry::asked_notes::notes_max; ++i)
    notes.note(i, in);
  CAF_CHECK_EQUAL(notes.size(), telemetry::asked_notes::notes_max + 0);
}

CAF_TEST(a message that is wrapped can be copied and moved) {
  auto inner = caf::make_mailbox_element(nullptr, caf::make_message_id(), {},
                                         std::int32_t{5}, std::string{"x"});
  traced_element x{std::move(inner), message_origin{spans->begin()}};
  CAF_CHECK(traced_element::from(x) == &x);
  CAF_CHECK(std::as_const(x).content().size() == 2u);
  auto copy = x.copy_content_to_message();
  CAF_CHECK_EQUAL(copy.get_as<std::int32_t>(0), 5);
  auto moved = x.move_content_to_message();
  CAF_CHECK_EQUAL(moved.get_as<std::string>(1), "x");
  auto plain = caf::make_mailbox_element(nullptr, caf::make_message_id(), {},
                                         std::int32_t{5});
  CAF_CHECK(traced_element::from(*plain) == nullptr);
}

CAF_TEST_FIXTURE_SCOPE_END()
