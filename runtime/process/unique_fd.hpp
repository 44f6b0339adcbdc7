#pragma once

/// A file descriptor with one owner.

#include <unistd.h>

#include <utility>

namespace banksia::process {

/// Closes what it owns. -1: nothing.
class unique_fd {
public:
  unique_fd() = default;
  explicit unique_fd(int fd) noexcept : fd_(fd) {}
  unique_fd(unique_fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

  unique_fd& operator=(unique_fd&& other) noexcept {
    reset(std::exchange(other.fd_, -1));
    return *this;
  }

  ~unique_fd() { reset(); }

  explicit operator bool() const noexcept { return fd_ >= 0; }

  int get() const noexcept { return fd_; }

  /// Gives it away.
  int release() noexcept { return std::exchange(fd_, -1); }

  void reset(int fd = -1) noexcept {
    if (fd_ >= 0)
      ::close(fd_);
    fd_ = fd;
  }

private:
  int fd_ = -1;
};

} // namespace banksia::process
