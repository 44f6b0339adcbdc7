#include "runtime/process/tell_ready.hpp"

#include "runtime/process/child_process.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

namespace banksia::process {

unique_fd take_ready_pipe() {
  auto variable = std::getenv(ready_variable);
  if (variable == nullptr)
    return {};
  std::string text{variable};
  ::unsetenv(ready_variable);
  int fd = -1;
  auto end = text.data() + text.size();
  auto parsed = std::from_chars(text.data(), end, fd);
  struct stat what {};
  if (parsed.ec != std::errc{} || parsed.ptr != end || ::fstat(fd, &what) != 0
      || !S_ISFIFO(what.st_mode))
    throw process_error(std::string{"no pipe: "} + ready_variable + "=" + text
                        + ": leave the variable to the parent process");
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  return unique_fd{fd};
}

void tell_ready(unique_fd to, std::uint16_t port) {
  if (!to)
    return;
  auto line = "ready " + std::to_string(port) + "\n";
  if (::write(to.get(), line.data(), line.size())
      != static_cast<ssize_t>(line.size()))
    throw process_error(std::string{"cannot say that it is ready: "}
                        + std::strerror(errno)
                        + ": its parent does not listen any more");
}

} // namespace banksia::process
