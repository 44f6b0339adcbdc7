#pragma once

/// A folder of a test's own, gone with it; the fixture of the storage tests.

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace banksia::storage_test {

class scratch_folder {
public:
  scratch_folder() {
    auto name = (std::filesystem::temp_directory_path() / "banksia-XXXXXX")
                  .string();
    if (mkdtemp(name.data()) == nullptr)
      throw std::runtime_error("cannot make a scratch folder: " + name);
    path_ = name;
  }

  ~scratch_folder() {
    std::error_code code;
    std::filesystem::remove_all(path_, code);
  }

  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }

  std::filesystem::path file(const std::string& name = "test.db") const {
    return path_ / name;
  }

private:
  std::filesystem::path path_;
};

} // namespace banksia::storage_test
