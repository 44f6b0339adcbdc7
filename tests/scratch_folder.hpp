#pragma once

/// A folder of a test's own, gone with it unless `BANKSIA_KEEP` is set.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace banksia::test {

class scratch_folder {
public:
  /// @param below where it is made
  /// @throws std::runtime_error when it cannot be made
  explicit scratch_folder(const std::filesystem::path& below
                          = std::filesystem::temp_directory_path()) {
    auto name = (below / "banksia-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
      throw std::runtime_error("cannot make a scratch folder: " + name);
    path_ = name;
  }

  ~scratch_folder() {
    if (std::getenv("BANKSIA_KEEP") != nullptr) {
      std::fprintf(stderr, "kept: %s\n", path_.c_str());
      return;
    }
    std::error_code code;
    std::filesystem::remove_all(path_, code);
  }

  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }

  std::filesystem::path file(const std::string& name = "test.db") const {
    return path_ / name;
  }

  /// Writes a file, its folders too where they are missing.
  std::filesystem::path write(const std::string& name,
                              std::string_view text) const {
    auto path = file(name);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream{path, std::ios::binary} << text;
    return path;
  }

private:
  std::filesystem::path path_;
};

} // namespace banksia::test
