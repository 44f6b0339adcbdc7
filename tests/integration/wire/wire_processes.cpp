#define CAF_SUITE wire_processes
#include "messages/actors.hpp"
#include "tests/unit/messages/wire_values.hpp"

#include "caf/test/unit_test.hpp"

#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>

#include <array>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

using namespace banksia;
using namespace banksia::wire_test;

namespace {

/// Longer than an answer takes on a loaded machine; only a failure waits so
/// long.
constexpr std::chrono::seconds patience{30};

/// `wire_echo`, started and stopped here: it ends with its standard input.
class echo_process {
public:
  echo_process() {
    int in[2];
    int out[2];
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
      throw std::runtime_error("cannot make a pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    std::string program = BANKSIA_BINARY_DIR "/wire_echo";
    char* arguments[] = {program.data(), nullptr};
    auto failed = posix_spawn(&pid_, program.c_str(), &actions, nullptr,
                              arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    lifeline_ = in[1];
    if (failed != 0)
      throw std::runtime_error("cannot start " + program);
    port_ = read_port(out[0]);
    close(out[0]);
  }

  ~echo_process() {
    close(lifeline_);
    waitpid(pid_, nullptr, 0);
  }

  echo_process(const echo_process&) = delete;
  echo_process& operator=(const echo_process&) = delete;

  std::uint16_t port() const { return port_; }

private:
  static std::uint16_t read_port(int from) {
    std::string text;
    pollfd wait{from, POLLIN, 0};
    std::array<char, 64> buffer;
    while (text.find('\n') == std::string::npos) {
      auto ready = poll(&wait, 1, static_cast<int>(patience.count()) * 1000);
      auto count = ready > 0 ? read(from, buffer.data(), buffer.size()) : 0;
      if (count <= 0)
        throw std::runtime_error("wire_echo names no port");
      text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return static_cast<std::uint16_t>(std::stoi(text));
  }

  pid_t pid_ = 0;
  int lifeline_ = -1;
  std::uint16_t port_ = 0;
};

struct two_processes {
  struct config : caf::actor_system_config {
    config() {
      add_message_types<caf::id_block::banksia>();
      load<caf::io::middleman>();
    }
  };

  two_processes() {
    auto found = system.middleman().remote_actor("127.0.0.1", other.port());
    if (!found)
      throw std::runtime_error(system.render(found.error()));
    remote = *found;
  }

  /// What comes back; nothing when it is no message of that type.
  template <class T>
  std::optional<T> there_and_back(const T& x) {
    std::optional<T> result;
    self->request(remote, patience, x)
      .receive([&](T& y) { result.emplace(std::move(y)); },
               [&](caf::error& err) { CAF_MESSAGE(system.render(err)); });
    return result;
  }

  echo_process other;
  config cfg;
  caf::actor_system system{cfg};
  caf::actor remote;
  caf::scoped_actor self{system};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(wire_processes_tests, two_processes)

CAF_TEST(random values of every type come back bit for bit) {
  for_each_wire_type([&]<class T>(std::type_identity<T>) {
    filler fill{caf::type_id<T>::value};
    std::size_t failed = 0;
    for (int i = 0; i < 40; ++i) {
      T x{};
      fill.fill(x);
      auto y = there_and_back(x);
      failed += !y || image(*y) != image(x);
    }
    if (failed > 0)
      CAF_MESSAGE(caf::type_name<T>::value);
    CAF_CHECK_EQUAL(failed, 0u);
  });
}

CAF_TEST(every special double comes back bit for bit) {
  constexpr std::array<std::uint64_t, 9> special{
    0x7ff0000000000000, 0xfff0000000000000, // infinities
    0x7ff8000000000000, 0x7ff0000000000001, 0xfff7ffffffffffff, // NaN
    0x8000000000000000,                     // -0
    0x0000000000000001, 0x000fffffffffffff, 0x800fffffffffffff};
  std::vector<real> all;
  for (auto bits : special) {
    all.push_back(real{std::bit_cast<double>(bits)});
    auto y = there_and_back(all.back());
    CAF_REQUIRE(y.has_value());
    CAF_CHECK_EQUAL(std::bit_cast<std::uint64_t>(y->value()), bits);
  }
  auto together = there_and_back(all);
  CAF_REQUIRE(together.has_value());
  CAF_CHECK(image(*together) == image(all));
}

CAF_TEST_FIXTURE_SCOPE_END()
