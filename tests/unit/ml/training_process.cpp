#define CAF_SUITE training_process
#include "actors/ml/training_process.hpp"
#include "tests/unit/ml/programs.hpp"

#include "caf/test/unit_test.hpp"

#include <csignal>

using namespace banksia;
using namespace banksia::ml_test;
using namespace std::chrono_literals;

namespace {

using time_point = training_process::time_point;
using how = training_end::kind;

constexpr training_limits usual{10min, 2min, 5s};

struct process_fixture {
  test::scratch_folder folder;
  script_folder scripts{folder.path()};
  time_point now{};
  std::vector<std::string> stages;
  std::vector<std::string> complaints;

  std::unique_ptr<training_process> start(const std::string& text,
                                          std::uint64_t memory_bytes = 0) {
    process::process_spec spec;
    spec.command = scripts.command(text);
    spec.limits.memory_bytes = memory_bytes;
    spec.limits.core_dumps = false;
    return std::make_unique<training_process>(
      spec, usual, now,
      [this](std::string_view line) { complaints.emplace_back(line); });
  }

  training_end end_of(training_process& x) {
    // Time stands still: only its process decides.
    for (int i = 0; i < 100000; ++i) {
      x.wait(50ms);
      auto end = x.look(now);
      if (!x.stage().empty()
          && (stages.empty() || stages.back() != x.stage()))
        stages.push_back(x.stage());
      if (end)
        return *end;
    }
    CAF_FAIL("it does not end");
  }

  training_end run(const std::string& text, std::uint64_t memory_bytes = 0) {
    return end_of(*start(text, memory_bytes));
  }

  std::string failure(const std::string& text) {
    auto end = run(text);
    return end.how == how::failed ? end.reason : "it did not fail";
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(training_process_tests, process_fixture)

CAF_TEST(a result is told with what was said on the way) {
  auto end = run("say 'reading bars' 0.25; say fitting 0.5\n"
                 "result '{\"status\":\"done\",\"promote\":true}'");
  CAF_CHECK(end.how == how::done);
  CAF_CHECK_EQUAL(end.reason, "");
  CAF_CHECK(end.result.at("promote").as_bool());
  CAF_REQUIRE(!stages.empty());
  CAF_CHECK_EQUAL(stages.back(), "fitting");
}

CAF_TEST(an end is told once) {
  auto x = start("exit 3");
  end_of(*x);
  CAF_CHECK(!x->look(now));
}

CAF_TEST(each way to fail has its reason) {
  CAF_CHECK_EQUAL(
    failure("result '{\"status\":\"failed\",\"reason\":\"40 rows\"}'; exit 1"),
    "40 rows");
  CAF_CHECK_EQUAL(failure("result '{\"status\":\"failed\"}'; exit 1"),
                  "it gave no reason");
  CAF_CHECK_EQUAL(failure("exit 3"), "its process ended with exit 3");
  CAF_CHECK_EQUAL(failure("echo out of words >&2; exit 78"),
                  "its process ended with exit 78: out of words");
  CAF_CHECK_EQUAL(failure("kill -KILL $$"),
                  "its process ended with signal 9 (SIGKILL)");
  CAF_CHECK_EQUAL(failure("kill -SEGV $$"),
                  "its process ended with signal 11 (SIGSEGV)");
  CAF_CHECK_EQUAL(failure("exit 0"), "it ended without a result");
  CAF_CHECK_EQUAL(failure("result '{\"promote\":true}'"),
                  "its result has no status");
  // Done, but not all is well.
  CAF_CHECK_EQUAL(failure("result '{\"status\":\"done\"}'; exit 1"),
                  "its process ended with exit 1");
}

CAF_TEST(a number that is none is no result) {
  CAF_CHECK_EQUAL(failure("result '{\"status\":\"done\",\"report\":"
                          "{\"log_loss\":NaN}}'"),
                  "it ended without a result that can be read");
  CAF_CHECK_EQUAL(failure("result 7"),
                  "it ended without a result that can be read");
}

CAF_TEST(garbage is counted and harmless) {
  auto x = start("echo hello; printf '\\000\\377\\n'; echo '[1]'; echo '{}'\n"
                 "say fitting 7; say '' 0.5; say fitting nan; say good 0.5\n"
                 "result '{\"status\":\"done\"}'");
  CAF_CHECK(end_of(*x).how == how::done);
  CAF_CHECK_EQUAL(x->garbage(), 7u);
  CAF_CHECK_EQUAL(x->stage(), "good");
  CAF_CHECK_EQUAL(x->progress(), 0.5);
}

CAF_TEST(a flood costs neither memory nor the result) {
  // One line of 16 MiB, then more lines than pass.
  auto x = start("head -c 16777216 /dev/zero | tr '\\000' x; echo\n"
                 "yes noise | head -n 100000\n"
                 "exit 4");
  auto end = end_of(*x);
  CAF_CHECK_EQUAL(end.reason, "its process ended with exit 4");
  CAF_CHECK_EQUAL(x->garbage(), 100'001u);
}

CAF_TEST(what it complains of is kept printable and bounded) {
  auto end = run("printf 'a\\033[31m\\377b\\n' >&2\n"
                 "head -c 100000 /dev/zero | tr '\\000' y >&2; exit 1");
  CAF_REQUIRE_EQUAL(complaints.size(), 2u);
  CAF_CHECK_EQUAL(complaints[0], "a?[31m?b");
  CAF_CHECK_EQUAL(complaints[1].size(), 500u);
  CAF_CHECK(end.reason.size() < 600);
}

CAF_TEST(one that asks for memory without end is refused it) {
  auto end = run("x=0123456789abcdef; while :; do x=$x$x; done", 16 << 20);
  CAF_CHECK(end.how == how::failed);
  CAF_CHECK(end.reason.starts_with("its process ended with "));
}

CAF_TEST(one that says nothing for too long is killed) {
  auto x = start("say fitting 0.5; while :; do sleep 1000; done");
  while (x->stage().empty()) {
    x->wait(1s);
    CAF_CHECK(!x->look(now));
  }
  now += 2min - 1ms;
  CAF_CHECK(!x->look(now));
  CAF_CHECK(::kill(x->pid(), 0) == 0);
  now += 1ms;
  CAF_CHECK(!x->look(now));
  CAF_CHECK_EQUAL(end_of(*x).reason, "no progress for 2 minutes");
}

CAF_TEST(saying the same for ever is no progress) {
  auto x = start("while :; do say fitting 0.5; echo noise; done");
  while (x->stage().empty()) {
    x->wait(1s);
    CAF_CHECK(!x->look(now));
  }
  now += 2min;
  CAF_CHECK(!x->look(now));
  CAF_CHECK_EQUAL(end_of(*x).reason, "no progress for 2 minutes");
}

CAF_TEST(one that takes too long is killed though it goes on) {
  auto x = start("i=0; while :; do i=$((i+1)); say \"step $i\" 0.5; done");
  for (int minute = 0; minute < 10; ++minute) {
    x->wait(1s);
    CAF_CHECK(!x->look(now));
    now += 1min;
  }
  CAF_CHECK(!x->look(now));
  CAF_CHECK_EQUAL(end_of(*x).reason, "it took longer than 10 minutes");
}

CAF_TEST(a cancelled one ends at once) {
  auto x = start("exec sleep 1000");
  x->cancel(now);
  x->cancel(now);
  auto end = end_of(*x);
  CAF_CHECK(end.how == how::cancelled);
  CAF_CHECK_EQUAL(end.reason, "cancelled");
}

CAF_TEST(one that does not want to end is killed after a while) {
  auto x = start("trap '' TERM; say deaf 0.5; while :; do sleep 1000; done");
  while (x->stage().empty()) {
    x->wait(1s);
    CAF_CHECK(!x->look(now));
  }
  x->cancel(now);
  now += 5s - 1ms;
  x->wait(100ms);
  CAF_CHECK(!x->look(now));
  now += 1ms;
  CAF_CHECK(!x->look(now));
  CAF_CHECK(end_of(*x).how == how::cancelled);
}

CAF_TEST(whoever forgets it takes it along) {
  auto x = start("say here 0.5; while :; do sleep 1000; done");
  auto pid = x->pid();
  x.reset();
  CAF_CHECK(::kill(pid, 0) != 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
