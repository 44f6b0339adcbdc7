#include "runtime/tls/private_file.hpp"

#include "runtime/tls/error.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace banksia::tls {

namespace {

/// Longer is no key or certificate.
constexpr std::size_t bytes_max = 1 << 20;

[[noreturn]] void refuse(const std::string& what,
                         const std::filesystem::path& where, int code) {
  throw tls_error("cannot " + what + ": " + where.string() + ": "
                  + std::strerror(code)
                  + ": give the folder to the user that the node runs as");
}

void restrict(const std::filesystem::path& where, mode_t mode) {
  struct stat facts {};
  if (::stat(where.c_str(), &facts) != 0)
    refuse("read", where, errno);
  if ((facts.st_mode & 0777) != mode && ::chmod(where.c_str(), mode) != 0)
    refuse("protect", where, errno);
}

} // namespace

void make_private_folder(const std::filesystem::path& folder) {
  std::error_code error;
  if (folder.has_parent_path())
    std::filesystem::create_directories(folder.parent_path(), error);
  if (error)
    refuse("make", folder, error.value());
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    refuse("make", folder, errno);
  struct stat facts {};
  if (::stat(folder.c_str(), &facts) == 0 && !S_ISDIR(facts.st_mode))
    refuse("make", folder, ENOTDIR);
  restrict(folder, 0700);
}

void make_private(const std::filesystem::path& file) {
  restrict(file, 0600);
}

void write_private(const std::filesystem::path& file, const std::string& text) {
  auto beside = file;
  beside += ".new";
  // One that was left there may have another mode.
  ::unlink(beside.c_str());
  auto fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                   0600);
  if (fd < 0)
    refuse("write", beside, errno);
  auto written = ::write(fd, text.data(), text.size());
  auto code = written < 0 ? errno : ENOSPC;
  auto whole = written == static_cast<ssize_t>(text.size());
  if (whole && ::fsync(fd) != 0) {
    code = errno;
    whole = false;
  }
  ::close(fd);
  if (!whole)
    refuse("write", beside, code);
  if (::rename(beside.c_str(), file.c_str()) != 0)
    refuse("write", file, errno);
}

std::optional<std::string> read_private(const std::filesystem::path& file) {
  auto fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    if (errno == ENOENT)
      return std::nullopt;
    refuse("read", file, errno);
  }
  std::string text;
  std::array<char, 4096> buffer;
  ssize_t got = 0;
  while (text.size() < bytes_max
         && (got = ::read(fd, buffer.data(), buffer.size())) > 0)
    text.append(buffer.data(), static_cast<std::size_t>(got));
  auto code = errno;
  ::close(fd);
  if (got < 0)
    refuse("read", file, code);
  return text;
}

} // namespace banksia::tls
