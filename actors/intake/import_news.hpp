#pragma once

/// Headlines from files into the store. Plain and synchronous, without a clock:
/// the caller says when they were received.

#include "actors/intake/bad_input.hpp"
#include "actors/intake/import_bars.hpp"
#include "actors/intake/import_report.hpp"
#include "models/sentiment/classifier.hpp"
#include "models/sentiment/mentions.hpp"
#include "runtime/storage/sqlite.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace banksia::intake {

struct news_import_options {
  /// Files, or folders that are searched through and through for `news_files`,
  /// in order of name.
  std::vector<std::filesystem::path> paths;
  /// What all headlines are about whose file names no symbol; nothing: titles
  /// tell.
  std::optional<std::string> symbol;
  /// Of dates without one, like "Australia/Sydney"; empty: those are refused.
  std::string zone;
  /// By which names titles mention symbols.
  sentiment::alias_table aliases;
  /// Rates headlines; null: the lexicon does.
  std::shared_ptr<const sentiment::classifier> model;
  /// Judge and count against the store, write nothing to it.
  bool dry_run = false;
  timestamp received_at;
  std::size_t batch_rows = 2'000; ///< of one transaction, at least 1
  /// May throw to end the import; what was told is committed and stays.
  std::function<void(const import_progress&)> progress;
};

/// Imports headlines. Doing so again changes nothing, so an import that was
/// ended half way is resumed by starting it anew.
///
/// Each row of a file is in one class, whatever the number of symbols that it
/// is about: stored when it is new for one of them; a duplicate when the same
/// headline of the same date is there; merged when it is there with another
/// date, or when nearly the same words were told of the symbol within a week
/// (what is there stays, what came is kept as a conflict); repaired when a rule
/// made its date good; quarantined when it cannot be read, dated, or is about
/// no symbol that we know.
///
/// Rows are taken in the order in which they became known. A file is held
/// whole, and refused beyond 64 MiB of text. One that holds no headlines is
/// left out with an entry in `files` when it was found in a folder; one that was
/// named is an error.
///
/// @throws bad_input, storage::storage_error
import_report import_news(storage::database& db,
                          const news_import_options& options);

} // namespace banksia::intake
