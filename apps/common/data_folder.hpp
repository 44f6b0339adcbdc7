#pragma once

/// The data folder of a node: who runs on it, its operator token, where it
/// listens.

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace banksia {

/// Holds the folder for one node. A second one is refused.
class data_folder {
public:
  /// Creates what is missing and takes the lock.
  /// @throws commands::command_error: exit 69 when another node has the folder,
  ///         exit 1 when it cannot be written
  explicit data_folder(std::filesystem::path root);
  ~data_folder();
  data_folder(const data_folder&) = delete;
  data_folder& operator=(const data_folder&) = delete;

  const std::filesystem::path& root() const noexcept { return root_; }

  /// The operator's token (`operator.token`, mode 0600), made at first use.
  std::string operator_token() const;

  /// Tells the world where the node is (`run/node.json`).
  void announce(
    const std::vector<std::pair<std::string, std::string>>& addresses) const;

private:
  std::filesystem::path root_;
  int lock_ = -1;
};

} // namespace banksia
