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
