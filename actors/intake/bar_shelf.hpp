#pragma once

/// Judged rows on their way into the store: gathered, put in the order of the
/// table, written in one transaction.

#include "actors/intake/arrival_log.hpp"
#include "actors/intake/import_report.hpp"
#include "actors/intake/row_judge.hpp"
#include "actors/intake/stored_series.hpp"
#include "actors/store/ledger.hpp"
#include "runtime/storage/sqlite.hpp"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace banksia::intake {

/// What all bars of an import have in common.
struct shelf_settings {
  bool dry_run = false;
  timestamp received_at;
  std::string source;
  std::size_t batch_rows = 200'000;
};

/// A dry run goes the same way, into a temporary database that borrows from the
/// store each series that a row belongs to: its counts cannot differ from those
/// of an import.
class bar_shelf {
public:
  /// @param db must outlive the shelf
  /// @param log is told of each row that was written; must outlive the shelf
  bar_shelf(storage::database& db, shelf_settings settings, arrival_log& log);
  ~bar_shelf();

  /// Names where the next rows come from; the shelf must be empty.
  /// @param number its position in the report
  void begin_file(std::string path, std::uint32_t number,
                  bar_interval interval);

  void add(const placed_row& row, const quality_verdict& verdict);

  /// Enough rows for a transaction.
  bool is_full() const noexcept;

  /// Writes all rows in one transaction.
  /// @returns what became of them
  /// @throws storage::storage_error; nothing of the batch is stored then
  import_counts flush(symbol_map& symbols);

  /// Writes splits and dividends in a transaction of their own.
  /// @returns how many were new
  std::uint64_t store(const corporate_action_batch& actions);

  /// Forgets the rows that were not flushed.
  void discard() noexcept;

  /// The last bar that a row at `before` can follow; what was added since the
  /// last flush is not seen.
  std::optional<stored_row> last_before(std::string_view symbol,
                                        bar_interval interval,
                                        timestamp before);

  /// What is written to: the store, or the draft of a dry run.
  storage::database& target() noexcept { return draft_ ? *draft_ : *db_; }

private:
  struct waiting_bar {
    const symbol_memory* symbol = nullptr;
    timestamp opened_at;
    timestamp known_at;
    bar_values values;
    std::uint32_t line = 0;
    std::uint32_t first_repair = 0;
    std::uint8_t repair_count = 0;
    std::string_view reason; ///< of the repairs; of static storage
  };
  struct refused_row {
    std::size_t line = 0;
    const symbol_memory* symbol = nullptr;
    std::string_view reason; ///< of static storage
    std::string payload;
  };
  struct sort_key {
    std::uint32_t rank = 0;
    std::int64_t opened_at = 0;
    std::uint32_t index = 0;

    friend auto operator<=>(const sort_key&, const sort_key&) = default;
  };

  void sort(symbol_map& symbols);
  row_class write(const waiting_bar& x);
  row_class settle(const waiting_bar& x);
  void write_repairs(const waiting_bar& x);
  void write_refused();
  bool came_alike(const waiting_bar& x, const bar_values& stored);
  void borrow();

  storage::database* db_;
  shelf_settings settings_;
  std::unique_ptr<storage::database> draft_; ///< only in a dry run
  store::ledger ledger_;
  storage::statement find_bar_;
  storage::statement find_before_;
  storage::statement find_repairs_;
  std::optional<series_lender> lender_; ///< only in a dry run
  std::set<std::pair<std::string, bar_interval>> lent_;
  std::optional<storage::statement> find_lent_before_;
  arrival_log* log_;
  std::string path_;
  std::uint32_t file_ = 0;
  bar bar_; ///< the one being written, kept to reuse its memory
  std::vector<waiting_bar> waiting_;
  std::vector<field_repair> repairs_;
  std::vector<refused_row> refused_;
  std::size_t refused_bytes_ = 0;
  std::vector<sort_key> order_;
  std::size_t ranked_symbols_ = 0;
};

} // namespace banksia::intake
