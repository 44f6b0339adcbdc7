#pragma once

/// What the writer has promised and the database does not show yet, for who
/// reads back what it has missed: from the database alone it would go on with
/// a part of the history, and be wrong.
///
/// The journal must be read before the database: what leaves the one is in the
/// other by then. Twice does no harm.

#include "actors/store/journal_records.hpp"

#include <optional>
#include <string_view>

namespace banksia::store {

class journal_view {
public:
  /// Reads the journal beside the database; empty when there is none.
  /// @throws storage::storage_error
  explicit journal_view(const std::filesystem::path& database);

  /// Adds the bars of a symbol known by then. Those that are there already
  /// win, as they would in the database.
  void add_bars(std::vector<bar>& to, std::string_view symbol,
                bar_interval interval, timestamp until) const;

  void add_headlines(std::vector<headline>& to, std::string_view symbol,
                     timestamp until) const;

  /// Adds what the journal's cycles owe and takes away what its outcomes have
  /// ended; moves the last slot that has ended.
  void add_owed(obligation_batch& to, std::string_view run) const;

  /// Brings up to date what the scheduler remembers of a run: the last slot
  /// that has ended, the cycles still owed, the market's clock and the counts.
  void add_cycles(std::optional<timestamp>& last_ended,
                  std::vector<cycle_slot>& owed,
                  std::optional<timestamp>& market_time,
                  schedule_status& totals, std::string_view run) const;

private:
  std::vector<journal_record> records_;
};

} // namespace banksia::store
