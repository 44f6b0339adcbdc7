#define CAF_SUITE process_watch

#include "tests/integration/process/processes.hpp"

#include "caf/test/unit_test.hpp"

#include <csignal>

using namespace banksia::process;
using namespace banksia::process_test;

using texts = std::vector<std::string>;

CAF_TEST(lines come by stream and before the end) {
  watched_process child{fixture_with(
    {"--line", "one", "--error", "two", "--line", "three", "--exit", "3"})};
  auto exit = child.record.exit();
  CAF_REQUIRE(exit);
  CAF_CHECK_EQUAL(to_string(*exit), "exit 3");
  CAF_CHECK_EQUAL(child.record.lines(stream::output), (texts{"one", "three"}));
  CAF_CHECK_EQUAL(child.record.lines(stream::errors), texts{"two"});
  CAF_CHECK_EQUAL(child.record.exits(), 1u);
}

CAF_TEST(a crash is told with what was written before it) {
  watched_process child{fixture_with({"--line", "last words", "--crash"})};
  auto exit = child.record.exit();
  CAF_REQUIRE(exit);
  CAF_CHECK_EQUAL(to_string(*exit), "signal 11 (SIGSEGV)");
  CAF_CHECK_EQUAL(child.record.after("last"), "words");
}

CAF_TEST(the ready line has its own way) {
  auto spec = fixture_with({"--line", "ready 1", "--ready", "ready 7400"});
  spec.ready_pipe = true;
  watched_process child{spec};
  CAF_REQUIRE(child.record.exit());
  CAF_CHECK_EQUAL(child.record.lines(stream::ready), texts{"ready 7400"});
}

CAF_TEST(a line without end is bounded and does not keep a stop from working) {
  watched_process child{fixture_with({"--endless"})};
  child.watch.request_stop(5s);
  CAF_REQUIRE(child.record.exit());
  CAF_CHECK(child.record.count(stream::output) <= 1);
  CAF_CHECK(child.record.longest() <= line_limits{}.bytes_max);
}

CAF_TEST(lines without end are bounded and do not keep a stop from working) {
  line_limits limits{100, 50, 20};
  watched_process child{fixture_with({"--flood"}), limits};
  CAF_CHECK(eventually([&] { return child.record.dropped() > 1000; }));
  child.watch.request_stop(5s);
  CAF_REQUIRE(child.record.exit());
  // Twenty at once, then fifty a second for at most some seconds.
  CAF_CHECK(child.record.count(stream::output) < 600);
}

CAF_TEST(the whole group ends with a stop) {
  watched_process child{fixture_with({"--grandchild", "--hang"})};
  auto grandchild = child.record.pid_after("grandchild");
  CAF_REQUIRE(grandchild > 0);
  CAF_CHECK(runs(grandchild));
  child.watch.request_stop(5s);
  CAF_REQUIRE(child.record.exit());
  CAF_CHECK(eventually([&] { return !runs(grandchild); }));
}

CAF_TEST(the whole group ends with a crash) {
  watched_process child{fixture_with({"--grandchild", "--crash"})};
  auto grandchild = child.record.pid_after("grandchild");
  CAF_REQUIRE(grandchild > 0);
  CAF_REQUIRE(child.record.exit());
  CAF_CHECK(eventually([&] { return !runs(grandchild); }));
}

CAF_TEST(the whole group ends with its owner) {
  pid_t child = 0;
  pid_t grandchild = 0;
  {
    watched_process owned{
      fixture_with({"--ignore-term", "--grandchild", "--hang"})};
    child = owned.watch.pid();
    grandchild = owned.record.pid_after("grandchild");
    CAF_REQUIRE(grandchild > 0);
  }
  CAF_CHECK(!state_of(child));
  CAF_CHECK(eventually([&] { return !runs(grandchild); }));
}

CAF_TEST(a second stop can only come sooner) {
  watched_process child{
    fixture_with({"--ignore-term", "--line", "begun now", "--hang"})};
  CAF_REQUIRE_EQUAL(child.record.after("begun"), "now");
  child.watch.request_stop(50s);
  child.watch.request_stop(100ms);
  child.watch.request_stop(50s);
  CAF_REQUIRE(child.record.exit());
}

CAF_TEST(a hundred watched processes leave nothing behind) {
  auto descriptors = open_descriptors();
  for (int i = 0; i < 100; ++i) {
    watched_process child{fixture_with({"--line", "x", "--hang"})};
    if (i % 2 == 0) {
      child.watch.request_stop(5s);
      CAF_REQUIRE(child.record.exit());
    }
  }
  CAF_CHECK_EQUAL(open_descriptors(), descriptors);
  CAF_CHECK_EQUAL(own_children(), 0u);
}

CAF_TEST(a missing program starts no thread) {
  process_spec spec;
  spec.command = {"/nowhere/program"};
  CAF_CHECK(fails([&] { process_watch{spec, {}, {}}; }));
}
