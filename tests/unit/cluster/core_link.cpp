#define CAF_SUITE core_link
#include "tests/unit/cluster/cluster_fixture.hpp"

using namespace banksia;
using namespace banksia::cluster_test;

namespace {

struct link_fixture : cluster_fixture {
  directory here; ///< names of the role process
  std::shared_ptr<core_view> view = std::make_shared<core_view>();
  std::shared_ptr<peer> network = stand_in("network");
  std::shared_ptr<peer> scheduler = stand_in("scheduler");
  core_place place;
  core_hello shown = hello();
  run_plan plan;
  std::shared_ptr<roster> listed;
  core_link_actor link;

  link_fixture() {
    plan.symbols = {"CBA.AX"};
    listed = std::make_shared<roster>(std::make_shared<run_plan>(plan),
                                      listings{plan.symbols});
    place.host = "127.0.0.1";
    place.port = 7400;
  }

  ~link_fixture() override {
    network->reply = nullptr;
    // Names of this fixture that end before the system does.
    kill(link);
  }

  void begin_link() {
    core_link_setup setup;
    setup.place = [this] { return place; };
    setup.hello = shown;
    setup.names = &here;
    setup.view = view;
    setup.listed = listed;
    setup.configured = plan.symbols;
    setup.network = [this](caf::actor_system&) { return network->handle; };
    link = publish("core/link",
                   sys.spawn(core_link, std::make_shared<probe>("core/link"),
                             setup));
    sched.run();
  }

  /// Whoever connects finds that.
  void listens(caf::strong_actor_ptr found, std::set<std::string> interface) {
    network->reply = [=](const caf::message& x) -> peer::answer {
      if (!x.match_elements<caf::connect_atom, std::string, std::uint16_t>())
        return nullptr;
      return [=](caf::response_promise& to) {
        to.deliver(caf::node_id{}, found, interface);
      };
    };
  }

  std::set<std::string> gate_names() {
    return sys.message_types(caf::detail::type_list<core_gate_actor>{});
  }

  void core_listens() {
    begin_core();
    listens(caf::actor_cast<caf::strong_actor_ptr>(gate), gate_names());
  }

  /// Nobody listens there any more.
  void core_ends() {
    network->reply = [](const caf::message&) -> peer::answer {
      return [](caf::response_promise& to) {
        to.deliver(caf::make_error(caf::sec::cannot_connect_to_node));
      };
    };
    kill(gate);
  }

  std::string trouble() const { return view->trouble().value_or(""); }

  caf::actor found(const std::string& path) {
    return here.slot(path)->current();
  }

  component_health health() {
    auto x = ask<component_health>(link, wire::health_atom_v);
    CAF_REQUIRE(x->has_value());
    return **x;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(core_link_tests, link_fixture)

CAF_TEST(once the core is reached its names are those of the process) {
  auto monitor = stand_in("health");
  core_listens();
  begin_link();
  CAF_CHECK_EQUAL(trouble(), "");
  CAF_CHECK(found("scheduler") == scheduler->handle);
  // The process has a monitor of its own.
  CAF_CHECK(found("core/health") == monitor->handle);
  CAF_CHECK(!found("health"));
  CAF_CHECK_EQUAL(here.slot("scheduler")->generation(), 1u);
  CAF_CHECK(health().state == health_state::healthy);
}

CAF_TEST(an actor that was started again is found under its name) {
  core_listens();
  begin_link();
  scheduler = stand_in("scheduler");
  names.slot("scheduler")->set_in_trouble(true);
  pass(milliseconds{100});
  CAF_CHECK(found("scheduler") == scheduler->handle);
  CAF_CHECK_EQUAL(here.slot("scheduler")->generation(), 2u);
  CAF_CHECK(here.slot("scheduler")->in_trouble());
}

CAF_TEST(without a place it says why and asks for it again) {
  place.port = 0;
  place.trouble = "no core runs here";
  begin_link();
  CAF_CHECK_EQUAL(trouble(), "no core runs here");
  CAF_CHECK(health().state == health_state::unhealthy);
  CAF_CHECK_EQUAL(health().reason, "no core runs here");
  place.port = 7400;
  core_listens();
  pass(milliseconds{100});
  CAF_CHECK_EQUAL(trouble(), "");
}

CAF_TEST(tries get rarer up to one a second) {
  place.port = 0;
  place.trouble = "away";
  std::size_t asked = 0;
  begin_link();
  core_ends();
  place.port = 7400;
  auto tries = [&] {
    return network->count<caf::connect_atom, std::string, std::uint16_t>();
  };
  for (int i = 0; i < 200; ++i)
    pass(milliseconds{50});
  asked = tries();
  // 0.1, 0.3, 0.7, then each second of ten.
  CAF_CHECK_GREATER(asked, 9u);
  CAF_CHECK_LESS(asked, 14u);
}

CAF_TEST(when the core is gone its names lead to nobody at once) {
  core_listens();
  begin_link();
  core_ends();
  CAF_CHECK(has(trouble(), "it is gone"));
  CAF_CHECK(!found("scheduler"));
  CAF_CHECK_EQUAL(here.slot("scheduler")->generation(), 2u);
  pass(milliseconds{1000});
  CAF_CHECK(has(trouble(), "cannot connect to 127.0.0.1:7400"));
}

CAF_TEST(a core that comes back is reached within two seconds) {
  core_listens();
  begin_link();
  core_ends();
  for (int i = 0; i < 100; ++i)
    pass(milliseconds{100});
  scheduler = stand_in("scheduler");
  core_listens();
  for (int i = 0; i < 20 && !trouble().empty(); ++i)
    pass(milliseconds{100});
  CAF_CHECK_EQUAL(trouble(), "");
  CAF_CHECK(found("scheduler") == scheduler->handle);
  CAF_CHECK_EQUAL(links_told(), 1u);
}

CAF_TEST(a refusal is told with its reason until it is none) {
  shown.configuration = "ffffffffffffffffffff";
  core_listens();
  begin_link();
  CAF_CHECK(has(trouble(), "it refuses this process: another configuration"));
  CAF_CHECK(!found("scheduler"));
  // The core is started again with that configuration.
  core_ends();
  begin_core(shown);
  listens(caf::actor_cast<caf::strong_actor_ptr>(gate), gate_names());
  for (int i = 0; i < 20 && !trouble().empty(); ++i)
    pass(milliseconds{100});
  CAF_CHECK_EQUAL(trouble(), "");
}

CAF_TEST(what listens there and is no core is refused) {
  auto stranger = stand_in("stranger");
  listens(caf::actor_cast<caf::strong_actor_ptr>(stranger->handle),
          {"(get,int32)->(int32)"});
  begin_link();
  CAF_CHECK(has(trouble(), "no core of this version"));
  listens(nullptr, {});
  pass(milliseconds{100});
  CAF_CHECK(has(trouble(), "no core of this version"));
  CAF_CHECK_EQUAL(stranger->received(), 0u);
}

CAF_TEST(a core that does not answer hello is away) {
  auto silent = stand_in("silent");
  listens(caf::actor_cast<caf::strong_actor_ptr>(silent->handle),
          gate_names());
  begin_link();
  pass(milliseconds{2000});
  CAF_CHECK(has(trouble(), "it does not answer"));
}

CAF_TEST(a core that answers no look is away and its later words are none) {
  auto mute = stand_in("mute");
  mute->reply = always<core_hello, core_link_actor>(core_welcome{});
  listens(caf::actor_cast<caf::strong_actor_ptr>(mute->handle), gate_names());
  begin_link();
  core_names told;
  told.names.push_back({1, "scheduler", scheduler->handle, 1, false});
  auto says = [&] {
    caf::send_as(mute->handle, caf::actor_cast<core_link_actor>(link), told);
    sched.run();
  };
  says();
  CAF_CHECK_EQUAL(trouble(), "");
  CAF_CHECK(found("scheduler") == scheduler->handle);
  network->reply = nullptr; // a try hangs
  pass(milliseconds{1000});
  pass(milliseconds{2000});
  CAF_CHECK(has(trouble(), "it does not answer"));
  CAF_CHECK(!found("scheduler"));
  says();
  CAF_CHECK(!found("scheduler"));
}

CAF_TEST(a connection that hangs is given up and tried again) {
  begin_link();
  CAF_CHECK_EQUAL(trouble(), "the core was not reached yet");
  pass(milliseconds{2000});
  CAF_CHECK(has(trouble(), "cannot connect to 127.0.0.1:7400"));
  core_listens();
  pass(milliseconds{100});
  CAF_CHECK_EQUAL(trouble(), "");
}

CAF_TEST(names that are not shared are not taken) {
  auto mute = stand_in("mute");
  mute->reply = always<core_hello, core_link_actor>(core_welcome{});
  listens(caf::actor_cast<caf::strong_actor_ptr>(mute->handle), gate_names());
  begin_link();
  core_names told;
  told.names.push_back({1, "api/prediction", scheduler->handle, 1, false});
  caf::send_as(mute->handle, caf::actor_cast<core_link_actor>(link), told);
  sched.run();
  CAF_CHECK(!found("api/prediction"));
}

CAF_TEST(what is followed is what the core follows) {
  auto reader = stand_in("store/reader/1");
  listing_change added;
  added.symbol = "WES.AX";
  added.event = listing_event::added;
  added.effective_at = added.known_at = timestamp{} + std::chrono::hours{1};
  reader->reply = always<wire::listing_atom, timestamp>(
    std::vector<listing_change>{added});
  core_listens();
  begin_link();
  CAF_CHECK_EQUAL(listed->now()->symbols().size(), 2u);
  auto version = listed->version();
  pass(milliseconds{1000});
  pass(milliseconds{1000});
  CAF_CHECK_EQUAL(listed->version(), version);
}

CAF_TEST(when the link ends its names lead to nobody) {
  core_listens();
  begin_link();
  kill(link);
  CAF_CHECK(!found("scheduler"));
  CAF_CHECK_EQUAL(trouble(), "core/link is not running");
}

CAF_TEST_FIXTURE_SCOPE_END()
