#pragma once

/// Writes to the store. Plain and synchronous: the writer actor and the import
/// command put it to work, each inside a transaction of its own.
///
/// Every write is idempotent: its key is derived from its content, and what is
/// there already stays as it is.

#include "actors/store/count_book.hpp"
#include "messages/protocol.hpp"
#include "runtime/storage/sqlite.hpp"

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

namespace banksia::store {

/// What a prediction was made with, stored once.
struct provenance {
  std::string configuration_hash;
  std::string configuration_text;
  std::string build; ///< version, compiler, processor capability
};

/// How long samples of the services are kept, in time of the wall.
inline constexpr std::chrono::days sample_retention{40};

/// What kind of write a bar turned out to be.
enum class bar_write {
  stored,
  duplicate, ///< the same bar was there
  conflict,  ///< another bar was there under the same key; nothing was changed
};

class ledger {
public:
  /// @param db must outlive the ledger
  explicit ledger(storage::database& db);

  /// Registers what predictions written from now on were made with.
  void set_provenance(const provenance& x);

  /// Registers a run; a known one keeps its parameters.
  /// @returns the parameters on record
  std::string register_run(std::string_view run, std::string_view kind,
                           std::string_view parameters);

  commit_receipt write(const cycle_record& x);
  commit_receipt write(const std::vector<cycle_slot>& owed);
  commit_receipt write(const outcome_batch& x);
  commit_receipt write(const headline_batch& x);
  commit_receipt write(const quarantine_batch& x);
  commit_receipt write(const bar_repair_batch& x);
  commit_receipt write(const bar_revision_batch& x);
  commit_receipt write(const corporate_action_batch& x);
  commit_receipt write(const listing_change_batch& x);
  commit_receipt write(const clock_mark& x);
  commit_receipt write(const bar_batch& x);
  commit_receipt write(const supervision_report& x);

  /// What has ended stays as it ended: what is told of it later is a duplicate.
  commit_receipt write(const job_record& x);
  commit_receipt write(const training_record& x);
  commit_receipt write(const model_record& x);

  /// Adds to the sums of their hours what was not on record, and forgets what
  /// is older than `sample_retention`.
  commit_receipt write(const service_sample_batch& x);

  bar_write write(const bar& x);

  /// @returns false when it was on record already
  bool write(const bar_revision& x);

  /// @returns false when it was on record already
  bool write(const corporate_action& x);

  // -- for imports --------------------------------------------------------------

  /// Replaces a bar by the winner of a conflict. The loser's repairs go with
  /// it: they would read as the winner's.
  void replace(const bar& x);

  /// Keeps the loser of a conflict, with the rule that decided.
  /// @returns false when this conflict was on record already
  bool write_conflict(const bar& loser, std::string_view reason);

  void write_repair(const bar& x, std::string_view field, double original,
                    double repaired, std::string_view reason);

  void write_quarantine(std::string_view kind, std::string_view file,
                        std::int64_t line, std::string_view symbol,
                        std::string_view reason, std::string_view payload,
                        timestamp received_at);

  void write_watermark(std::string_view source, timestamp known_at);

private:
  void write_prediction(const prediction& x, std::string_view run,
                        commit_receipt& receipt);
  void write_forecasts(const prediction& x);
  std::int64_t environment_id(const std::string& text);
  /// @param owed counts it where it is new
  void write_obligation(const obligation& x, std::string_view run,
                        due_sums& owed);

  // -- sums for the service levels ----------------------------------------------

  /// What an hour's outcomes add up to.
  struct outcome_sums {
    std::int64_t evaluated = 0;
    std::int64_t late = 0;
    std::int64_t lag_max = 0; ///< microseconds of market time
    std::int64_t samples = 0; ///< those that the headline rates are made of
    std::int64_t success = 0;
    std::int64_t buy_right = 0;
    std::int64_t sell_right = 0;
    std::int64_t hold_right = 0;
    std::int64_t newest = 0; ///< evaluation
  };
  using outcome_key = std::tuple<std::string, std::int64_t, std::int64_t>;
  using outcome_hours = std::map<outcome_key, outcome_sums>;

  /// All that a batch of outcomes adds up to.
  struct batch_sums {
    outcome_hours hours;
    outcome_count_sums counts;
    due_sums settled;
  };

  /// Ends an outcome's obligation, and adds the outcome to the sums where it is
  /// new. What owed it says whose it is.
  void settle(const outcome& x, bool is_new, batch_sums& into);

  void write_sums(const batch_sums& sums);
  void add_points(timestamp received_at, std::int64_t points,
                  std::int64_t repaired, std::int64_t refused);

  /// Counts the insert just run.
  void count_row(commit_receipt& receipt) const {
    ++(db_->changes() > 0 ? receipt.rows : receipt.duplicates);
  }

  storage::database* db_;
  std::int64_t configuration_id_ = 0;
  std::int64_t build_id_ = 0;
  std::map<std::string, std::int64_t> environments_; ///< of forecasts
  storage::statement insert_bar_;
  storage::statement select_bar_;
  storage::statement replace_bar_;
  storage::statement delete_repairs_;
  storage::statement insert_conflict_;
  storage::statement insert_repair_;
  storage::statement insert_action_;
  storage::statement insert_revision_;
  storage::statement insert_listing_;
  storage::statement insert_quarantine_;
  storage::statement insert_headline_;
  storage::statement insert_cycle_;
  storage::statement insert_owed_;
  storage::statement insert_prediction_;
  storage::statement insert_obligation_;
  storage::statement insert_outcome_;
  storage::statement delete_obligation_;
  storage::statement upsert_watermark_;
  storage::statement upsert_clock_;
  storage::statement upsert_evaluated_;
  storage::statement insert_supervision_;
  storage::statement insert_forecast_;
  storage::statement insert_job_;
  storage::statement insert_training_;
  storage::statement insert_model_;
  storage::statement select_clock_;
  storage::statement upsert_outcome_hour_;
  storage::statement upsert_data_hour_;
  storage::statement insert_sample_;
  storage::statement upsert_service_hour_;
  count_book counts_;
};

} // namespace banksia::store
