#define CAF_SUITE core_gate
#include "tests/unit/cluster/cluster_fixture.hpp"

using namespace banksia;
using namespace banksia::cluster_test;

namespace {

struct gate_fixture : cluster_fixture {
  std::shared_ptr<peer> link;

  gate_fixture() {
    begin_core();
    link = stand_in("somewhere/link");
  }

  /// Shows that to the gate. @returns its refusal; empty when welcome
  std::string show(const core_hello& x) {
    auto from = caf::actor_cast<core_link_actor>(link->handle);
    auto answer = ask<core_welcome>(gate, x, from);
    CAF_REQUIRE(answer->has_value());
    return (*answer)->refusal;
  }

  /// All that was told of a name, in order.
  std::vector<core_name> told_of(const std::string& path) const {
    std::vector<core_name> result;
    for (const auto& x : link->all<core_names>())
      for (const auto& name : x.names)
        if (name.path == path)
          result.push_back(name);
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(core_gate_tests, gate_fixture)

CAF_TEST(who is welcome is told all that is shared and nothing else) {
  auto scheduler = stand_in("scheduler");
  stand_in("api/prediction");
  stand_in("symbols");
  CAF_CHECK_EQUAL(show(hello()), "");
  auto told = told_of("scheduler");
  CAF_REQUIRE_EQUAL(told.size(), 1u);
  CAF_CHECK(told[0].handle == scheduler->handle);
  CAF_CHECK_EQUAL(told[0].generation, 1u);
  CAF_CHECK(!told[0].in_trouble);
  for (auto path : {"api/prediction", "symbols", "core/gate", "somewhere/link"})
    CAF_CHECK(told_of(path).empty());
  CAF_CHECK_EQUAL(links_told(), 1u);
}

CAF_TEST(whoever does not agree is refused with the reason and told nothing) {
  stand_in("scheduler");
  auto x = hello();
  x.application = "another";
  CAF_CHECK(has(show(x), "another application: another, not banksia"));
  x = hello();
  x.schema = 8;
  CAF_CHECK(has(show(x), "schema 8, the core's 7: run the same version"));
  x = hello();
  x.configuration = "ffffffffffffffffffff";
  CAF_CHECK(has(show(x), "another configuration: ffffffffffff, not the core's "
                         "001122334455: start both with the same --config"));
  CAF_CHECK(link->all<core_names>().empty());
  CAF_CHECK_EQUAL(links_told(), 0u);
}

CAF_TEST(what changes is told within a look and what does not is not) {
  stand_in("scheduler");
  stand_in("evaluator");
  CAF_CHECK_EQUAL(show(hello()), "");
  auto next = stand_in("scheduler");
  CAF_CHECK_EQUAL(told_of("scheduler").size(), 1u);
  pass(milliseconds{100});
  auto told = told_of("scheduler");
  CAF_REQUIRE_EQUAL(told.size(), 2u);
  CAF_CHECK(told[1].handle == next->handle);
  CAF_CHECK_EQUAL(told[1].generation, 2u);
  names.slot("scheduler")->set_in_trouble(true);
  pass(milliseconds{100});
  told = told_of("scheduler");
  CAF_REQUIRE_EQUAL(told.size(), 3u);
  CAF_CHECK(told[2].in_trouble);
  CAF_CHECK_EQUAL(told_of("evaluator").size(), 1u);
}

CAF_TEST(who is linked hears what changed just before another is welcome) {
  CAF_CHECK_EQUAL(show(hello()), "");
  auto first = std::exchange(link, stand_in("another/link"));
  auto scheduler = stand_in("scheduler");
  CAF_CHECK_EQUAL(show(hello()), "");
  CAF_CHECK_EQUAL(told_of("scheduler").size(), 1u);
  pass(milliseconds{100});
  link = first;
  auto told = told_of("scheduler");
  CAF_REQUIRE_EQUAL(told.size(), 1u);
  CAF_CHECK(told[0].handle == scheduler->handle);
}

CAF_TEST(a process that shows itself twice is told once) {
  CAF_CHECK_EQUAL(show(hello()), "");
  CAF_CHECK_EQUAL(show(hello()), "");
  CAF_CHECK_EQUAL(links_told(), 1u);
  link->forget();
  stand_in("scheduler");
  pass(milliseconds{100});
  CAF_CHECK_EQUAL(told_of("scheduler").size(), 1u);
}

CAF_TEST(a process that ends is forgotten) {
  CAF_CHECK_EQUAL(show(hello()), "");
  kill(link->handle);
  CAF_CHECK_EQUAL(links_told(), 0u);
}

CAF_TEST(more processes than may be are refused) {
  for (std::size_t i = 0; i < core_gate_state::links_max; ++i) {
    link = stand_in("link/" + std::to_string(i));
    CAF_CHECK_EQUAL(show(hello()), "");
  }
  link = stand_in("link/last");
  CAF_CHECK(has(show(hello()), "the core tells 64 processes already"));
  CAF_CHECK_EQUAL(links_told(), 64u);
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST(a gate that cannot be published does not start) {
  struct : cluster_fixture {
  } in;
  core_gate_setup setup;
  setup.names = &in.names;
  setup.publish = [](const core_gate_actor&) {
    throw std::runtime_error("the port is taken");
  };
  auto gate = in.publish("core/gate",
                         in.sys.spawn(core_gate,
                                      std::make_shared<probe>("core/gate"),
                                      setup));
  auto ended = in.watch(gate);
  in.sched.run();
  CAF_REQUIRE(ended->has_value());
  CAF_CHECK(has(**ended, "the port is taken"));
}
