#pragma once

/// Programs in the place of `banksia-ml train`: scripts that do as a test says.

#include "tests/unit/registry/folder_samples.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace banksia::ml_test {

/// Reads the arguments into variables of their names.
inline constexpr auto read_arguments = R"sh(
while [ $# -gt 0 ]; do
  case $1 in
    --output) out=$2 ;;
    --champion) champion=$2 ;;
    --trials) trials=$2 ;;
    --as-of) as_of=$2 ;;
    --run) run=$2 ;;
  esac
  shift
done
say() { printf '{"stage":"%s","progress":%s}\n' "$1" "$2"; }
result() { printf '{"result":%s}\n' "$1"; }
)sh";

/// Scripts in a folder.
struct script_folder {
  explicit script_folder(std::filesystem::path where)
    : root(std::move(where)) {}

  /// The command that runs the text, as the fixed part of a trainer's.
  std::vector<std::string> command(const std::string& text) {
    auto file = root / ("program-" + std::to_string(++written) + ".sh");
    test::write_file(file, read_arguments + text);
    return {"/bin/sh", file.string()};
  }

  std::filesystem::path root;
  int written = 0;
};

/// A script that "trains" the model of that file.
inline std::string trains(const std::filesystem::path& model,
                          const std::string& version, bool promote) {
  return "say 'reading bars' 0.1\nsay fitting 0.5\n"
         "cp '" + model.string() + "' \"$out/" + version + ".model\"\n"
         "result '{\"status\":\"done\",\"reason\":\"\",\"model_file\":\"'"
         "\"$out/" + version + ".model\"'\",\"model_version\":\"" + version
         + "\",\"manifest\":{},\"promote\":"
         + (promote ? "true" : "false")
         + ",\"reasons\":[\"as the test says\"],\"report\":{\"ece\":0.03}}'\n";
}

} // namespace banksia::ml_test
