#pragma once

/// Bars from files into the store. Plain and synchronous, without a clock: the
/// caller says when the bars were received.

#include "actors/intake/bad_input.hpp"
#include "actors/intake/import_report.hpp"
#include "messages/domain.hpp"
#include "models/market/calendar.hpp"
#include "models/market/repair/judge_series.hpp"
#include "runtime/storage/sqlite.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace banksia::intake {

/// Where an import stands; told after each transaction.
struct import_progress {
  std::string path;              ///< the file being read
  std::uint64_t bytes_taken = 0; ///< of the file
  std::uint64_t bytes_total = 0; ///< the file's size
  import_counts total;           ///< what has been committed of all files
};

struct import_options {
  /// Files, or folders that are searched through and through for `*.csv`,
  /// `*.csv.gz` and `*.json`, in order of name.
  std::vector<std::filesystem::path> paths;
  /// Rows of other symbols are not read; empty: all. "CBA" means "CBA.AX".
  std::vector<std::string> only_symbols;
  /// The symbol of files that tell none, or a wrong one, in text and name.
  std::optional<std::string> symbol;
  /// The length of the bars of files that do not tell it.
  std::optional<bar_interval> interval;
  /// What the prices of all files stand for; nothing: each file's columns tell.
  /// Dividends and splits are stored as far as the prices still step at them:
  /// both of prices as traded, dividends of split-adjusted ones, none of fully
  /// adjusted ones. Bars are stored as they are in any case: what was adjusted
  /// for between the file's end and its download nobody can tell.
  std::optional<price_basis> basis;
  /// Judge and count against the store, write nothing to it.
  bool dry_run = false;
  timestamp received_at;
  std::string source = "csv";
  /// Rows of one transaction, at least 1. More are quicker and need more
  /// memory (about 200 bytes each).
  std::size_t batch_rows = 200'000;
  /// May throw to end the import; what was told is committed and stays.
  std::function<void(const import_progress&)> progress;
};

/// Imports bars. Doing so again changes nothing, so an import that was ended
/// half way is resumed by starting it anew.
///
/// A file that is no bar data is left out with an entry in `files` when it was
/// found in a folder; one that was named is an error before anything is stored.
/// Damage that shows only later (gzip data that are cut off) ends a file where
/// it is found; whole batches before it stay.
///
/// Rows are judged by the quality rules in the order of the file, which must be
/// that of time, or its reverse for files up to 64 MiB of text. The row before
/// a file's first one of a symbol is the last stored before it. When all rows
/// are stored, the whole series they belong to are judged (`series_pass.hpp`),
/// and the counts of their files say what became of them.
///
/// @throws bad_input, storage::storage_error
import_report import_bars(storage::database& db,
                          const exchange_calendar& calendar,
                          const import_options& options);

} // namespace banksia::intake
