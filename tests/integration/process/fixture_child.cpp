/// Does what its arguments say, one after the other:
///
///   --line TEXT | --error TEXT    writes a line to stdout or stderr
///   --flood | --endless           writes lines, or one line, for ever
///   --exit N | --crash            ends
///   --crash-unless FILE           crashes and makes FILE, or goes on
///   --ignore-term | --hang        ignores SIGTERM; waits for ever
///   --drain                       waits for SIGTERM or SIGINT, then exits 0
///   --ready TEXT                  writes a line to BANKSIA_READY_FD
///   --tell-ready PORT             says so as programs of ours do
///   --grandchild                  starts a process that ignores SIGTERM and
///                                 tells its pid
///   --descriptors | --environment tells what it was given
///   --lifeline GRACE_MS           watches it; exits 5 when it is lost
///   --deaf-lifeline GRACE_MS      watches it and does nothing when it is lost
///   --lifelines-end               takes it and exits 1 when there is none
///   --parent ARGS...              starts itself with ARGS, tells the child's
///                                 pid, waits for ever
///   --keep STOP_LIMIT_MS ARGS...  keeps itself running with ARGS
///   --keep-slowly ARGS...         the same with hours between restarts

#include "runtime/process/keeper.hpp"
#include "runtime/process/lifeline.hpp"
#include "runtime/process/tell_ready.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

extern char** environ;

namespace {

using namespace banksia::process;
using arguments = std::vector<std::string>;

/// Should a test fail to end it.
constexpr unsigned lifetime_seconds = 60;

std::unique_ptr<lifeline> watched;

[[noreturn]] void hang() {
  for (;;)
    pause();
}

[[noreturn]] void crash() {
  rlimit none{0, 0}; // no core files
  setrlimit(RLIMIT_CORE, &none);
  raise(SIGSEGV);
  std::abort();
}

void write_all(int fd, const std::string& text) {
  if (write(fd, text.data(), text.size()) < 0)
    _exit(99);
}

[[noreturn]] void write_for_ever(const std::string& text) {
  for (;;)
    write_all(1, text);
}

void grandchild() {
  auto pid = fork();
  if (pid == 0) {
    std::signal(SIGTERM, SIG_IGN);
    alarm(lifetime_seconds); // not inherited
    hang();
  }
  write_all(1, "grandchild " + std::to_string(pid) + "\n");
}

void drain() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  write_all(1, "draining when told\n");
  int number = 0;
  sigwait(&set, &number);
  write_all(1, "drained by " + std::to_string(number) + "\n");
  _exit(0);
}

void tell_descriptors() {
  std::string text = "descriptors";
  for (int fd = 0; fd < 1024; ++fd)
    if (fcntl(fd, F_GETFD) >= 0)
      text += " " + std::to_string(fd);
  write_all(1, text + "\n");
}

process_spec self_with(const arguments& rest) {
  process_spec spec;
  spec.command = {"/proc/self/exe"};
  spec.command.insert(spec.command.end(), rest.begin(), rest.end());
  spec.capture = false;
  return spec;
}

[[noreturn]] void be_parent(const arguments& rest) {
  child_process child{self_with(rest)};
  write_all(1, "child " + std::to_string(child.pid()) + "\n");
  hang();
}

[[noreturn]] void keep(std::chrono::milliseconds stop_limit,
                       std::chrono::milliseconds base,
                       const arguments& rest) {
  keeper_options with;
  with.stop_limit = stop_limit;
  with.restarts.backoff.base = base;
  with.restarts.backoff.cap = base * 1000;
  with.say = [](const std::string& what) { write_all(2, what + "\n"); };
  _exit(keep_running(self_with(rest), with));
}

/// @returns whether it was one without a value
bool act(const std::string& what) {
  if (what == "--flood")
    write_for_ever("a line of the flood\n");
  else if (what == "--endless")
    write_for_ever(std::string(4096, 'x'));
  else if (what == "--crash")
    crash();
  else if (what == "--ignore-term")
    std::signal(SIGTERM, SIG_IGN);
  else if (what == "--hang")
    hang();
  else if (what == "--drain")
    drain();
  else if (what == "--grandchild")
    grandchild();
  else if (what == "--descriptors")
    tell_descriptors();
  else if (what == "--environment")
    for (auto entry = environ; *entry != nullptr; ++entry)
      write_all(1, std::string{*entry} + "\n");
  else if (what == "--lifelines-end")
    _exit(lifeline::take() ? 0 : 1);
  else
    return false;
  return true;
}

void act(const std::string& what, const std::string& value) {
  using std::chrono::milliseconds;
  if (what == "--line")
    write_all(1, value + "\n");
  else if (what == "--error")
    write_all(2, value + "\n");
  else if (what == "--exit")
    _exit(std::stoi(value));
  else if (what == "--ready")
    write_all(std::stoi(std::getenv(ready_variable)), value + "\n");
  else if (what == "--tell-ready")
    banksia::process::tell_ready(banksia::process::take_ready_pipe(),
                                 static_cast<std::uint16_t>(std::stoi(value)));
  else if (what == "--lifeline")
    watched = lifeline::watch(lifeline::take(), [] { _exit(5); },
                              milliseconds{std::stoi(value)});
  else if (what == "--deaf-lifeline")
    watched = lifeline::watch(lifeline::take(), [] {},
                              milliseconds{std::stoi(value)});
  else if (what == "--crash-unless") {
    if (!std::filesystem::exists(value)) {
      close(open(value.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
      crash();
    }
  } else {
    std::cerr << "fixture: what is " << what << "?\n";
    _exit(98);
  }
}

} // namespace

int main(int argc, char** argv) {
  alarm(lifetime_seconds);
  arguments all{argv + 1, argv + argc};
  // Whoever sends it wants to see this end by it; a sanitizer would report it.
  std::signal(SIGSEGV, SIG_DFL);
  try {
    for (std::size_t i = 0; i < all.size(); ++i) {
      auto rest = [&](std::size_t from) {
        return arguments{all.begin() + static_cast<std::ptrdiff_t>(from),
                         all.end()};
      };
      if (all[i] == "--parent")
        be_parent(rest(i + 1));
      if (all[i] == "--keep")
        keep(std::chrono::milliseconds{std::stoi(all.at(i + 1))},
             std::chrono::milliseconds{2}, rest(i + 2));
      if (all[i] == "--keep-slowly")
        keep(std::chrono::seconds{5}, std::chrono::hours{10}, rest(i + 1));
      if (!act(all[i])) {
        act(all[i], all.at(i + 1));
        ++i;
      }
    }
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    _exit(97);
  }
  // Before the thread that it is may end with the process's own objects.
  watched.reset();
  return 0;
}
