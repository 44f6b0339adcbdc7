#pragma once

/// Reads from the store: what the readers, the services and the commands ask.
/// Plain and synchronous; each object belongs to one thread.

#include "actors/store/codec.hpp"
#include "messages/protocol.hpp"
#include "runtime/storage/sqlite.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace banksia::store {

/// A prediction as stored, with what a reader needs beside it.
struct stored_prediction {
  prediction content;
  std::string run;
  std::int64_t configuration_id = 0;
  std::int64_t build_id = 0;
};

/// What to list. Times are half-open: [from, to).
struct list_filter {
  std::string run;     ///< empty: all
  std::string symbol;  ///< empty: all
  std::optional<timestamp> from;
  std::optional<timestamp> to;
  std::string before_id; ///< cursor: only ids that sort before it
  std::string first_id;  ///< cursor of `ascending`: this id and later ones
  bool ascending = false; ///< oldest first
  std::int64_t limit = 100;
};

/// A page of headlines or trainings. Times are half-open: [from, to). The cursor
/// is the place of the last row of the page before; it is left out.
struct time_page {
  std::optional<timestamp> from;
  std::optional<timestamp> to;
  std::optional<timestamp> cursor_time;
  std::string cursor_id;
  bool ascending = false; ///< oldest first
  std::int64_t limit = 100;
};

/// One evaluated prediction at the primary horizon.
struct scored_row {
  std::string symbol;
  timestamp slot;
  trade_action action = trade_action::none;
  double confidence = 0;
  double actual_return = 0;
  bool success = false;
  bool is_void = false;
  std::uint32_t sessions_elapsed = 0;
  std::uint32_t open_minutes = 0;
};

/// A forecast with what came of it at the primary horizon: what a model is judged
/// by while it serves or shadows.
struct judged_forecast {
  prediction_id prediction;
  std::string symbol;
  timestamp slot;
  class_forecast said;
  double volatility = 0; ///< daily, as known at the slot
  double actual_return = 0;
  std::uint32_t horizon_minutes = 0; ///< of the prediction
};

/// Counts of what a run has made.
struct run_totals {
  std::uint64_t cycles = 0; ///< completed, on time or late
  std::uint64_t late = 0;
  std::uint64_t missed = 0;
  std::uint64_t predictions = 0;
  std::uint64_t abstentions = 0;
  std::uint64_t outcomes = 0;

  friend bool operator==(const run_totals&, const run_totals&) = default;
};

struct run_row {
  std::string run;
  std::string kind;
  std::string parameters;
  std::optional<timestamp> market_time;
  std::optional<timestamp> evaluated_until; ///< newest of an outcome
};

class queries {
public:
  /// @param db must outlive the queries
  explicit queries(storage::database& db) : db_(&db) {}

  // -- bars and headlines -------------------------------------------------------

  /// Bars of a symbol with `known_at` ≤ `until`, oldest first.
  std::vector<bar> bars(std::string_view symbol, bar_interval interval,
                        timestamp until);

  /// Those of them that opened at `from` or later.
  std::vector<bar> bars_since(std::string_view symbol, bar_interval interval,
                              timestamp from, timestamp until);

  /// The newest `limit` bars of a symbol in [from, to), oldest first.
  std::vector<bar> bars_between(std::string_view symbol, bar_interval interval,
                                std::optional<timestamp> from,
                                std::optional<timestamp> to,
                                std::int64_t limit);

  std::vector<headline> headlines(std::string_view symbol, timestamp until,
                                  std::int64_t limit);

  /// Headlines of a symbol by `known_at` and id. As `cursor_id` the beginning of
  /// an id will do.
  std::vector<headline> headline_page(std::string_view symbol,
                                      const time_page& page);

  /// All headlines of a symbol with `known_at` in (after, until], oldest first.
  std::vector<headline> headlines_between(std::string_view symbol,
                                          timestamp after, timestamp until);

  /// Revisions of a symbol's bars with `known_at` ≤ `until`, in the order in
  /// which they became known.
  std::vector<bar_revision> revisions(std::string_view symbol,
                                      bar_interval interval, timestamp until);

  /// Splits and dividends of a symbol with `known_at` ≤ `until`, oldest first.
  std::vector<corporate_action> actions(std::string_view symbol,
                                        timestamp until);

  /// Changes of all listings with `known_at` ≤ `until`, oldest first.
  std::vector<listing_change> listings(timestamp until);

  /// Symbols that have bars of an interval, in order.
  std::vector<std::string> symbols_with_bars(bar_interval interval);

  std::optional<timestamp> watermark(std::string_view source);

  // -- runs and cycles ----------------------------------------------------------

  std::optional<run_row> run(std::string_view name);

  /// The run with the newest cycle; nothing in an empty store.
  std::optional<std::string> newest_run();

  /// The slot of the newest cycle that has ended (completed, late or missed).
  std::optional<timestamp> last_ended_slot(std::string_view run);

  /// Cycles still owed, oldest first.
  std::vector<cycle_slot> owed_cycles(std::string_view run);

  run_totals totals(std::string_view run);

  std::optional<cycle_record> cycle(std::string_view id);

  std::string configuration_text(std::int64_t id);
  std::string build_text(std::int64_t id);

  // -- predictions and outcomes -------------------------------------------------

  /// Newest first.
  std::vector<stored_prediction> predictions(const list_filter& filter);

  std::optional<stored_prediction> prediction_by_id(std::string_view id);

  /// The symbols that had a place in the cycle of a prediction, in order.
  std::vector<std::string> symbols_beside(const prediction& x);

  /// The newest prediction of each symbol of a run.
  std::vector<stored_prediction> latest(std::string_view run,
                                        const std::vector<std::string>& symbols);

  /// An outcome with its prediction's action.
  struct outcome_row {
    outcome content;
    trade_action action = trade_action::none;
    /// A split or dividend took effect between slot and evaluation.
    bool ex_date = false;
  };

  /// As the filter says.
  std::vector<outcome_row> outcomes(const list_filter& filter,
                                    std::int64_t horizon_minutes);
  std::vector<outcome_row> outcomes_of(std::string_view prediction);

  std::vector<obligation> owed(std::string_view run);

  /// Outcomes at each prediction's primary horizon, oldest first.
  std::vector<scored_row> scored(std::string_view run,
                                 std::optional<timestamp> from,
                                 std::string_view symbol);

  // -- models and daily work ----------------------------------------------------

  /// What a model (or every model, of "") said of a run's predictions from a slot
  /// on, and what came of them, oldest first. Void outcomes and those after
  /// more than one session are left out.
  std::vector<judged_forecast> judged(std::string_view run,
                                      std::string_view model,
                                      timestamp from);

  /// Jobs of a kind ("" for all), newest first.
  std::vector<job_record> jobs(std::string_view run, std::string_view kind,
                               std::int64_t limit);

  /// Jobs that have not ended, oldest first.
  std::vector<job_record> owed_jobs(std::string_view run);

  /// Newest first.
  std::vector<training_record> trainings(std::int64_t limit);

  /// By the time they were requested, and id.
  std::vector<training_record> training_page(const time_page& page);
  std::optional<training_record> training(std::string_view id);

  /// Of a run, by status.
  std::map<std::string, std::uint64_t> training_counts(std::string_view run);

  /// Newest first.
  std::vector<model_record> models();

  /// The champion on record, without its manifest.
  std::optional<model_record> champion();

  /// SHA-256 over a run's predictions and outcomes in key order. Wall-clock
  /// fields do not enter: no column of the two tables holds one.
  std::string digest(std::string_view run);

private:
  void add_forecasts(std::vector<stored_prediction>& to);

  storage::database* db_;
};

} // namespace banksia::store
