#pragma once

/// Judged rows on their way into the store: gathered, put in the order of the
/// table, written in one transaction.

#include "actors/intake/import_report.hpp"
#include "actors/intake/row_judge.hpp"
#include "actors/store/ledger.hpp"
#include "runtime/storage/sqlite.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
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
/// store each bar that a row meets: its counts cannot differ from those of an
/// import.
class bar_shelf {
public:
  /// @param db must outlive the shelf
  bar_shelf(storage::database& db, shelf_settings settings);
  ~bar_shelf();

  /// Names where the next rows come from; the shelf must be empty.
  void begin_file(std::string path, bar_interval interval);

  void add(const placed_row& row, const quality_verdict& verdict);

  /// Enough rows for a transaction.
  bool is_full() const noexcept;

  /// Writes all rows in one transaction.
  /// @returns what became of them
  /// @throws storage::storage_error; nothing of the batch is stored then
  import_counts flush(symbol_map& symbols);

  /// Forgets the rows that were not flushed.
  void discard() noexcept;

  /// The last bar that a row at `before` can follow; what was added since the
  /// last flush is not seen.
  std::optional<stored_row> last_before(std::string_view symbol,
                                        bar_interval interval,
                                        timestamp before);

private:
  struct waiting_bar {
    const symbol_memory* symbol = nullptr;
    timestamp opened_at;
    timestamp known_at;
    bar_values values;
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
  void borrow(const bar& x);
  storage::database& target() noexcept { return draft_ ? *draft_ : *db_; }

  storage::database* db_;
  shelf_settings settings_;
  std::unique_ptr<storage::database> draft_; ///< only in a dry run
  store::ledger ledger_;
  storage::statement find_bar_;
  storage::statement find_before_;
  std::optional<storage::statement> find_lent_;
  std::optional<storage::statement> find_lent_before_;
  std::string path_;
  bar bar_; ///< the one being written, kept to reuse its memory
  std::vector<waiting_bar> waiting_;
  std::vector<field_repair> repairs_;
  std::vector<refused_row> refused_;
  std::size_t refused_bytes_ = 0;
  std::vector<sort_key> order_;
  std::size_t ranked_symbols_ = 0;
};

} // namespace banksia::intake
