#define CAF_SUITE tls_handshake_watch
#include "runtime/tls/handshake_watch.hpp"

#include <caf/test/unit_test.hpp>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>

using namespace banksia;
using namespace std::chrono_literals;

namespace {

using clock = std::chrono::steady_clock;

/// The two ends of a connection.
struct ends {
  int ours = -1;
  int theirs = -1;

  ends() {
    int both[2];
    CAF_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, both)
                == 0);
    ours = both[0];
    theirs = both[1];
  }
  ~ends() {
    ::close(ours);
    ::close(theirs);
  }
  ends(const ends&) = delete;
  ends& operator=(const ends&) = delete;

  /// Whether the other side sees the end within `limit`.
  bool is_cut(std::chrono::milliseconds limit) const {
    pollfd look{theirs, POLLIN, 0};
    char byte;
    return ::poll(&look, 1, static_cast<int>(limit.count())) == 1
           && ::read(theirs, &byte, 1) == 0;
  }
};

} // namespace

CAF_TEST(a handshake that does not end is cut when its time is over) {
  tls::handshake_watch watch{100ms};
  ends silent;
  auto began = clock::now();
  watch.waits(&silent, silent.ours);
  // Looked at again, its time does not begin anew.
  watch.waits(&silent, silent.ours);
  CAF_CHECK_EQUAL(watch.waiting(), 1u);
  CAF_CHECK(silent.is_cut(10s));
  CAF_CHECK(clock::now() - began >= 100ms);
  CAF_CHECK_EQUAL(watch.waiting(), 0u);
}

CAF_TEST(one that has ended is left alone and later ones are watched) {
  tls::handshake_watch watch{100ms};
  ends done, silent;
  watch.waits(&done, done.ours);
  watch.ended(&done);
  watch.ended(&done);
  watch.waits(&silent, silent.ours);
  CAF_CHECK(silent.is_cut(10s));
  // Its time would have been over before.
  CAF_CHECK(!done.is_cut(0ms));
  ends next;
  watch.waits(&next, next.ours);
  CAF_CHECK(next.is_cut(10s));
}

CAF_TEST(the end of a watch cuts nobody) {
  ends silent;
  {
    tls::handshake_watch watch{1h};
    watch.waits(&silent, silent.ours);
  }
  CAF_CHECK(!silent.is_cut(0ms));
}

CAF_TEST(what cannot be watched is no error) {
  tls::handshake_watch watch{100ms};
  watch.waits(&watch, -1);
  CAF_CHECK_EQUAL(watch.waiting(), 0u);
}
