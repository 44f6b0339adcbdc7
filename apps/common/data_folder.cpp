#include "apps/common/data_folder.hpp"

#include "apps/common/command.hpp"
#include "apps/common/secrets.hpp"
#include "runtime/json/text.hpp"

#include <boost/json/object.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace banksia {

namespace {

using commands::command_error;

[[noreturn]] void cannot(const std::string& what,
                         const std::filesystem::path& where, int code) {
  throw command_error(commands::exit_failed,
                      "cannot " + what + ": " + where.string() + ": "
                        + std::strerror(code)
                        + ": make the folder writable for this user or give "
                          "another --data-dir");
}

/// Writes beside and renames: a reader never sees a half file.
void write_private(const std::filesystem::path& file, const std::string& text) {
  auto beside = file;
  beside += ".new";
  auto fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                   0600);
  if (fd < 0)
    cannot("write", file, errno);
  auto written = ::write(fd, text.data(), text.size());
  auto code = errno;
  ::fsync(fd);
  ::close(fd);
  if (written != static_cast<ssize_t>(text.size()))
    cannot("write", file, code);
  std::error_code error;
  std::filesystem::rename(beside, file, error);
  if (error)
    cannot("write", file, error.value());
}

} // namespace

data_folder::data_folder(std::filesystem::path root) : root_(std::move(root)) {
  std::error_code error;
  std::filesystem::create_directories(root_ / "run", error);
  if (error)
    cannot("create the data folder", root_ / "run", error.value());
  auto file = root_ / "run" / "node.lock";
  lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0)
    cannot("open", file, errno);
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock_);
    throw command_error(commands::exit_unavailable,
                        "another node runs on this data folder: "
                          + root_.string()
                          + ": stop it or give another --data-dir");
  }
}

data_folder::~data_folder() {
  std::error_code ignored;
  std::filesystem::remove(root_ / "run" / "node.json", ignored);
  ::close(lock_);
}

std::string data_folder::operator_token() const {
  auto file = root_ / "operator.token";
  std::ifstream in(file);
  std::string token;
  if (in && std::getline(in, token) && !token.empty())
    return token;
  token = random_token();
  write_private(file, token + '\n');
  return token;
}

void data_folder::announce(
  const std::vector<std::pair<std::string, std::string>>& addresses) const {
  boost::json::object where;
  for (const auto& [service, address] : addresses)
    where[service] = address;
  boost::json::object out{{"pid", static_cast<std::int64_t>(::getpid())},
                          {"addresses", where}};
  write_private(root_ / "run" / "node.json",
                json_text(out) + '\n');
}

} // namespace banksia
