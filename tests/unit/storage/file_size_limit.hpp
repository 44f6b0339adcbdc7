#pragma once

/// A full disk without a disk: no file of this process grows beyond a size.

#include <csignal>
#include <cstdint>
#include <stdexcept>
#include <sys/resource.h>

namespace banksia::storage_test {

class file_size_limit {
public:
  explicit file_size_limit(std::uint64_t bytes) {
    // By default the kernel ends who goes beyond.
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    if (getrlimit(RLIMIT_FSIZE, &before_) != 0)
      throw std::runtime_error("cannot read the limit of file sizes");
    auto limit = before_;
    limit.rlim_cur = bytes;
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
      throw std::runtime_error("cannot limit file sizes");
  }

  ~file_size_limit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

  file_size_limit(const file_size_limit&) = delete;
  file_size_limit& operator=(const file_size_limit&) = delete;

private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

} // namespace banksia::storage_test
