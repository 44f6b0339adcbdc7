#define CAF_SUITE names
#include "tests/unit/supervision/fixture.hpp"

using namespace banksia;
using namespace banksia::supervision_test;

namespace {

/// A receiver that counts, for one-way messages.
using counter_actor = caf::typed_actor<caf::reacts_to<std::int32_t>>;

struct names_fixture : supervision_fixture {
  std::vector<std::int32_t> got;

  caf::actor counter(std::int32_t add) {
    auto handle = sys.spawn(
      [this, add](counter_actor::pointer) -> counter_actor::behavior_type {
        return {[this, add](std::int32_t x) { got.push_back(x + add); }};
      });
    handles.push_back(caf::actor_cast<caf::actor>(handle));
    return handles.back();
  }

  ~names_fixture() override {
    for (auto& x : handles)
      self->send_exit(x, caf::exit_reason::kill);
    sched.run();
  }

  std::vector<caf::actor> handles;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(names_tests, names_fixture)

CAF_TEST(a path has one slot however often it is asked for) {
  auto first = names.slot("cycle");
  CAF_CHECK(names.slot("cycle") == first);
  CAF_CHECK(names.slot("evaluator") != first);
  CAF_CHECK_EQUAL(first->path(), "cycle");
}

CAF_TEST(a name leads nowhere before the first start) {
  auto name = names.name<counter_actor>("counter");
  CAF_CHECK(static_cast<bool>(name));
  CAF_CHECK_EQUAL(name.path(), "counter");
  CAF_CHECK(!name.get());
  CAF_CHECK_EQUAL(name.generation(), 0u);
  auto sender = sys.spawn([name](caf::event_based_actor* self) {
    name.tell(self, std::int32_t{1}); // nobody there: nothing happens
  });
  sched.run();
  CAF_CHECK(got.empty());
}

CAF_TEST(a ref without a slot is empty) {
  ref<counter_actor> none;
  CAF_CHECK(!none);
}

CAF_TEST(a name taken before the start leads to the actor after it) {
  auto name = names.name<counter_actor>("counter");
  names.slot("counter")->publish(counter(0));
  CAF_CHECK(static_cast<bool>(name.get()));
  CAF_CHECK_EQUAL(name.generation(), 1u);
}

CAF_TEST(a name follows its actor through a restart) {
  auto name = names.name<counter_actor>("counter");
  auto sender = sys.spawn([name](caf::event_based_actor* self) -> caf::behavior {
    return {[self, name](std::int32_t x) { name.tell(self, x); }};
  });
  handles.push_back(sender);
  names.slot("counter")->publish(counter(0));
  self->send(sender, std::int32_t{1});
  sched.run();
  names.slot("counter")->publish(counter(100));
  self->send(sender, std::int32_t{2});
  sched.run();
  CAF_CHECK_EQUAL(got, (std::vector<std::int32_t>{1, 102}));
}

CAF_TEST(the generation is that of the handle last given) {
  auto name = names.name<counter_actor>("counter");
  auto slot = names.slot("counter");
  slot->publish(counter(0));
  name.get();
  slot->publish(counter(0));
  slot->publish(counter(0));
  // Until it is asked again, what it gave is still the first.
  CAF_CHECK_EQUAL(name.generation(), 1u);
  CAF_CHECK_EQUAL(slot->generation(), 3u);
  CAF_CHECK(name.get() == slot->current());
  CAF_CHECK_EQUAL(name.generation(), 3u);
}

CAF_TEST(copies of a name follow on their own) {
  auto one = names.name<counter_actor>("counter");
  names.slot("counter")->publish(counter(0));
  one.get();
  auto two = one;
  names.slot("counter")->publish(counter(0));
  two.get();
  CAF_CHECK_EQUAL(one.generation(), 1u);
  CAF_CHECK_EQUAL(two.generation(), 2u);
}

CAF_TEST(a cleared name keeps nothing alive) {
  auto name = names.name<counter_actor>("counter");
  names.slot("counter")->publish(counter(0));
  CAF_CHECK(static_cast<bool>(name.get()));
  names.slot("counter")->clear();
  CAF_CHECK(!name.get());
  CAF_CHECK(!names.slot("counter")->current());
}

CAF_TEST_FIXTURE_SCOPE_END()

// -- asking by name ---------------------------------------------------------------

namespace {

/// A name that is asked, and what comes back.
struct asking_fixture : supervision_fixture {
  std::shared_ptr<actor_slot> slot = names.slot("doubler");
  std::optional<std::int32_t> answer;
  std::optional<caf::error> failure;
  std::vector<caf::actor> started;

  ~asking_fixture() override {
    slot->clear();
    for (auto& x : started)
      self->send_exit(x, caf::exit_reason::kill);
    sched.run();
  }

  caf::actor put() {
    auto made = caf::actor_cast<caf::actor>(
      sys.spawn(doubler, std::make_shared<probe>("doubler")));
    started.push_back(made);
    slot->publish(made);
    sched.run();
    return made;
  }

  void kill(const caf::actor& x) {
    caf::anon_send_exit(x, caf::exit_reason::kill);
    sched.run();
  }

  void ask_by_name(std::int32_t x) {
    auto name = names.name<doubler_actor>("doubler");
    started.push_back(sys.spawn([this, name, x](caf::event_based_actor* asker) {
      name.ask(
        asker, std::chrono::milliseconds{2000},
        [this](std::int32_t y) { answer = y; },
        [this](const caf::error& y) { failure = y; }, x);
      return caf::behavior{[](crash_atom) {}};
    }));
    sched.run();
  }

  void pass(std::chrono::milliseconds time) {
    advance_time(time);
    sched.run();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(asking_tests, asking_fixture)

CAF_TEST(who lives answers at once) {
  put();
  ask_by_name(4);
  CAF_CHECK_EQUAL(answer.value_or(0), 8);
}

CAF_TEST(the next generation is asked when the first was dead) {
  kill(put());
  ask_by_name(4);
  CAF_CHECK(!answer);
  CAF_CHECK(!failure);
  pass(std::chrono::milliseconds{1000});
  put();
  CAF_CHECK_EQUAL(answer.value_or(0), 8);
  CAF_CHECK(!failure);
}

CAF_TEST(a name without an actor yet is waited for) {
  ask_by_name(4);
  put();
  CAF_CHECK_EQUAL(answer.value_or(0), 8);
}

CAF_TEST(nobody in time is an error within the limit) {
  kill(put());
  ask_by_name(4);
  pass(std::chrono::milliseconds{1999});
  CAF_CHECK(!failure);
  pass(std::chrono::milliseconds{1});
  CAF_REQUIRE(failure.has_value());
  CAF_CHECK(*failure == caf::sec::request_timeout);
  // Who comes later is not asked.
  put();
  CAF_CHECK(!answer);
}

CAF_TEST(the second try is the last) {
  kill(put());
  ask_by_name(4);
  auto next = caf::actor_cast<caf::actor>(
    sys.spawn(doubler, std::make_shared<probe>("doubler")));
  kill(next);
  slot->publish(next);
  sched.run();
  CAF_REQUIRE(failure.has_value());
  CAF_CHECK(*failure == caf::sec::request_receiver_down);
}

CAF_TEST(an error of the handler is not tried again) {
  auto refuse = sys.spawn([](caf::event_based_actor*) {
    return caf::behavior{[](std::int32_t) -> caf::result<std::int32_t> {
      return caf::make_error(caf::sec::runtime_error, "no");
    }};
  });
  started.push_back(refuse);
  slot->publish(refuse);
  ask_by_name(4);
  CAF_REQUIRE(failure.has_value());
  CAF_CHECK(*failure == caf::sec::runtime_error);
}

CAF_TEST_FIXTURE_SCOPE_END()
