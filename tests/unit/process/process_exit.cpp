#define CAF_SUITE process_exit

#include "runtime/process/process_exit.hpp"
#include "runtime/process/unique_fd.hpp"

#include "caf/test/unit_test.hpp"

#include <fcntl.h>

#include <csignal>

using namespace banksia::process;

CAF_TEST(an exit is told by its code) {
  CAF_CHECK_EQUAL(to_string(process_exit{0, 0}), "exit 0");
  CAF_CHECK_EQUAL(to_string(process_exit{3, 0}), "exit 3");
  CAF_CHECK((process_exit{0, 0}.succeeded()));
  CAF_CHECK((!process_exit{3, 0}.succeeded()));
}

CAF_TEST(a signal is told by number and name) {
  CAF_CHECK_EQUAL(to_string(process_exit{-1, SIGSEGV}), "signal 11 (SIGSEGV)");
  CAF_CHECK_EQUAL(to_string(process_exit{-1, SIGKILL}), "signal 9 (SIGKILL)");
  CAF_CHECK_EQUAL(to_string(process_exit{-1, 40}), "signal 40");
  CAF_CHECK((!process_exit{-1, SIGKILL}.succeeded()));
}

CAF_TEST(an end that somebody else read is unknown) {
  CAF_CHECK_EQUAL(to_string(process_exit{}), "end unknown");
  CAF_CHECK(!process_exit{}.succeeded());
}

CAF_TEST(a descriptor has one owner) {
  auto is_open = [](int fd) { return fcntl(fd, F_GETFD) >= 0; };
  auto number = open("/dev/null", O_RDONLY | O_CLOEXEC);
  unique_fd first{number};
  unique_fd second{std::move(first)};
  CAF_CHECK(!first);
  CAF_CHECK_EQUAL(second.get(), number);
  first = std::move(second);
  CAF_CHECK(is_open(number));
  first.reset();
  CAF_CHECK(!is_open(number));
}
