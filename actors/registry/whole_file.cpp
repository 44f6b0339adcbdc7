#include "actors/registry/whole_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace banksia {

namespace {

[[noreturn]] void refuse(const std::string& what,
                         const std::filesystem::path& where, int code) {
  throw file_failure("cannot " + what, where, code);
}

/// Closes what it holds.
class open_file {
public:
  open_file(const std::filesystem::path& file, int flags)
    : fd_(::open(file.c_str(), flags | O_CLOEXEC, 0644)) {}
  ~open_file() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;

  int get() const noexcept { return fd_; }

private:
  int fd_;
};

void write_all(const open_file& to, const std::filesystem::path& name,
               std::string_view bytes) {
  while (!bytes.empty()) {
    auto written = ::write(to.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      refuse("write", name, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void step(const before_step& before, std::string_view name) {
  if (before)
    before(name);
}

} // namespace

file_failure::file_failure(const std::string& what,
                           const std::filesystem::path& where, int code)
  : std::runtime_error(what + ": " + where.string() + ": "
                       + std::strerror(code)),
    is_full_(code == ENOSPC || code == EDQUOT || code == EFBIG) {}

std::optional<std::string> read_whole(const std::filesystem::path& file,
                                      std::size_t bytes_max) {
  open_file from{file, O_RDONLY};
  if (from.get() < 0) {
    if (errno == ENOENT || errno == ENOTDIR)
      return std::nullopt;
    refuse("read", file, errno);
  }
  struct stat facts {};
  if (::fstat(from.get(), &facts) != 0)
    refuse("read", file, errno);
  if (!S_ISREG(facts.st_mode))
    refuse("read", file, S_ISDIR(facts.st_mode) ? EISDIR : EINVAL);
  auto size = static_cast<std::size_t>(facts.st_size);
  if (size > bytes_max)
    refuse("read", file, EFBIG);
  std::string bytes(size, '\0');
  std::size_t at = 0;
  while (at < size) {
    auto got = ::read(from.get(), bytes.data() + at, size - at);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      refuse("read", file, errno);
    if (got == 0)
      break;
    at += static_cast<std::size_t>(got);
  }
  bytes.resize(at);
  return bytes;
}

void replace_whole(const std::filesystem::path& file, std::string_view bytes,
                   const before_step& before) {
  auto beside = file;
  beside += ".new";
  step(before, "write");
  {
    open_file to{beside, O_WRONLY | O_CREAT | O_TRUNC};
    if (to.get() < 0)
      refuse("write", beside, errno);
    write_all(to, beside, bytes);
    step(before, "sync");
    if (::fsync(to.get()) != 0)
      refuse("write", beside, errno);
  }
  step(before, "rename");
  if (::rename(beside.c_str(), file.c_str()) != 0)
    refuse("write", file, errno);
  step(before, "sync folder");
  sync_folder(file.parent_path());
}

void sync_folder(const std::filesystem::path& folder) {
  open_file names{folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY};
  if (names.get() < 0 || ::fsync(names.get()) != 0)
    refuse("write", folder, errno);
}

} // namespace banksia
