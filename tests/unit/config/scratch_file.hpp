#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace banksia::config {

/// A file with the given text in a folder of its own, gone with the object.
class scratch_file {
public:
  explicit scratch_file(std::string_view text) {
    auto pattern
      = (std::filesystem::temp_directory_path() / "banksia-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    path_ = (folder_ / "banksia.toml").string();
    std::ofstream{path_, std::ios::binary} << text;
  }

  scratch_file(const scratch_file&) = delete;
  scratch_file& operator=(const scratch_file&) = delete;

  ~scratch_file() { std::filesystem::remove_all(folder_); }

  const std::string& path() const noexcept { return path_; }
  std::string folder() const { return folder_.string(); }

private:
  std::filesystem::path folder_;
  std::string path_;
};

} // namespace banksia::config
