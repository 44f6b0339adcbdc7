#define CAF_SUITE core_crossing
#include "tests/unit/cluster/cluster_fixture.hpp"

#include "actors/tracing/crossing.hpp"

using namespace banksia;
using namespace banksia::cluster_test;

namespace {

/// A core's gate as the build before had it: it said how many it told, and
/// nobody behind it took carried calls.
using earlier_gate = caf::typed_actor<
  caf::replies_to<core_hello, core_link_actor>::with<core_welcome>,
  caf::replies_to<wire::status_atom>::with<std::uint64_t>,
  caf::reacts_to<wire::next_atom>>;

struct crossing_fixture : cluster_fixture {
  directory here; ///< names of the role process
  std::shared_ptr<core_view> view = std::make_shared<core_view>();
  std::shared_ptr<peer> network = stand_in("network");
  std::shared_ptr<peer> scheduler = stand_in("scheduler");
  std::shared_ptr<feed_board> feeds = std::make_shared<feed_board>();
  std::shared_ptr<feed_board> told = std::make_shared<feed_board>();
  run_plan plan;
  core_link_actor link;

  crossing_fixture() {
    core_gate_setup setup;
    setup.names = &names;
    setup.expected = hello();
    setup.before_others = [](const caf::actor& x) { return from_far(x); };
    setup.feeds = feeds;
    gate = publish("core/gate",
                   sys.spawn(core_gate, std::make_shared<probe>("core/gate"),
                             setup));
    sched.run();
  }

  ~crossing_fixture() override {
    network->reply = nullptr;
    // Names of this fixture that end before the system does.
    kill(link);
  }

  template <class Gate>
  std::set<std::string> names_of() {
    return sys.message_types(caf::detail::type_list<Gate>{});
  }

  void begin_link(std::set<std::string> interface) {
    auto found = caf::actor_cast<caf::strong_actor_ptr>(gate);
    network->reply = [=](const caf::message&) -> peer::answer {
      return [=](caf::response_promise& to) {
        to.deliver(caf::node_id{}, found, interface);
      };
    };
    core_link_setup setup;
    setup.place = [] { return core_place{"127.0.0.1", 7400, {}}; };
    setup.hello = hello();
    setup.names = &here;
    setup.view = view;
    setup.configured = {"CBA.AX"};
    setup.network = [this](caf::actor_system&) { return network->handle; };
    setup.from_here = [](const caf::actor& x) { return to_far(x); };
    setup.feeds = told;
    link = publish("core/link",
                   sys.spawn(core_link, std::make_shared<probe>("core/link"),
                             setup));
    sched.run();
  }

  void begin_link() { begin_link(names_of<core_gate_actor>()); }

  caf::actor found(const std::string& path) {
    return here.slot(path)->current();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(core_crossing_tests, crossing_fixture)

CAF_TEST(behind a name is who carries and who is asked gets it plain) {
  begin_link();
  auto there = found("scheduler");
  CAF_REQUIRE(there);
  CAF_CHECK(there != scheduler->handle);
  schedule_status status;
  status.completed = 7;
  scheduler->reply = always<wire::status_atom>(status);
  asking_scope in_time{monotonic_ns() + 60'000'000'000};
  auto answer = ask<schedule_status>(caf::actor_cast<scheduler_actor>(there),
                                     wire::status_atom_v);
  CAF_REQUIRE(answer->has_value());
  CAF_CHECK_EQUAL((*answer)->completed, 7u);
  CAF_CHECK_EQUAL(scheduler->count<wire::status_atom>(), 1u);
}

CAF_TEST(an actor has one stand in until it is another) {
  begin_link();
  auto first = found("scheduler");
  for (int i = 0; i < 5; ++i)
    pass(milliseconds{100});
  CAF_CHECK(found("scheduler") == first);
  CAF_CHECK_EQUAL(here.slot("scheduler")->generation(), 1u);
  scheduler = stand_in("scheduler");
  pass(milliseconds{100});
  CAF_CHECK(found("scheduler") != first);
  CAF_CHECK_EQUAL(here.slot("scheduler")->generation(), 2u);
}

CAF_TEST(what the feeds say is known here while the core is reached) {
  feeds->change("yahoo", [](feed_facts& x) {
    x.breaker = "open";
    x.calls = 9;
    x.count_points(200, 5, 15);
    x.trouble = "503";
  });
  begin_link();
  pass(milliseconds{1000});
  auto all = told->all();
  CAF_REQUIRE_EQUAL(all.size(), 1u);
  const auto& x = all.at("yahoo");
  CAF_CHECK_EQUAL(x.breaker, "open");
  CAF_CHECK_EQUAL(x.calls, 9u);
  CAF_CHECK_EQUAL(x.accepted, 200u);
  CAF_CHECK_EQUAL(x.repaired, 5u);
  CAF_CHECK_EQUAL(x.quarantined, 15u);
  CAF_CHECK_EQUAL(x.quality.points(), 220u);
  CAF_CHECK_EQUAL(x.quality.invalid(), 20u);
  CAF_CHECK_EQUAL(x.trouble, "503");
  network->reply = nullptr;
  kill(gate);
  CAF_CHECK(told->all().empty());
}

CAF_TEST(a core of the build before is refused with a clear word) {
  begin_link(names_of<earlier_gate>());
  CAF_CHECK(has(view->trouble().value_or(""),
                "no core of this version of banksia"));
  CAF_CHECK(!found("scheduler"));
}

CAF_TEST(a process of the build before finds no core of its version here) {
  CAF_CHECK(!sys.assignable(names_of<core_gate_actor>(),
                            names_of<earlier_gate>()));
}

CAF_TEST_FIXTURE_SCOPE_END()
