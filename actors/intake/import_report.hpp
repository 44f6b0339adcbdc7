#pragma once

/// What an import did, for people and scripts.

#include "messages/domain.hpp"
#include "models/market/quality.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
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

/// The count that rows of that kind are in.
std::uint64_t& count_of(import_counts& counts, row_class x) noexcept;

/// What became of one file.
struct file_report {
  std::string path;     ///< as it was given, or as it was found in a folder
  import_counts counts; ///< of what was committed
  std::string error;    ///< why the file (or its rest) was left out; or empty
};

/// Something that a rule found in a series and left as it is, for a person.
struct series_note {
  std::string symbol;
  bar_interval interval = bar_interval::d1;
  timestamp opened_at; ///< of the bar it was found at
  std::string_view reason; ///< of static storage
  double measured = 0.0;   ///< sessions that are missing, size of a step
};

struct import_notes {
  /// Places listed for each reason: thinly traded securities miss sessions by
  /// the thousand.
  static constexpr std::size_t listed_max = 100;

  std::map<std::string_view, std::uint64_t> counts; ///< by reason
  std::vector<series_note> listed; ///< the first of each reason
  std::uint64_t actions_stored = 0;   ///< splits and dividends that were new
  std::uint64_t actions_left_out = 0; ///< for which the prices are adjusted

  void add(series_note x);
};

struct import_report {
  import_counts total;
  std::vector<file_report> files; ///< in the order they were read
  import_notes notes;
  /// Headlines in quarantine by reason.
  std::map<std::string, std::uint64_t> refused;
};

/// `read, stored, duplicates, merged, repaired, quarantined` and `files[]` with
/// the same, `path` and `error` (null where there was none); `noted` with
/// `counts` by reason and `listed[]`; `refused` headlines by reason.
boost::json::object import_json(const import_report& report);

/// The report as lines: one a file that had rows or failed, then the sum. Ends
/// with a newline.
std::string import_text(const import_report& report);

} // namespace banksia::intake
