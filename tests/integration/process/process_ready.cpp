#define CAF_SUITE process_ready

#include "runtime/process/tell_ready.hpp"
#include "tests/integration/process/processes.hpp"

#include "caf/test/unit_test.hpp"

#include <fcntl.h>

#include <array>
#include <csignal>
#include <cstdlib>

using namespace banksia::process;
using namespace banksia::process_test;

namespace {

struct pipe_ends {
  std::array<int, 2> ends{};
  pipe_ends() { CAF_REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0); }
};

} // namespace

CAF_TEST(the variable is taken once and names a pipe) {
  pipe_ends x;
  unique_fd read{x.ends[0]};
  ::setenv(ready_variable, std::to_string(x.ends[1]).c_str(), 1);
  auto taken = take_ready_pipe();
  CAF_CHECK_EQUAL(taken.get(), x.ends[1]);
  CAF_CHECK(std::getenv(ready_variable) == nullptr);
  CAF_CHECK(!take_ready_pipe());
  tell_ready(std::move(taken), 4711);
  std::array<char, 32> buffer{};
  auto size = ::read(read.get(), buffer.data(), buffer.size());
  CAF_CHECK_EQUAL(std::string(buffer.data(), static_cast<std::size_t>(size)),
                  "ready 4711\n");
  // Told, it is closed.
  CAF_CHECK_EQUAL(::read(read.get(), buffer.data(), buffer.size()), 0);
}

CAF_TEST(a variable that names no pipe is an error) {
  for (auto text : {"", "x", "3x", "-1", "9999"}) {
    ::setenv(ready_variable, text, 1);
    CAF_CHECK(fails([] { take_ready_pipe(); }));
    CAF_CHECK(std::getenv(ready_variable) == nullptr);
  }
  unique_fd file{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
  ::setenv(ready_variable, std::to_string(file.get()).c_str(), 1);
  CAF_CHECK(fails([] { take_ready_pipe(); }));
}

CAF_TEST(nobody who waits is told nothing and nobody who listens is an error) {
  tell_ready(unique_fd{}, 1);
  pipe_ends x;
  ::close(x.ends[0]);
  std::signal(SIGPIPE, SIG_IGN);
  CAF_CHECK(fails([&] { tell_ready(unique_fd{x.ends[1]}, 1); }));
}
