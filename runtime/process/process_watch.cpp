#include "runtime/process/process_watch.hpp"

#include "runtime/process/quiet_thread.hpp"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace banksia::process {

using clock = child_process::clock;

process_watch::process_watch(const process_spec& spec, line_limits limits,
                             process_events events)
  : child_(spec),
    pid_(child_.pid()),
    events_(std::move(events)),
    wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!wake_)
    throw process_error(std::string{"cannot watch a program: "}
                        + std::strerror(errno)
                        + ": raise the limit of open files (ulimit -n)");
  for (auto [which, fd] : {std::pair{stream::output, child_.output()},
                           std::pair{stream::errors, child_.errors()},
                           std::pair{stream::ready, child_.ready()}})
    if (fd >= 0)
      sources_.push_back({which, fd, line_splitter{limits}});
  thread_ = quiet_thread([this] { run(); });
}

process_watch::~process_watch() {
  closing_.store(true);
  ::eventfd_write(wake_.get(), 1);
}

void process_watch::request_stop(std::chrono::milliseconds limit) noexcept {
  auto wanted = std::max<std::int64_t>(limit.count(), 0);
  auto before = stop_limit_ms_.load();
  // Of two that were asked for before the thread looks, the sooner counts.
  while ((before < 0 || wanted < before)
         && !stop_limit_ms_.compare_exchange_weak(before, wanted)) {
  }
  ::eventfd_write(wake_.get(), 1);
}

void process_watch::run() {
  for (;;) {
    std::vector<pollfd> waits{{child_.pidfd(), POLLIN, 0},
                              {wake_.get(), POLLIN, 0}};
    for (const auto& x : sources_)
      waits.push_back({x.fd, POLLIN, 0});
    ::poll(waits.data(), waits.size(), wait_ms());
    if (closing_.load())
      return; // the child's destructor does the rest
    obey();
    for (std::size_t i = 0; i < sources_.size(); ++i)
      if (waits[i + 2].revents != 0)
        read_from(sources_[i]);
    if (auto exit = child_.ended()) {
      // What it wrote last. Another that left its group may hold the pipe
      // open, so its end is not waited for.
      for (auto& x : sources_) {
        read_from(x);
        x.lines.finish(clock::now(), [&](const output_line& line) {
          if (events_.on_line)
            events_.on_line(x.which, line);
        });
      }
      if (events_.on_exit && !closing_.load())
        events_.on_exit(*exit);
      return;
    }
  }
}

/// Takes up what was asked for, and kills what did not stop in time.
void process_watch::obey() {
  eventfd_t ignored;
  ::eventfd_read(wake_.get(), &ignored);
  if (auto limit = stop_limit_ms_.exchange(-1); limit >= 0) {
    auto until = clock::now() + std::chrono::milliseconds{limit};
    kill_at_ = kill_at_ ? std::min(*kill_at_, until) : until;
    terminate(child_);
  }
  if (kill_at_ && clock::now() >= *kill_at_) {
    child_.signal_group(SIGKILL);
    // Its end makes the pidfd readable; look again all the same.
    kill_at_ = clock::now() + std::chrono::milliseconds{50};
  }
}

/// Not for ever: one that writes without a pause must not keep its own stop
/// from being seen.
void process_watch::read_from(source& from) {
  std::array<char, 16384> buffer;
  for (int round = 0; from.fd >= 0 && round < 8; ++round) {
    auto count = ::read(from.fd, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0 && errno == EAGAIN)
      return;
    if (count <= 0) {
      from.fd = -1; // `poll` passes over it
      return;
    }
    from.lines.feed({buffer.data(), static_cast<std::size_t>(count)},
                    clock::now(), [&](const output_line& line) {
                      if (events_.on_line)
                        events_.on_line(from.which, line);
                    });
  }
}

int process_watch::wait_ms() const {
  if (!kill_at_)
    return -1;
  auto left = std::chrono::ceil<std::chrono::milliseconds>(*kill_at_
                                                           - clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1 << 30));
}

} // namespace banksia::process
