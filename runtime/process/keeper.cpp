#include "runtime/process/keeper.hpp"

#include <poll.h>
#include <sys/signalfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <random>

namespace banksia::process {

namespace {

using clock = child_process::clock;
using std::chrono::milliseconds;
using kind = restart_decision::kind;

/// The signals that ask for the end; SIGHUP not under nohup.
sigset_t stop_signals() {
  sigset_t result;
  sigemptyset(&result);
  sigaddset(&result, SIGTERM);
  sigaddset(&result, SIGINT);
  struct sigaction hangup {};
  sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler != SIG_IGN)
    sigaddset(&result, SIGHUP);
  return result;
}

std::string seconds_text(milliseconds x) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.2f s",
                static_cast<double>(x.count()) / 1000);
  return text.data();
}

class keeper {
public:
  keeper(const process_spec& program, const keeper_options& options)
    : program_(program),
      options_(options),
      policy_(options.restarts,
              [this] { return unit_(engine_); }) {
    // The status of a child is lost where SIGCHLD is ignored; a terminal that
    // wants only its foreground group to write would halt the child, whose
    // disposition is ours; and nobody may be left to read what is said.
    std::signal(SIGCHLD, SIG_DFL);
    std::signal(SIGTTOU, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_BLOCK, &set_, nullptr);
    signals_.reset(::signalfd(-1, &set_, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!signals_)
      throw process_error(std::string{"cannot wait for signals: "}
                          + std::strerror(errno)
                          + ": raise the limit of open files (ulimit -n)");
  }

  int run() {
    for (bool first = true;; first = false) {
      auto started = clock::now();
      std::optional<process_exit> exit;
      std::string what;
      try {
        exit = run_once();
        what = options_.name + " ended: " + to_string(*exit);
      } catch (const process_error& error) {
        if (first)
          throw;
        what = error.what();
      }
      if (stopping_)
        return stopped(exit, what);
      auto decision = policy_.ended(exit, started, clock::now());
      if (decision.what == kind::pass_on)
        return exit->code;
      if (decision.what == kind::give_up) {
        say(what + ": it had been started again "
                     + std::to_string(options_.restarts.intensity)
                     + " times in a short time: giving up");
        return options_.code_gave_up;
      }
      say(what + ": starting it again "
                   + (decision.delay.count() == 0
                        ? "at once"
                        : "in " + seconds_text(decision.delay)));
      if (!pause(decision.delay))
        return 0; // nothing runs that could say otherwise
    }
  }

private:
  void say(const std::string& what) const {
    if (options_.say)
      options_.say(what);
  }

  /// From start to end.
  process_exit run_once() {
    child_process child{program_};
    std::optional<clock::time_point> kill_at;
    for (;;) {
      std::array<pollfd, 2> waits{pollfd{child.pidfd(), POLLIN, 0},
                                  pollfd{signals_.get(), POLLIN, 0}};
      auto left = kill_at ? left_ms(*kill_at) : -1;
      ::poll(waits.data(), waits.size(), left);
      while (auto number = next_signal()) {
        child.signal(number);
        if (!kill_at)
          kill_at = clock::now() + options_.stop_limit;
      }
      if (auto exit = child.ended())
        return *exit;
      if (kill_at && clock::now() >= *kill_at) {
        say(options_.name + " did not stop in "
                     + seconds_text(options_.stop_limit) + ": killing it");
        return child.kill();
      }
    }
  }

  int stopped(const std::optional<process_exit>& exit,
              const std::string& what) const {
    if (exit && exit->code >= 0)
      return exit->code;
    // It had not begun yet: a program that drains does not die of these.
    if (exit && sigismember(&set_, exit->signal) == 1)
      return 0;
    say(what + " while it stopped: not starting it again");
    return options_.code_failed;
  }

  /// Waits, or does not when a stop is asked for: false then.
  bool pause(milliseconds delay) {
    auto until = clock::now() + delay;
    for (;;) {
      if (next_signal() != 0)
        return false;
      auto left = left_ms(until);
      if (left == 0)
        return true;
      pollfd wait{signals_.get(), POLLIN, 0};
      ::poll(&wait, 1, left);
    }
  }

  /// 0: none.
  int next_signal() {
    signalfd_siginfo info{};
    if (::read(signals_.get(), &info, sizeof(info)) != sizeof(info))
      return 0;
    stopping_ = true;
    return static_cast<int>(info.ssi_signo);
  }

  static int left_ms(clock::time_point until) {
    auto left = std::chrono::ceil<milliseconds>(until - clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1 << 30));
  }

  const process_spec& program_;
  const keeper_options& options_;
  std::mt19937 engine_{std::random_device{}()};
  std::uniform_real_distribution<double> unit_;
  restart_policy policy_;
  const sigset_t set_ = stop_signals();
  unique_fd signals_;
  bool stopping_ = false;
};

} // namespace

int keep_running(const process_spec& program, const keeper_options& options) {
  return keeper{program, options}.run();
}

} // namespace banksia::process
