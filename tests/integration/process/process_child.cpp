#define CAF_SUITE process_child

#include "tests/integration/process/processes.hpp"

#include "caf/test/unit_test.hpp"

#include <fcntl.h>
#include <sys/resource.h>

#include <csignal>
#include <tuple>

using namespace banksia::process;
using namespace banksia::process_test;

namespace {

process_exit run(std::vector<std::string> arguments) {
  child_process child{fixture_with(std::move(arguments))};
  auto result = child.wait_for(10s);
  CAF_REQUIRE(result);
  return *result;
}

std::string failure_of(std::vector<std::string> command) {
  process_spec spec;
  spec.command = std::move(command);
  try {
    child_process child{spec};
  } catch (const process_error& error) {
    return error.what();
  }
  return "it started";
}

} // namespace

CAF_TEST(exit codes and signals are told) {
  CAF_CHECK_EQUAL(to_string(run({"--exit", "0"})), "exit 0");
  CAF_CHECK_EQUAL(to_string(run({"--exit", "78"})), "exit 78");
  CAF_CHECK_EQUAL(to_string(run({"--crash"})), "signal 11 (SIGSEGV)");
}

CAF_TEST(a missing program is a clear error) {
  auto descriptors = open_descriptors();
  CAF_CHECK_EQUAL(failure_of({"/nowhere/program"}),
                  "cannot start a program: /nowhere/program: No such file or "
                  "directory: check that it exists and that this user may run "
                  "it");
  CAF_CHECK(
    failure_of({"no-such-program-in-path"}).starts_with("cannot start"));
  CAF_CHECK(failure_of({"/etc/passwd"}).find("Permission denied")
            != std::string::npos);
  CAF_CHECK(failure_of({}).starts_with("no program to start"));
  CAF_CHECK(failure_of({""}).starts_with("no program to start"));
  CAF_CHECK_EQUAL(open_descriptors(), descriptors);
  CAF_CHECK_EQUAL(own_children(), 0u);
}

CAF_TEST(used up descriptors are a clear error and leave nothing behind) {
  std::size_t started = 0;
  auto descriptors = open_descriptors();
  auto spec = fixture_with({"--exit", "0"});
  spec.ready_pipe = true;
  // Each limit is another place where they run out.
  for (rlim_t limit = 3; limit < 40; ++limit) {
    std::string failure;
    {
      few_descriptors limited{limit};
      try {
        process_watch child{spec, {}, {}};
        ++started;
      } catch (const process_error& error) {
        failure = error.what();
      }
    }
    CAF_CHECK(
      failure.empty()
      || failure.ends_with("raise the limit of open files (ulimit -n)"));
  }
  CAF_CHECK(started > 0);
  CAF_CHECK(started < 37);
  CAF_CHECK_EQUAL(open_descriptors(), descriptors);
  CAF_CHECK_EQUAL(own_children(), 0u);
}

CAF_TEST(a killed process is seen at once and its status stays) {
  child_process child{fixture_with({"--hang"})};
  CAF_CHECK(!child.ended());
  CAF_CHECK(!child.wait_for(10ms));
  stopwatch since;
  ::kill(child.pid(), SIGKILL);
  auto exit = child.wait_for(5s);
  CAF_CHECK(since.elapsed() < 1s);
  CAF_REQUIRE(exit);
  CAF_CHECK_EQUAL(to_string(*exit), "signal 9 (SIGKILL)");
  CAF_CHECK(child.ended() == exit);
  CAF_CHECK(child.stop(1s) == *exit);
  CAF_CHECK(child.kill() == *exit);
  CAF_CHECK(!child.signal(SIGTERM));
  CAF_CHECK(!child.signal_group(SIGTERM));
  CAF_CHECK(!state_of(child.pid()));
}

CAF_TEST(a stop asks first) {
  child_process child{fixture_with({"--hang"})};
  CAF_CHECK_EQUAL(to_string(child.stop(10s)), "signal 15 (SIGTERM)");
}

CAF_TEST(a halted process takes its stop) {
  child_process child{fixture_with({"--hang"})};
  CAF_CHECK(child.signal(SIGSTOP));
  CAF_CHECK(eventually([&] { return state_of(child.pid()) == 'T'; }));
  stopwatch since;
  CAF_CHECK_EQUAL(to_string(child.stop(10s)), "signal 15 (SIGTERM)");
  CAF_CHECK(since.elapsed() < 5s);
}

CAF_TEST(one that ignores its stop is killed after the limit) {
  watched_process ignorant{
    fixture_with({"--ignore-term", "--line", "begun now", "--hang"})};
  CAF_REQUIRE_EQUAL(ignorant.record.after("begun"), "now");
  stopwatch since;
  ignorant.watch.request_stop(300ms);
  auto exit = ignorant.record.exit();
  CAF_REQUIRE(exit);
  CAF_CHECK_EQUAL(to_string(*exit), "signal 9 (SIGKILL)");
  CAF_CHECK(since.elapsed() >= 290ms);
  CAF_CHECK(since.elapsed() < 3s);
}

CAF_TEST(it gets nothing but what it is meant to) {
  // Neither ours that lack the flag, nor the ends of other children's pipes.
  auto leaky = ::open("/dev/null", O_RDONLY);
  child_process other{fixture_with({"--hang"})};
  ::setenv(ready_variable, "77", 1);
  auto spec = fixture_with({"--descriptors", "--environment"});
  spec.environment = {{"FIXTURE_COLOUR", "red"}, {"HOME", "/nowhere"}};
  watched_process plain{spec};
  CAF_REQUIRE(plain.record.exit());
  CAF_CHECK_EQUAL(plain.record.after("descriptors"), "0 1 2 3");
  std::size_t found = 0;
  for (const auto& line : plain.record.lines(stream::output)) {
    CAF_CHECK(!line.starts_with("BANKSIA_READY_FD="));
    if (line == "FIXTURE_COLOUR=red" || line == "HOME=/nowhere"
        || line == "BANKSIA_LIFELINE_FD=3")
      ++found;
  }
  CAF_CHECK_EQUAL(found, 3u);
  spec.ready_pipe = true;
  watched_process with_ready{spec};
  CAF_REQUIRE(with_ready.record.exit());
  CAF_CHECK_EQUAL(with_ready.record.after("descriptors"), "0 1 2 3 4");
  ::unsetenv(ready_variable);
  ::close(leaky);
}

CAF_TEST(signals that we block or ignore reach it all the same) {
  sigset_t set;
  sigset_t before;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, &before);
  auto handler = std::signal(SIGTERM, SIG_IGN);
  child_process child{fixture_with({"--hang"})};
  CAF_CHECK_EQUAL(to_string(child.stop(10s)), "signal 15 (SIGTERM)");
  std::signal(SIGTERM, handler);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

CAF_TEST(a status that is lost is told as unknown) {
  auto handler = std::signal(SIGCHLD, SIG_IGN);
  {
    child_process child{fixture_with({"--hang"})};
    child.signal(SIGKILL);
    auto exit = child.wait_for(5s);
    CAF_REQUIRE(exit);
    CAF_CHECK_EQUAL(to_string(*exit), "end unknown");
  }
  // It may be gone before it can be watched, and that must not hang.
  for (int i = 0; i < 20; ++i)
    try {
      CAF_CHECK_EQUAL(to_string(run({"--exit", "3"})), "end unknown");
    } catch (const process_error& error) {
      CAF_CHECK(std::string{error.what()}.ends_with(
        "No such process: leave SIGCHLD at its default"));
    }
  std::signal(SIGCHLD, handler);
}

CAF_TEST(a hundred starts and stops leave no zombie and no descriptor) {
  run({"--exit", "0"});
  auto descriptors = open_descriptors();
  for (int i = 0; i < 100; ++i) {
    auto spec = fixture_with({"--hang"});
    spec.ready_pipe = i % 2 == 0;
    child_process child{spec};
    if (i % 3 == 0)
      child.stop(5s);
    else if (i % 3 == 1)
      child.kill();
    CAF_CHECK(i % 3 == 2 || child.ended());
  }
  CAF_CHECK_EQUAL(open_descriptors(), descriptors);
  CAF_CHECK_EQUAL(own_children(), 0u);
}

CAF_TEST(limits are in force from outside and only where they are asked for) {
  auto limits_of = [](pid_t pid) {
    rlimit data{}, core{};
    ::prlimit(pid, RLIMIT_DATA, nullptr, &data);
    ::prlimit(pid, RLIMIT_CORE, nullptr, &core);
    return std::tuple{::getpriority(PRIO_PROCESS, static_cast<id_t>(pid)),
                      data.rlim_max, core.rlim_max};
  };
  auto ours = limits_of(::getpid());
  child_process plain{fixture_with({"--hang"})};
  CAF_CHECK(limits_of(plain.pid()) == ours);
  process_spec spec;
  // Not ours, whose sanitizer may still be taking its memory.
  spec.command = {"/bin/sleep", "60"};
  spec.limits = {19, 64 << 20, false};
  child_process limited{spec};
  auto [nice, data, core] = limits_of(limited.pid());
  CAF_CHECK_EQUAL(nice, 19);
  CAF_CHECK_EQUAL(data, rlim_t{64 << 20});
  CAF_CHECK_EQUAL(core, rlim_t{0});
}

CAF_TEST(what asks for more memory than it may have is refused it) {
  process_spec spec;
  spec.command = {"/bin/sh", "-c",
                  "x=0123456789abcdef; while :; do x=$x$x; done"};
  spec.limits = {0, 16 << 20, false};
  child_process child{spec};
  auto end = child.wait_for(30s);
  CAF_REQUIRE(end);
  CAF_CHECK(!end->succeeded());
}
