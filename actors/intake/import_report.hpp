#pragma once

/// What an import did, for people and scripts.

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace banksia::intake {

/// Each row read is in exactly one of the five others, so that
/// `read == stored + duplicates + merged + repaired + quarantined`.
struct import_counts {
  std::uint64_t read = 0;
  std::uint64_t stored = 0;      ///< as it came
  std::uint64_t duplicates = 0;  ///< equal to a bar that was there
  std::uint64_t merged = 0;      ///< another bar was there: a rule chose
  std::uint64_t repaired = 0;    ///< and stored
  std::uint64_t quarantined = 0; ///< kept apart, with reason and payload

  import_counts& operator+=(const import_counts& x) noexcept;

  friend bool operator==(const import_counts&, const import_counts&) = default;
};

/// What became of one file.
struct file_report {
  std::string path;     ///< as it was given, or as it was found in a folder
  import_counts counts; ///< of what was committed
  std::string error;    ///< why the file (or its rest) was left out; or empty
};

struct import_report {
  import_counts total;
  std::vector<file_report> files; ///< in the order they were read
};

/// `read, stored, duplicates, merged, repaired, quarantined` and `files[]` with
/// the same, `path` and `error` (null where there was none).
boost::json::object import_json(const import_report& report);

/// The report as lines: one a file that had rows or failed, then the sum. Ends
/// with a newline.
std::string import_text(const import_report& report);

} // namespace banksia::intake
