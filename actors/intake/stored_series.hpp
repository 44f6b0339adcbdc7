#pragma once

/// A series as the store has it: each bar with what it said when it came and
/// what was said of it later.

#include "messages/domain.hpp"
#include "models/market/quality.hpp"
#include "runtime/storage/sqlite.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace banksia::intake {

struct stored_bar {
  timestamp opened_at;
  timestamp known_at;
  bar_values values;   ///< in `bars`
  bar_values as_came;  ///< with its repairs undone
  bool imported = false; ///< from the import's source, not a live feed's
  bar_verdict verdict = bar_verdict::accepted;
  // The last revision:
  bool revised = false;
  bool withdrawn = false;
  timestamp revised_at;
  bar_values revised_values; ///< unless withdrawn

  /// What is served today; meaningless when withdrawn.
  const bar_values& served() const noexcept {
    return revised && !withdrawn ? revised_values : values;
  }
};

/// Reads stored series, one after the other.
class series_reader {
public:
  /// @param db must outlive the reader
  /// @param source bars of which count as imported
  series_reader(storage::database& db, std::string source);

  /// Oldest first. Valid until the next call.
  std::vector<stored_bar>& read(std::string_view symbol,
                                bar_interval interval);

  /// The splits and dividends of a symbol, oldest first.
  std::vector<corporate_action> actions(std::string_view symbol);

private:
  void undo_repairs(std::string_view symbol, bar_interval interval);
  void apply_revisions(std::string_view symbol, bar_interval interval);
  stored_bar* find(timestamp opened_at);

  std::string source_;
  storage::statement bars_;
  storage::statement repairs_;
  storage::statement revisions_;
  storage::statement actions_;
  std::vector<stored_bar> series_;
};

/// Sets the field of that column name ("open", …, "volume").
void set_field(bar_values& x, std::string_view column, double value);

/// Copies a symbol's series from one database into another, where what is
/// there already stays: for a dry run, which judges in a draft.
class series_lender {
public:
  series_lender(storage::database& from, storage::database& to);
  void lend(std::string_view symbol, bar_interval interval);

private:
  struct table_copy {
    storage::statement select;
    storage::statement insert;
    std::string_view types; ///< a letter a column, of static storage
    bool by_interval;
  };
  static void copy_row(table_copy& x);

  std::vector<table_copy> tables_;
};

} // namespace banksia::intake
