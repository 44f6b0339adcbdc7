#pragma once

/// The data folder of a node: who runs on it, its operator token, where it
/// listens.

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace banksia {

/// Holds the folder for one process of a name: a node is `node`, what has some
/// of its roles alone another one. A second of that name is refused.
class data_folder {
public:
  /// Creates what is missing and takes the lock.
  /// @throws commands::command_error: exit 69 when another node has the folder,
  ///         exit 1 when it cannot be written
  explicit data_folder(std::filesystem::path root, std::string name = "node");
  ~data_folder();
  data_folder(const data_folder&) = delete;
  data_folder& operator=(const data_folder&) = delete;

  const std::filesystem::path& root() const noexcept { return root_; }

  /// The operator's token (`operator.token`, mode 0600), made at first use.
  std::string operator_token() const;

  /// Tells the world where the process listens (`run/<name>.json`).
  void announce(
    const std::vector<std::pair<std::string, std::string>>& addresses) const;

  /// Tells it no more; the last thing before an end without destructors.
  void withdraw() const noexcept;

private:
  std::filesystem::path root_;
  std::string name_;
  int lock_ = -1;
};

/// While it lives no other process on the folder has that role.
class part_lock {
public:
  /// @throws commands::command_error exit 69 when another one has it
  part_lock(const data_folder& folder, const std::string& role);
  ~part_lock();
  part_lock(part_lock&& x) noexcept : lock_(std::exchange(x.lock_, -1)) {}
  part_lock& operator=(part_lock&& x) noexcept {
    std::swap(lock_, x.lock_);
    return *this;
  }

private:
  int lock_;
};

/// While it lives no other process of the folder makes keys, certificates or
/// tokens, which are made at a start and read in several steps.
class start_lock {
public:
  /// Waits for whoever starts.
  /// @throws commands::command_error exit 69 when that takes too long
  explicit start_lock(const data_folder& folder);
  ~start_lock();
  start_lock(const start_lock&) = delete;
  start_lock& operator=(const start_lock&) = delete;

private:
  int lock_ = -1;
};

/// What `run/node.json` of a data folder says of a service, say "node".
/// @returns HOST:PORT; empty where there is no such file or service
std::string announced_address(const std::filesystem::path& root,
                              const std::string& service);

} // namespace banksia
