#pragma once

#include "tests/scratch_folder.hpp"

#include <string>
#include <string_view>

namespace banksia::config {

/// A file with the given text in a folder of its own, gone with the object.
class scratch_file {
public:
  explicit scratch_file(std::string_view text)
    : path_(folder_.write("banksia.toml", text).string()) {}

  const std::string& path() const noexcept { return path_; }
  std::string folder() const { return folder_.path().string(); }

private:
  test::scratch_folder folder_;
  std::string path_;
};

} // namespace banksia::config
