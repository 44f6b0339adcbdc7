#define CAF_SUITE process_keeper

#include "runtime/process/keeper.hpp"
#include "tests/integration/process/processes.hpp"
#include "tests/scratch_folder.hpp"

#include "caf/test/unit_test.hpp"

#include <cstdlib>
#include <csignal>

using namespace banksia::process;
using namespace banksia::process_test;

namespace {

struct fixture {
  banksia::test::scratch_folder scratch;
  std::string folder = scratch.path().string();

  std::string file(const std::string& name) { return folder + "/" + name; }

  static process_spec kept(std::vector<std::string> arguments,
                           const std::string& limit = "5000") {
    arguments.insert(arguments.begin(), {"--keep", limit});
    return fixture_with(std::move(arguments));
  }

  /// How the parent ends when nobody interferes.
  static std::string end_of(watched_process& x) {
    auto exit = x.record.exit(30s);
    return exit ? to_string(*exit) : "still there";
  }

  static std::vector<std::string> said(watched_process& x) {
    return x.record.lines(stream::errors);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(process_keeper, fixture)

CAF_TEST(a code it meant is passed on without a word) {
  for (auto code : {"0", "2", "65", "69", "70", "78"}) {
    watched_process x{kept({"--line", "run once", "--exit", code})};
    CAF_CHECK_EQUAL(end_of(x), std::string{"exit "} + code);
    CAF_CHECK_EQUAL(x.record.count(stream::output), 1u);
    CAF_CHECK(said(x).empty());
  }
}

CAF_TEST(one that crashes is started again at once) {
  watched_process x{kept({"--crash-unless", file("done"), "--exit", "0"})};
  CAF_CHECK_EQUAL(end_of(x), "exit 0");
  CAF_CHECK_EQUAL(said(x),
                  (std::vector<std::string>{
                    "the process ended: signal 11 (SIGSEGV): starting it again "
                    "at once"}));
}

CAF_TEST(too many restarts are given up) {
  watched_process x{kept({"--line", "a run", "--exit", "75"})};
  CAF_CHECK_EQUAL(end_of(x), "exit 70");
  CAF_CHECK_EQUAL(x.record.count(stream::output), 11u);
  auto lines = said(x);
  CAF_REQUIRE_EQUAL(lines.size(), 11u);
  CAF_CHECK_EQUAL(lines.front(),
                  "the process ended: exit 75: starting it again at once");
  CAF_CHECK_EQUAL(lines.back(),
                  "the process ended: exit 75: it had been started again 10 "
                  "times in a short time: giving up");
}

CAF_TEST(a stop is passed on and its code too) {
  for (auto number : {SIGTERM, SIGINT}) {
    watched_process x{kept({"--drain"})};
    CAF_REQUIRE_EQUAL(x.record.after("draining"), "when told");
    ::kill(x.watch.pid(), number);
    CAF_CHECK_EQUAL(end_of(x), "exit 0");
    CAF_CHECK_EQUAL(x.record.after("drained"), "by " + std::to_string(number));
    CAF_CHECK(said(x).empty());
  }
}

CAF_TEST(a hang-up stops it and is not taken for a crash) {
  watched_process x{kept({"--line", "begun now", "--hang"})};
  CAF_REQUIRE_EQUAL(x.record.after("begun"), "now");
  ::kill(x.watch.pid(), SIGHUP);
  CAF_CHECK_EQUAL(end_of(x), "exit 0");
  CAF_CHECK_EQUAL(x.record.count(stream::output), 1u);
}

CAF_TEST(one that does not stop is killed) {
  watched_process x{kept({"--ignore-term", "--line", "begun now", "--hang"},
                         "300")};
  CAF_REQUIRE_EQUAL(x.record.after("begun"), "now");
  stopwatch since;
  ::kill(x.watch.pid(), SIGTERM);
  CAF_CHECK_EQUAL(end_of(x), "exit 1");
  CAF_CHECK(since.elapsed() >= 290ms);
  CAF_CHECK_EQUAL(said(x),
                  (std::vector<std::string>{
                    "the process did not stop in 0.30 s: killing it",
                    "the process ended: signal 9 (SIGKILL) while it stopped: "
                    "not starting it again"}));
}

CAF_TEST(a program that is gone is started again until that is too often) {
  // A link that the program itself takes away.
  auto spec = kept({});
  auto link = file("program");
  std::filesystem::create_symlink(spec.command.front(), link);
  keeper_options with;
  std::vector<std::string> lines;
  with.restarts.backoff.base = 1ms;
  with.say = [&](const std::string& what) {
    lines.push_back(what);
    std::filesystem::remove(link);
  };
  auto crashing = fixture_with({"--exit", "1"});
  crashing.command.front() = link;
  sigset_t before;
  sigprocmask(SIG_BLOCK, nullptr, &before);
  CAF_CHECK_EQUAL(keep_running(crashing, with), 70);
  CAF_REQUIRE_EQUAL(lines.size(), 11u);
  CAF_CHECK(lines.at(1).find("No such file or directory")
            != std::string::npos);
  // The first start is the caller's to judge.
  CAF_CHECK(fails([&] { keep_running(crashing, with); }));
  {
    few_descriptors limit{0};
    CAF_CHECK(fails([&] { keep_running(fixture_with({}), with); }));
  }
  // Nobody has to be told.
  CAF_CHECK_EQUAL(keep_running(fixture_with({"--exit", "3"}),
                               {"", 1s, {1ms, 1ms, 1s, 1, 1s, {}}, {}, 1, 7}),
                  7);
  sigprocmask(SIG_SETMASK, &before, nullptr);
}

CAF_TEST(a stop between two runs ends it) {
  watched_process x{fixture_with({"--keep-slowly", "--exit", "1"})};
  // The first restart is at once, the second hours away.
  CAF_REQUIRE(eventually([&] { return said(x).size() == 2; }));
  stopwatch since;
  ::kill(x.watch.pid(), SIGTERM);
  CAF_CHECK_EQUAL(end_of(x), "exit 0");
  CAF_CHECK(since.elapsed() < 5s);
}

CAF_TEST(nothing remains when the parent is killed) {
  watched_process x{kept({"--parent", "--lifeline", "5000", "--line",
                          "begun now", "--hang"})};
  auto grandchild = x.record.pid_after("child");
  CAF_REQUIRE(grandchild > 0);
  CAF_REQUIRE_EQUAL(x.record.after("begun"), "now");
  ::kill(x.watch.pid(), SIGTERM);
  CAF_REQUIRE(x.record.exit());
  CAF_CHECK(eventually([&] { return !runs(grandchild); }));
}

CAF_TEST_FIXTURE_SCOPE_END()
