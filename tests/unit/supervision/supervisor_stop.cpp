#define CAF_SUITE supervisor_stop
#include "tests/unit/supervision/fixture.hpp"

using namespace banksia;
using namespace banksia::supervision_test;
using namespace std::chrono_literals;

namespace {

/// A supervisor that is asked to stop; what it answered and when.
struct stop_fixture : supervisor_fixture {
  /// Shared with who asks: its answer may come while the base is torn down.
  std::shared_ptr<std::optional<bool>> said
    = std::make_shared<std::optional<bool>>();
  std::optional<bool>& answer = *said;

  void ask_to_stop() {
    auto target = root;
    sys.spawn([said = said, target](caf::event_based_actor* asker) {
      asker->request(target, std::chrono::seconds{3600}, stop_atom::value)
        .then([said](bool x) { *said = x; });
    });
    sched.run();
  }

  texts ended() const {
    texts result;
    for (const auto& [path, reason] : ends)
      result.push_back(path);
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(supervisor_stop_tests, stop_fixture)

CAF_TEST(children stop in reverse order and the answer comes last) {
  for (auto path : {"store", "cycle", "scheduler"})
    add(path, doubler);
  begin();
  auto end = watch(root);
  ask_to_stop();
  CAF_CHECK_EQUAL(ended(), (texts{"scheduler", "cycle", "store"}));
  for (const auto& [path, reason] : ends)
    CAF_CHECK(reason.find("user_shutdown") != std::string::npos);
  CAF_CHECK(answer.value_or(false));
  CAF_CHECK(end->ended);
  CAF_CHECK(given_up.empty());
}

CAF_TEST(the next child is stopped only when the one after it has ended) {
  add("store", doubler);
  add("scheduler", stubborn);
  begin();
  ask_to_stop();
  CAF_CHECK(ends.empty());
  CAF_CHECK(!answer);
  CAF_CHECK_EQUAL(ask(at("store"), 2).value_or(0), 4);
}

CAF_TEST(a slow child is killed after the stop timeout) {
  shutdown = shutdown_rule::after(5000ms);
  add("store", doubler);
  add("scheduler", stubborn);
  begin();
  ask_to_stop();
  advance_time(4999ms);
  sched.run();
  CAF_CHECK(ends.empty());
  advance_time(1ms);
  sched.run();
  CAF_CHECK_EQUAL(ended(), (texts{"scheduler", "store"}));
  CAF_CHECK(ends[0].second.find("kill") != std::string::npos);
  CAF_CHECK(told("scheduler").back() == "shutdown");
  CAF_CHECK(answer.value_or(false));
}

CAF_TEST(a child that stops in time is not killed later) {
  add("store", doubler);
  add("scheduler", doubler);
  begin();
  ask_to_stop();
  run();
  CAF_CHECK_EQUAL(ends.size(), 2u);
  CAF_CHECK_EQUAL(told("scheduler"), texts{"progress"});
}

CAF_TEST(names lead nowhere after the stop) {
  add("store", doubler);
  begin();
  auto name = names.name<doubler_actor>("store");
  CAF_CHECK(static_cast<bool>(name.get()));
  ask_to_stop();
  CAF_CHECK(!name.get());
}

CAF_TEST(a child that crashes during the stop stays down) {
  add("store", doubler);
  add("cycle", doubler);
  add("scheduler", stubborn);
  begin();
  ask_to_stop();
  crash("cycle", "while all is stopping");
  CAF_CHECK_EQUAL(ended(), texts{"cycle"});
  CAF_CHECK_EQUAL(starts.size(), 3u);
  run();
  CAF_CHECK_EQUAL(ended(), (texts{"cycle", "scheduler", "store"}));
  CAF_CHECK(answer.value_or(false));
  CAF_CHECK(given_up.empty());
}

CAF_TEST(whoever asks to stop meanwhile is answered too) {
  add("scheduler", stubborn);
  begin();
  ask_to_stop();
  std::optional<bool> second;
  auto target = root;
  sys.spawn([&second, target](caf::event_based_actor* asker) {
    asker->request(target, std::chrono::seconds{3600}, stop_atom::value)
      .then([&second](bool x) { second = x; });
  });
  sched.run();
  CAF_CHECK(!second);
  run();
  CAF_CHECK(answer.value_or(false));
  CAF_CHECK(second.value_or(false));
}

CAF_TEST(stopping a tree waits for it) {
  add("store", doubler);
  add("cycle", stubborn);
  begin();
  // The blocking caller lets the others work as soon as it has asked.
  run_after_next_ready_event();
  CAF_CHECK(stop_tree(sys, root, 1h));
  CAF_CHECK_EQUAL(ended(), (texts{"cycle", "store"}));
}

CAF_TEST(stopping a tree that has stopped is done at once) {
  add("store", doubler);
  begin();
  ask_to_stop();
  CAF_CHECK(stop_tree(sys, root, 1h));
}

CAF_TEST_FIXTURE_SCOPE_END()

// On real threads: the deterministic clock begins to run out before a blocking
// caller has set its limit.
CAF_TEST(a stop that takes too long is told) {
  caf::actor_system_config config;
  config.set("scheduler.max-threads", std::size_t{1});
  caf::actor_system system{config};
  directory names;
  supervisor_options options;
  child_spec slow;
  slow.slot = names.slot("slow");
  slow.shutdown = shutdown_rule::after(200ms);
  slow.start = [](caf::actor_system& on, std::shared_ptr<probe> watched) {
    return on.spawn(stubborn, std::move(watched));
  };
  auto root = start_supervisor(system, std::make_shared<probe_board>(),
                               {std::move(slow)}, options);
  CAF_CHECK(!stop_tree(system, root, 1ms));
  CAF_CHECK(stop_tree(system, root, 60s));
}
