#include "runtime/process/lifeline.hpp"

#include "runtime/process/child_process.hpp"
#include "runtime/process/quiet_thread.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

namespace banksia::process {

namespace {

bool is_pipe(int fd) {
  struct stat what {};
  return fstat(fd, &what) == 0 && S_ISFIFO(what.st_mode);
}

/// Reads what nobody should write. @returns true at the end of file
bool at_end(int fd) {
  std::array<char, 256> buffer;
  return ::read(fd, buffer.data(), buffer.size()) == 0;
}

} // namespace

unique_fd lifeline::take() {
  auto variable = std::getenv(lifeline_variable);
  if (variable == nullptr)
    return {};
  std::string text{variable};
  ::unsetenv(lifeline_variable);
  int fd = -1;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(),
                                       fd);
  if (failed != std::errc{} || *end != '\0' || !is_pipe(fd))
    throw process_error(std::string{"no pipe: "} + lifeline_variable + "="
                        + text
                        + ": leave the variable to the parent process");
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  return unique_fd{fd};
}

std::unique_ptr<lifeline> lifeline::watch(unique_fd from,
                                          std::function<void()> on_lost,
                                          std::chrono::milliseconds grace) {
  if (!from)
    return nullptr;
  return std::unique_ptr<lifeline>{
    new lifeline(std::move(from), std::move(on_lost), grace)};
}

lifeline::lifeline(unique_fd from, std::function<void()> on_lost,
                   std::chrono::milliseconds grace)
  : from_(std::move(from)),
    wake_(::eventfd(0, EFD_CLOEXEC)),
    on_lost_(std::move(on_lost)),
    grace_(grace) {
  if (!wake_)
    throw process_error(std::string{"cannot watch the lifeline: "}
                        + std::strerror(errno)
                        + ": raise the limit of open files (ulimit -n)");
  // A read that comes too early must not hold the thread.
  ::fcntl(from_.get(), F_SETFL, O_NONBLOCK);
  thread_ = quiet_thread([this] { run(); });
}

lifeline::~lifeline() {
  ::eventfd_write(wake_.get(), 1);
}

void lifeline::run() {
  std::array<pollfd, 2> waits{pollfd{wake_.get(), POLLIN, 0},
                              pollfd{from_.get(), POLLIN, 0}};
  do {
    ::poll(waits.data(), waits.size(), -1);
    if (waits[0].revents != 0)
      return;
  } while (waits[1].revents == 0 || !at_end(from_.get()));
  on_lost_();
  auto over = std::chrono::steady_clock::now() + grace_;
  for (;;) {
    auto left = std::chrono::ceil<std::chrono::milliseconds>(
      over - std::chrono::steady_clock::now());
    if (left.count() <= 0)
      ::_exit(1);
    if (::poll(waits.data(), 1, static_cast<int>(left.count())) > 0)
      return;
  }
}

} // namespace banksia::process
