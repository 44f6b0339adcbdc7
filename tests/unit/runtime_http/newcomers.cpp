#define CAF_SUITE http_newcomers
#include "runtime/http/newcomers.hpp"

#include "caf/test/unit_test.hpp"

#include "runtime/process/unique_fd.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace banksia;
using banksia::process::unique_fd;

namespace {

/// A listening socket of this machine, and clients of it. Nothing blocks.
struct newcomers_fixture {
  unique_fd listening{
    ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  sockaddr_in where{};

  newcomers_fixture() {
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    auto at = reinterpret_cast<sockaddr*>(&where);
    CAF_REQUIRE_EQUAL(::bind(listening.get(), at, size), 0);
    CAF_REQUIRE_EQUAL(::listen(listening.get(), 16), 0);
    CAF_REQUIRE_EQUAL(::getsockname(listening.get(), at, &size), 0);
  }

  unique_fd connect() {
    unique_fd made{
      ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    ::connect(made.get(), reinterpret_cast<const sockaddr*>(&where),
              sizeof where);
    return made;
  }

  static short events_of(const unique_fd& x) {
    pollfd ask{x.get(), POLLIN | POLLOUT, 0};
    ::poll(&ask, 1, 0);
    return ask.revents;
  }

  unique_fd accept() {
    return unique_fd{
      ::accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC)};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(http_newcomers_tests, newcomers_fixture)

CAF_TEST(who has connected stays and who comes later gets no answer) {
  auto early = connect();
  CAF_CHECK_EQUAL(events_of(early), POLLOUT);
  CAF_CHECK(http::refuse_newcomers(listening.get()));
  auto late = connect();
  CAF_CHECK_EQUAL(events_of(late), 0);
  auto taken = accept();
  CAF_REQUIRE(taken.get() >= 0);
  CAF_CHECK(accept().get() < 0 && errno == EAGAIN);
  listening = unique_fd{};
  // The connection goes both ways, though its socket inherits the filter.
  char word = 'x';
  CAF_CHECK_EQUAL(::send(early.get(), &word, 1, 0), 1);
  CAF_CHECK_EQUAL(::recv(taken.get(), &word, 1, 0), 1);
  CAF_CHECK_EQUAL(::send(taken.get(), &word, 1, 0), 1);
  CAF_CHECK_EQUAL(::recv(early.get(), &word, 1, 0), 1);
}

CAF_TEST(what is no socket is refused) {
  CAF_CHECK(!http::refuse_newcomers(-1));
}

CAF_TEST_FIXTURE_SCOPE_END()
