#include "tests/integration/replay/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <string_view>

extern char** environ;

namespace banksia::test {

namespace {

using clock = std::chrono::steady_clock;

/// A pipe whose ends the child gets only where told to.
struct pipe_ends {
  pipe_ends() {
    if (pipe2(ends.data(), O_CLOEXEC) != 0)
      throw std::runtime_error("cannot make a pipe");
  }

  ~pipe_ends() {
    close_write();
    close(ends[0]);
  }

  pipe_ends(const pipe_ends&) = delete;
  pipe_ends& operator=(const pipe_ends&) = delete;

  void close_write() {
    if (ends[1] >= 0)
      close(ends[1]);
    ends[1] = -1;
  }

  std::array<int, 2> ends{-1, -1};
};

std::vector<char*> plain_environment() {
  std::vector<char*> result;
  for (auto entry = environ; *entry != nullptr; ++entry) {
    std::string_view text{*entry};
    if (!text.starts_with("BANKSIA_") && !text.starts_with("DATABASE_URL=")
        && !text.starts_with("TRADING_ENV="))
      result.push_back(*entry);
  }
  result.push_back(nullptr);
  return result;
}

pid_t start(const std::vector<std::string>& command, pipe_ends& out,
            pipe_ends& err) {
  std::vector<char*> arguments;
  for (const auto& x : command)
    arguments.push_back(const_cast<char*>(x.c_str()));
  arguments.push_back(nullptr);
  auto environment = plain_environment();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, err.ends[1], 2);
  pid_t child = 0;
  auto failed = posix_spawnp(&child, arguments[0], &actions, nullptr,
                             arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0)
    throw std::runtime_error("cannot start " + command[0] + ": "
                             + std::strerror(failed));
  return child;
}

/// Reads once; false at the end of the stream.
bool drain(int from, std::string& to) {
  std::array<char, 16384> buffer;
  auto count = read(from, buffer.data(), buffer.size());
  if (count <= 0)
    return false;
  to.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

} // namespace

child_result run_child(const std::vector<std::string>& command,
                       std::chrono::seconds deadline) {
  child_result result;
  pipe_ends out;
  pipe_ends err;
  auto child = start(command, out, err);
  out.close_write();
  err.close_write();
  auto until = clock::now() + deadline;
  std::array<pollfd, 2> waits{pollfd{out.ends[0], POLLIN, 0},
                              pollfd{err.ends[0], POLLIN, 0}};
  while (waits[0].fd >= 0 || waits[1].fd >= 0) {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      until - clock::now());
    if (left.count() <= 0
        || poll(waits.data(), waits.size(), static_cast<int>(left.count()))
             == 0) {
      result.in_time = false;
      kill(child, SIGKILL);
      break;
    }
    if (waits[0].revents != 0 && !drain(waits[0].fd, result.out))
      waits[0].fd = -1;
    if (waits[1].revents != 0 && !drain(waits[1].fd, result.err))
      waits[1].fd = -1;
  }
  int status = 0;
  waitpid(child, &status, 0);
  result.code = WIFEXITED(status) ? WEXITSTATUS(status)
                                  : 128 + WTERMSIG(status);
  return result;
}

} // namespace banksia::test
