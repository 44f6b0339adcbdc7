#pragma once

/// How far an import is, over all its files, as one line of text.

#include "actors/intake/import_bars.hpp"
#include "actors/intake/import_files.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace banksia::intake {

class progress_meter {
public:
  /// A file and its size, in the order in which they are read.
  using sized_file = std::pair<std::string, std::uint64_t>;

  explicit progress_meter(std::vector<sized_file> files);

  /// Files that were left out on the way count as read.
  /// @param elapsed since the import began
  /// @param columns the most characters, at least 20; the file's name gives way
  std::string line(const import_progress& x,
                   std::chrono::duration<double> elapsed, std::size_t columns);

private:
  std::vector<sized_file> files_;
  std::uint64_t total_ = 0;
  std::size_t at_ = 0;            ///< the file being read
  std::uint64_t before_ = 0; ///< bytes of the files before it
};

/// The sizes of an import's files.
/// @throws bad_input as `find_inputs`
std::vector<progress_meter::sized_file>
sizes_of(const std::vector<std::filesystem::path>& paths,
         const input_kinds& kinds);

/// "45 s", "3 min 20 s", "2 h 5 min".
std::string span_text(std::chrono::duration<double> x);

} // namespace banksia::intake
