#include "runtime/process/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

extern "C" { // glibc 2.36's header lacks it
#include <sys/pidfd.h>
}

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

extern char** environ;

namespace banksia::process {

namespace {

[[noreturn]] void cannot(const std::string& what, int code,
                         const std::string& advice) {
  throw process_error(what + ": " + std::strerror(code) + ": " + advice);
}

struct pipe_ends {
  unique_fd read;
  unique_fd write;
};

/// Beyond the numbers that the child gets, so that putting one in its place
/// never closes another.
unique_fd moved_up(int fd) {
  unique_fd low{fd};
  unique_fd result{::fcntl(fd, F_DUPFD_CLOEXEC, 16)};
  if (!result)
    cannot("no pipe for a child process", errno,
           "raise the limit of open files (ulimit -n)");
  return result;
}

pipe_ends make_pipe() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    cannot("no pipe for a child process", errno,
           "raise the limit of open files (ulimit -n)");
  unique_fd write{ends[1]}; // closed should the next line throw
  auto read = moved_up(ends[0]);
  return {std::move(read), moved_up(write.release())};
}

/// Ours with what the spec adds.
std::vector<std::string> environment_for(const process_spec& spec) {
  auto added = spec.environment;
  added.emplace_back(lifeline_variable, std::to_string(lifeline_fd));
  if (spec.ready_pipe)
    added.emplace_back(ready_variable, std::to_string(ready_fd));
  std::vector<std::string> result;
  auto is_replaced = [&](std::string_view entry) {
    auto name = entry.substr(0, entry.find('='));
    if (name == ready_variable || name == lifeline_variable)
      return true; // our own, not the child's
    for (const auto& [key, value] : spec.environment)
      if (key == name)
        return true;
    return false;
  };
  for (auto entry = environ; *entry != nullptr; ++entry)
    if (!is_replaced(*entry))
      result.emplace_back(*entry);
  for (const auto& [key, value] : added)
    result.push_back(key + "=" + value);
  return result;
}

/// For `posix_spawn`; points into `from`.
std::vector<char*> pointers(const std::vector<std::string>& from) {
  std::vector<char*> result;
  for (const auto& x : from)
    result.push_back(const_cast<char*>(x.c_str()));
  result.push_back(nullptr);
  return result;
}

struct file_actions {
  file_actions() { posix_spawn_file_actions_init(&value); }
  ~file_actions() { posix_spawn_file_actions_destroy(&value); }
  file_actions(const file_actions&) = delete;
  file_actions& operator=(const file_actions&) = delete;

  void put(const unique_fd& from, int to) {
    posix_spawn_file_actions_adddup2(&value, from.get(), to);
  }

  posix_spawn_file_actions_t value;
};

/// An own group, no blocked signals, and those that we ignore or handle as any
/// program expects them. SIGHUP stays ignored where it is: nohup is meant for
/// the child too.
struct attributes {
  attributes() {
    posix_spawnattr_init(&value);
    posix_spawnattr_setflags(&value, POSIX_SPAWN_SETPGROUP
                                       | POSIX_SPAWN_SETSIGMASK
                                       | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&value, 0);
    sigset_t set;
    sigemptyset(&set);
    posix_spawnattr_setsigmask(&value, &set);
    for (auto number : {SIGPIPE, SIGTERM, SIGINT, SIGCHLD})
      sigaddset(&set, number);
    posix_spawnattr_setsigdefault(&value, &set);
  }
  ~attributes() { posix_spawnattr_destroy(&value); }
  attributes(const attributes&) = delete;
  attributes& operator=(const attributes&) = delete;

  posix_spawnattr_t value;
};

void never_block(const unique_fd& fd) {
  ::fcntl(fd.get(), F_SETFL, O_NONBLOCK);
}

} // namespace

child_process::child_process(const process_spec& spec) {
  if (spec.command.empty() || spec.command.front().empty())
    throw process_error("no program to start: the command is empty: name one");
  auto lifeline = make_pipe();
  pipe_ends output;
  pipe_ends errors;
  pipe_ends ready;
  file_actions files;
  posix_spawn_file_actions_addopen(
    &files.value, 0, spec.input.empty() ? "/dev/null" : spec.input.c_str(),
    O_RDONLY, 0);
  if (spec.capture) {
    output = make_pipe();
    errors = make_pipe();
    files.put(output.write, 1);
    files.put(errors.write, 2);
  }
  files.put(lifeline.read, lifeline_fd);
  auto first_unused = lifeline_fd + 1;
  if (spec.ready_pipe) {
    ready = make_pipe();
    files.put(ready.write, ready_fd);
    first_unused = ready_fd + 1;
  }
  // Libraries may have opened files that are not closed on exec.
  posix_spawn_file_actions_addclosefrom_np(&files.value, first_unused);
  attributes with;
  auto environment = environment_for(spec);
  auto failed = posix_spawnp(&pid_, spec.command.front().c_str(), &files.value,
                             &with.value, pointers(spec.command).data(),
                             pointers(environment).data());
  if (failed != 0)
    cannot("cannot start a program: " + spec.command.front(), failed,
           "check that it exists and that this user may run it");
  pidfd_.reset(::pidfd_open(pid_, 0));
  if (!pidfd_)
    abandon(spec.command.front(), errno);
  restrict_to(spec.limits);
  lifeline_ = std::move(lifeline.write);
  output_ = std::move(output.read);
  errors_ = std::move(errors.read);
  ready_ = std::move(ready.read);
  for (auto fd : {&output_, &errors_, &ready_})
    if (*fd)
      never_block(*fd);
}

void child_process::restrict_to(const process_limits& limits) const noexcept {
  // Its first thread is its only one yet; those to come inherit it. All of it
  // can fail only when the process has ended already.
  if (limits.nice != 0)
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(pid_), limits.nice);
  auto bound = [this](auto resource, rlim_t most) {
    rlimit both{most, most};
    ::prlimit(pid_, resource, &both, nullptr);
  };
  if (limits.memory_bytes > 0)
    bound(RLIMIT_DATA, limits.memory_bytes);
  if (!limits.core_dumps)
    bound(RLIMIT_CORE, 0);
}

void child_process::abandon(const std::string& program, int code) {
  // It is gone and its status too: there is nothing to kill or to wait for.
  auto lost = code == ESRCH;
  if (!lost) {
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  cannot("cannot watch a program: " + program, code,
         lost ? "leave SIGCHLD at its default"
              : "raise the limit of open files (ulimit -n)");
}

child_process::~child_process() {
  kill();
}

bool child_process::signal(int number) noexcept {
  return !exit_ && ::pidfd_send_signal(pidfd_.get(), number, nullptr, 0) == 0;
}

bool child_process::signal_group(int number) noexcept {
  return !exit_ && ::kill(-pid_, number) == 0;
}

std::optional<process_exit> child_process::ended() noexcept {
  if (exit_)
    return exit_;
  auto watched = static_cast<id_t>(pidfd_.get());
  siginfo_t info{};
  auto result = ::waitid(P_PIDFD, watched, &info, WEXITED | WNOHANG | WNOWAIT);
  if (result == 0 && info.si_pid == 0)
    return std::nullopt;
  // An error: the status is lost (SIGCHLD is ignored, or somebody waits for
  // all children), so the number may be another's by now.
  if (result == 0) {
    ::kill(-pid_, SIGKILL);
    result = ::waitid(P_PIDFD, watched, &info, WEXITED | WNOHANG);
  }
  if (result != 0)
    exit_ = process_exit{};
  else if (info.si_code == CLD_EXITED)
    exit_ = process_exit{info.si_status, 0};
  else
    exit_ = process_exit{-1, info.si_status};
  return exit_;
}

std::optional<process_exit>
child_process::wait_for(std::chrono::milliseconds limit) noexcept {
  auto until = clock::now() + limit;
  for (;;) {
    if (auto result = ended())
      return result;
    auto left = std::chrono::ceil<std::chrono::milliseconds>(until
                                                             - clock::now());
    if (left.count() <= 0)
      return std::nullopt;
    pollfd end{pidfd_.get(), POLLIN, 0};
    ::poll(&end, 1, static_cast<int>(left.count()));
  }
}

process_exit child_process::wait() noexcept {
  for (;;)
    if (auto result = wait_for(std::chrono::hours{1}))
      return *result;
}

process_exit child_process::stop(std::chrono::milliseconds limit) noexcept {
  terminate(*this);
  if (auto result = wait_for(limit))
    return *result;
  return kill();
}

process_exit child_process::kill() noexcept {
  signal_group(SIGKILL);
  return wait();
}

void terminate(child_process& child) noexcept {
  child.signal_group(SIGTERM);
  // One that is halted takes its SIGTERM when it goes on.
  child.signal_group(SIGCONT);
}

} // namespace banksia::process
