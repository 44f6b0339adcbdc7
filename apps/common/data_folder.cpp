#include "apps/common/data_folder.hpp"

#include "apps/common/command.hpp"
#include "apps/common/secrets.hpp"
#include "runtime/json/text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace banksia {

namespace {

using commands::command_error;

/// For others to make their keys and open their listeners.
constexpr std::chrono::seconds start_limit{60};

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

data_folder::data_folder(std::filesystem::path root, std::string name)
  : root_(std::move(root)), name_(std::move(name)) {
  std::error_code error;
  std::filesystem::create_directories(root_ / "run", error);
  if (error)
    cannot("create the data folder", root_ / "run", error.value());
  auto file = root_ / "run" / (name_ + ".lock");
  lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0)
    cannot("open", file, errno);
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock_);
    throw command_error(commands::exit_unavailable,
                        "another " + name_ + " runs on this data folder: "
                          + root_.string()
                          + ": stop it or give another --data-dir");
  }
}

data_folder::~data_folder() {
  withdraw();
  ::close(lock_);
}

void data_folder::withdraw() const noexcept {
  std::error_code ignored;
  std::filesystem::remove(root_ / "run" / (name_ + ".json"), ignored);
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
  write_private(root_ / "run" / (name_ + ".json"), json_text(out) + '\n');
}

part_lock::part_lock(const data_folder& folder, const std::string& role)
  : lock_(-1) {
  // Beside the locks of processes, which are named after all their roles.
  auto file = folder.root() / "run" / ("role-" + role + ".lock");
  lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0)
    cannot("open", file, errno);
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock_);
    throw command_error(commands::exit_unavailable,
                        "another process has the role " + role
                          + " on this data folder: " + folder.root().string()
                          + ": stop it or leave the role out of --roles");
  }
}

part_lock::~part_lock() {
  if (lock_ >= 0)
    ::close(lock_);
}

start_lock::start_lock(const data_folder& folder) {
  auto file = folder.root() / "run" / "start.lock";
  lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0)
    cannot("open", file, errno);
  auto until = std::chrono::steady_clock::now() + start_limit;
  while (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    if (std::chrono::steady_clock::now() > until) {
      ::close(lock_);
      throw command_error(commands::exit_unavailable,
                          "another process of this data folder does not get "
                          "started: " + file.string() + ": see its log");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
}

start_lock::~start_lock() {
  ::close(lock_);
}

std::string announced_address(const std::filesystem::path& root,
                              const std::string& service) {
  std::ifstream in(root / "run" / "node.json");
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  boost::json::error_code failed;
  auto found = boost::json::parse(text, failed);
  if (failed || !found.is_object())
    return {};
  const auto* addresses = found.as_object().if_contains("addresses");
  if (!addresses || !addresses->is_object())
    return {};
  const auto* where = addresses->as_object().if_contains(service);
  return where && where->is_string() ? std::string{where->as_string()}
                                     : std::string{};
}

} // namespace banksia
