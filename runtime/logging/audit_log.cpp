#include "runtime/logging/audit_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace banksia::logging {

audit_log::audit_log(audit_options with) : with_(std::move(with)) {}

audit_log::~audit_log() {
  if (file_ >= 0)
    ::close(file_);
}

bool audit_log::open() {
  std::error_code ignored;
  std::filesystem::create_directories(with_.file.parent_path(), ignored);
  file_ = ::open(with_.file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
                 0600);
  struct stat state {};
  if (file_ < 0 || ::fstat(file_, &state) != 0)
    return false;
  bytes_ = static_cast<std::size_t>(state.st_size);
  return true;
}

void audit_log::rotate() {
  auto numbered = [this](unsigned i) {
    auto name = with_.file.stem().string() + "." + std::to_string(i)
                + with_.file.extension().string();
    return with_.file.parent_path() / name;
  };
  std::error_code ignored;
  for (auto i = with_.files_kept; i > 1; --i)
    std::filesystem::rename(numbered(i - 1), numbered(i), ignored);
  std::filesystem::rename(with_.file, numbered(1), ignored);
  ::close(file_);
  file_ = -1;
}

bool audit_log::append(const std::string& line) {
  std::lock_guard lock{mutex_};
  if (file_ >= 0 && bytes_ >= with_.file_bytes_max)
    rotate();
  if (file_ < 0 && !open())
    return false;
  auto whole = line + '\n';
  auto written = ::write(file_, whole.data(), whole.size());
  if (written == static_cast<ssize_t>(whole.size())) {
    bytes_ += whole.size();
    return true;
  }
  // A torn line would spoil the next one too.
  if (written > 0 && ::ftruncate(file_, static_cast<off_t>(bytes_)) != 0)
    bytes_ += static_cast<std::size_t>(written);
  return false;
}

} // namespace banksia::logging
