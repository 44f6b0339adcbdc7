#define CAF_SUITE process_lifeline

#include "runtime/process/lifeline.hpp"
#include "tests/integration/process/processes.hpp"

#include "caf/test/unit_test.hpp"

#include <fcntl.h>

#include <array>
#include <csignal>

using namespace banksia::process;
using namespace banksia::process_test;

namespace {

/// The variable while the test runs.
struct variable {
  explicit variable(const std::string& value) {
    ::setenv(lifeline_variable, value.c_str(), 1);
  }
  ~variable() { ::unsetenv(lifeline_variable); }
};

std::string failure_with(const std::string& value) {
  variable set{value};
  try {
    lifeline::take();
  } catch (const process_error& error) {
    CAF_CHECK(std::getenv(lifeline_variable) == nullptr);
    return error.what();
  }
  return "taken";
}

/// A parent with a child on its lifeline, and their pids.
struct family {
  explicit family(std::vector<std::string> child_does)
    : parent(fixture_with(with_parent(std::move(child_does)))) {
    child = parent.record.pid_after("child");
    CAF_REQUIRE(child > 0);
    CAF_REQUIRE_EQUAL(parent.record.after("begun"), "now");
  }

  static std::vector<std::string> with_parent(std::vector<std::string> rest) {
    rest.insert(rest.begin(), "--parent");
    return rest;
  }

  watched_process parent;
  pid_t child = 0;
};

} // namespace

CAF_TEST(without the variable there is none) {
  CAF_CHECK(!lifeline::take());
  CAF_CHECK(lifeline::watch({}, [] {}, 1s) == nullptr);
}

CAF_TEST(a variable that names no pipe is an error) {
  CAF_CHECK_EQUAL(failure_with("three"),
                  "no pipe: BANKSIA_LIFELINE_FD=three: leave the variable to "
                  "the parent process");
  for (auto wrong : {"", "-1", "3x", "999999", "99999999999999999999"})
    CAF_CHECK(failure_with(wrong).starts_with("no pipe: "));
  unique_fd file{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
  CAF_CHECK(failure_with(std::to_string(file.get())).starts_with("no pipe: "));
}

CAF_TEST(it is taken once and not handed on) {
  std::array<int, 2> ends{};
  CAF_REQUIRE_EQUAL(::pipe(ends.data()), 0);
  unique_fd write{ends[1]};
  variable set{std::to_string(ends[0])};
  auto taken = lifeline::take();
  CAF_CHECK_EQUAL(taken.get(), ends[0]);
  CAF_CHECK((::fcntl(taken.get(), F_GETFD) & FD_CLOEXEC) != 0);
  CAF_CHECK(!lifeline::take());
}

CAF_TEST(its end is told once and what is written does not matter) {
  std::array<int, 2> ends{};
  CAF_REQUIRE_EQUAL(::pipe2(ends.data(), O_CLOEXEC), 0);
  unique_fd write{ends[1]};
  std::atomic<int> calls{0};
  auto watched = lifeline::watch(unique_fd{ends[0]}, [&] { ++calls; }, 1h);
  CAF_CHECK_EQUAL(::write(write.get(), "noise", 5), 5);
  CAF_CHECK(!eventually([&] { return calls > 0; }, 50ms));
  write.reset();
  CAF_CHECK(eventually([&] { return calls > 0; }));
  watched.reset();
  CAF_CHECK_EQUAL(calls.load(), 1);
}

CAF_TEST(one that is no longer watched ends nothing) {
  std::array<int, 2> ends{};
  CAF_REQUIRE_EQUAL(::pipe2(ends.data(), O_CLOEXEC), 0);
  unique_fd write{ends[1]};
  lifeline::watch(unique_fd{ends[0]}, [] { CAF_FAIL("told"); }, 0s).reset();
}

CAF_TEST(without a descriptor left it is an error) {
  std::array<int, 2> ends{};
  CAF_REQUIRE_EQUAL(::pipe2(ends.data(), O_CLOEXEC), 0);
  unique_fd write{ends[1]};
  few_descriptors limit{0};
  CAF_CHECK(fails([&] { lifeline::watch(unique_fd{ends[0]}, [] {}, 1s); }));
}

CAF_TEST(a child ends when its parent is killed) {
  family x{{"--lifeline", "10000", "--line", "begun now", "--hang"}};
  CAF_CHECK(runs(x.child));
  ::kill(x.parent.watch.pid(), SIGKILL);
  // Long before its grace is over.
  CAF_CHECK(eventually([&] { return !runs(x.child); }));
}

CAF_TEST(a child that does not end by itself is ended after the grace) {
  family x{{"--ignore-term", "--deaf-lifeline", "300", "--line", "begun now",
            "--hang"}};
  stopwatch since;
  ::kill(x.parent.watch.pid(), SIGKILL);
  CAF_CHECK(eventually([&] { return !runs(x.child); }));
  CAF_CHECK(since.elapsed() >= 290ms);
}

CAF_TEST(a child has its lifeline from its parent alone) {
  CAF_REQUIRE(std::getenv(lifeline_variable) == nullptr);
  watched_process child{fixture_with({"--lifelines-end"})};
  auto exit = child.record.exit();
  CAF_REQUIRE(exit);
  CAF_CHECK_EQUAL(to_string(*exit), "exit 0");
}
