#define CAF_SUITE process_actor

#include "runtime/logging/log.hpp"
#include "runtime/supervision/directory.hpp"
#include "runtime/supervision/process_actor.hpp"
#include "runtime/supervision/supervisor.hpp"
#include "tests/integration/process/processes.hpp"
#include "tests/scratch_folder.hpp"

#include "caf/test/unit_test.hpp"

#include <caf/all.hpp>

#include <cstdlib>
#include <csignal>
#include <future>
#include <sstream>

using namespace banksia;
using namespace banksia::process_test;

namespace {

struct fixture {
  test::scratch_folder scratch;
  std::string folder = scratch.path().string();
  caf::actor_system_config config;
  caf::actor_system system{config};
  std::shared_ptr<probe> watched = std::make_shared<probe>("ml/process");
  std::atomic<int> ready{0};
  std::atomic<int> port{-1};
  std::shared_future<std::string> ended; ///< how the last one did

  fixture() {
    logging::options with;
    with.directory = folder;
    with.terminal = logging::terminal_form::none;
    CAF_REQUIRE(!logging::start(with));
  }

  ~fixture() {
    logging::stop();
  }

  process_child_options with(std::vector<std::string> arguments) {
    process_child_options result;
    result.program = fixture_with(std::move(arguments));
    result.on_ready = [this](std::uint16_t told) {
      port = told;
      ++ready;
    };
    return result;
  }

  caf::actor start(const process_child_options& options) {
    auto result = process_child(options)(system, watched);
    auto told = std::make_shared<std::promise<std::string>>();
    ended = told->get_future().share();
    auto* where = &system;
    caf::actor_cast<caf::abstract_actor*>(result)->attach_functor(
      [told, where](const caf::error& reason) {
        told->set_value(where->render(reason));
      });
    return result;
  }

  std::string reason(std::chrono::milliseconds limit = 10s) {
    if (ended.wait_for(limit) != std::future_status::ready)
      return "still there";
    return ended.get();
  }

  bool is_ready(int times = 1) {
    return eventually([&] { return ready == times; });
  }

  /// The log so far.
  std::string log() {
    std::ifstream in(folder + "/logs/banksia.jsonl");
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }

  bool logs(const std::string& part) {
    return eventually([&] { return log().find(part) != std::string::npos; });
  }

  /// Of the process that was started last.
  pid_t pid() {
    pid_t result = -1;
    eventually([&] {
      auto text = log();
      auto at = text.rfind("\"pid\":");
      if (at == std::string::npos)
        return false;
      result = static_cast<pid_t>(std::stol(text.substr(at + 6)));
      return true;
    });
    return result;
  }
};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(process_actor, fixture)

CAF_TEST(an exit with 0 is a normal end) {
  start(with({"--exit", "0"}));
  CAF_CHECK_EQUAL(reason(), "none");
  CAF_CHECK_EQUAL(ready.load(), 1); // it had run
}

CAF_TEST(any other end is an error that tells it) {
  start(with({"--exit", "3"}));
  CAF_CHECK(holds(reason(), "runtime_error"));
  CAF_CHECK(holds(reason(), "exit 3"));
  start(with({"--crash"}));
  CAF_CHECK(holds(reason(), "signal 11 (SIGSEGV)"));
}

CAF_TEST(a missing program is an error that tells it) {
  auto options = with({});
  options.program.command = {"/nowhere/program"};
  start(options);
  CAF_CHECK(holds(reason(), "cannot start a program: /nowhere/program"));
  CAF_CHECK_EQUAL(ready.load(), 0);
}

CAF_TEST(a program of ours says that it is ready and where) {
  auto options = with({"--tell-ready", "4711", "--hang"});
  options.ready = readiness::by_pipe;
  auto actor = start(options);
  CAF_CHECK(is_ready());
  CAF_CHECK_EQUAL(port.load(), 4711);
  caf::anon_send_exit(actor, caf::exit_reason::kill);
  CAF_CHECK(holds(reason(), "kill"));
}

CAF_TEST(a start that does not wait is over at once and its port told later) {
  auto options = with({"--hang"});
  options.ready = readiness::by_pipe;
  options.start_waits = false;
  options.ready_limit = 300ms;
  auto actor = start(options);
  caf::scoped_actor self{system};
  auto answered = false;
  self->request(actor, 10s, ready_atom::value)
    .receive([&](bool) { answered = true; }, [](const caf::error&) {});
  CAF_CHECK(answered);
  CAF_CHECK_EQUAL(ready.load(), 0);
  // And yet it may not take for ever.
  CAF_CHECK(holds(reason(), "not ready in 300 ms"));
  options.program = fixture_with({"--tell-ready", "4712", "--hang"});
  actor = start(options);
  CAF_CHECK(is_ready());
  CAF_CHECK_EQUAL(port.load(), 4712);
  caf::anon_send_exit(actor, caf::exit_reason::kill);
  CAF_CHECK(holds(reason(), "kill"));
}

CAF_TEST(a missing program fails no start that does not wait) {
  auto options = with({});
  options.program.command = {"/nowhere/program"};
  options.start_waits = false;
  auto actor = start(options);
  caf::scoped_actor self{system};
  auto answered = false;
  self->request(actor, 10s, ready_atom::value)
    .receive([&](bool) { answered = true; }, [](const caf::error&) {});
  CAF_CHECK(answered);
  CAF_CHECK(holds(reason(), "cannot start a program: /nowhere/program"));
  // Asked to stop before it has told so.
  actor = start(options);
  caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  CAF_CHECK(holds(reason(), "user_shutdown"));
}

CAF_TEST(a stop asks and the actor ends with its reason) {
  auto actor = start(with({"--hang"}));
  auto process = pid();
  CAF_CHECK(runs(process));
  caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  CAF_CHECK_EQUAL(reason(), "exit_reason(user_shutdown)");
  CAF_CHECK(!state_of(process));
}

CAF_TEST(a stop that is ignored becomes a kill) {
  auto options = with({"--ignore-term", "--line", "begun", "--hang"});
  options.stop_limit = 300ms;
  auto actor = start(options);
  CAF_REQUIRE(logs("begun"));
  stopwatch since;
  caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  CAF_CHECK_EQUAL(reason(), "exit_reason(user_shutdown)");
  CAF_CHECK(since.elapsed() >= 290ms);
  CAF_CHECK(!state_of(pid()));
}

CAF_TEST(a killed actor kills the group) {
  auto actor = start(with({"--ignore-term", "--grandchild", "--hang"}));
  CAF_REQUIRE(logs("grandchild "));
  auto text = log();
  auto grandchild
    = static_cast<pid_t>(std::stol(text.substr(text.find("grandchild ") + 11)));
  CAF_CHECK(runs(grandchild));
  caf::anon_send_exit(actor, caf::exit_reason::kill);
  CAF_CHECK_EQUAL(reason(), "exit_reason(kill)");
  CAF_CHECK(eventually([&] { return !runs(pid()) && !runs(grandchild); }));
}

CAF_TEST(it is ready when its line says so) {
  auto options = with({"--ready", "ready 7400", "--hang"});
  options.ready = readiness::by_pipe;
  auto actor = start(options);
  CAF_CHECK(is_ready());
  CAF_CHECK_EQUAL(port.load(), 7400);
  caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  reason();
  // Without a port, once however often it says so, and by no other line.
  options = with({"--line", "readyish", "--line", "ready x", "--line",
                  "ready 99999", "--line", "ready ", "--line", "ready 7401x",
                  "--error", "ready 1", "--line", "ready", "--line", "ready 2",
                  "--exit", "0"});
  options.ready = readiness::by_output;
  start(options);
  CAF_CHECK_EQUAL(reason(), "none");
  CAF_CHECK_EQUAL(ready.load(), 2);
  CAF_CHECK_EQUAL(port.load(), 0);
}

CAF_TEST(one that does not get ready is killed) {
  auto options = with({"--ignore-term", "--line", "ready 1", "--hang"});
  options.ready = readiness::by_pipe;
  options.ready_limit = 200ms;
  start(options);
  CAF_CHECK(holds(reason(), "not ready in 200 ms"));
  CAF_CHECK_EQUAL(ready.load(), 0);
  CAF_CHECK(!state_of(pid()));
}

CAF_TEST(what it writes goes to the log under its path) {
  auto options = with({"--line", "all is well", "--error", "it is not",
                       "--line", std::string(50, 'x'), "--exit", "0"});
  options.lines.bytes_max = 20;
  start(options);
  reason();
  logging::stop();
  auto text = log();
  CAF_CHECK(holds(text, R"("level":"info","component":"ml/process",)"
                        R"("message":"all is well","cut":false)"));
  CAF_CHECK(holds(text, R"("level":"warn","component":"ml/process",)"
                        R"("message":"it is not","cut":false)"));
  CAF_CHECK(holds(text, R"("message":"xxxxxxxxxxxxxxxxxxxx","cut":true)"));
}

CAF_TEST(what it floods with is dropped and counted) {
  auto options = with({"--line", "1", "--line", "2", "--line", "3", "--exit",
                       "0"});
  options.lines.burst = 1;
  options.lines.per_second = 0.001;
  start(options);
  reason();
  CAF_CHECK(logs(R"("lines":2)"));
}

CAF_TEST(a supervisor starts it again and stops it) {
  directory names;
  auto board = std::make_shared<probe_board>();
  auto options = with({"--ready", "ready 1", "--hang"});
  options.ready = readiness::by_pipe;
  supervisor_options tree;
  tree.intensity = 1000;
  std::mutex mutex;
  std::vector<std::string> reasons;
  tree.report = [&](const supervision_event& x) {
    std::lock_guard guard{mutex};
    if (x.event == "child_terminated")
      reasons.push_back(x.reason);
  };
  auto slot = names.slot("ml/process");
  auto root = start_supervisor(system, board, {{slot, process_child(options)}},
                               tree);
  CAF_REQUIRE(is_ready());
  std::chrono::milliseconds longest{0};
  pid_t last = 0;
  for (int i = 0; i < 20; ++i) {
    last = pid();
    stopwatch since;
    ::kill(last, i % 2 == 0 ? SIGKILL : SIGSEGV);
    CAF_REQUIRE(is_ready(i + 2));
    longest = std::max(longest, since.elapsed());
    CAF_REQUIRE(eventually([&] { return pid() != last; }));
  }
  CAF_MESSAGE("longest from kill to ready: " << longest.count() << " ms");
  CAF_CHECK(longest < 5s);
  last = pid();
  CAF_CHECK(stop_tree(system, root, 10s));
  CAF_CHECK(!runs(last));
  CAF_CHECK_EQUAL(own_children(), 0u);
  std::lock_guard guard{mutex};
  CAF_CHECK(reasons.size() >= 20);
  CAF_CHECK(holds(reasons.front(), "signal 9 (SIGKILL)"));
}

CAF_TEST_FIXTURE_SCOPE_END()
