#pragma once

/// How rows become domain types: column lists and the readers that match them.

#include "actors/store/queries.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace banksia::store::rows {

/// Bounds of a query that has none.
inline constexpr auto earliest = std::numeric_limits<std::int64_t>::min();
inline constexpr auto latest = std::numeric_limits<std::int64_t>::max();

inline std::int64_t micros_or(const std::optional<timestamp>& t,
                              std::int64_t absent) {
  return t ? to_micros(*t) : absent;
}

/// Predictions, with their outcomes, that one part of a long reading looks at:
/// some milliseconds where they come from the disk.
inline constexpr std::int64_t part_predictions = 250;

/// "SELECT columns rest"
inline std::string select(std::string_view columns, std::string_view rest) {
  std::string sql = "SELECT ";
  sql += columns;
  sql += ' ';
  sql += rest;
  return sql;
}

inline timestamp time_at(const storage::statement& row, int column) {
  return from_micros(row.integer(column));
}

inline constexpr std::string_view bar_columns
  = "symbol, interval, opened_at, open, high, low, close, volume, source, "
    "received_at, known_at, verdict";

/// Reads the columns of `bar_columns`.
bar read_bar(const storage::statement& row);

inline constexpr std::string_view headline_columns
  = "headline_id, symbol, title, source, link, published_at, known_at, "
    "received_at, score";

/// Reads the columns of `headline_columns`.
headline read_headline(const storage::statement& row);

inline constexpr std::string_view revision_columns
  = "symbol, interval, opened_at, open, high, low, close, volume, source, "
    "received_at, known_at, withdrawn, reason";

/// Reads the columns of `revision_columns`. A withdrawn one has zeros for
/// values.
bar_revision read_revision(const storage::statement& row);

inline constexpr std::string_view action_columns
  = "symbol, kind, effective_at, value, source, received_at, known_at";

/// Reads the columns of `action_columns`.
/// @throws storage_error when the kind is of another build
corporate_action read_action(const storage::statement& row);

/// Reads symbol, event, effective_at, successor, reason, source, received_at,
/// known_at.
/// @throws storage_error when the event is of another build
listing_change read_listing(const storage::statement& row);

inline constexpr std::string_view prediction_columns
  = "p.prediction_id, p.cycle_id, p.run, p.symbol, p.interval, p.timestamp, "
    "p.abstained, p.reason, p.action, p.optimal_action, p.confidence, "
    "p.predicted_direction, p.predicted_magnitude, p.entry_price, "
    "p.horizon_minutes, p.model_version, p.features, p.trace, "
    "p.input_lineage, p.input_count, p.configuration_id, p.build_id, "
    "c.context_trend, c.context_return, c.context_volatility, "
    "c.context_multiplier, c.context_buy_threshold, "
    "c.context_sell_threshold, c.context_stress, c.context_flagged, "
    "c.context_lineage";

/// Reads the columns of `prediction_columns`.
/// @throws storage_error when a block is damaged
stored_prediction read_prediction(const storage::statement& row);

/// Reads the nine context columns, from `first` on.
market_context read_context(const storage::statement& row, int first);

inline constexpr std::string_view outcome_columns
  = "o.outcome_id, o.prediction_id, o.horizon_minutes, o.symbol, o.due_at, "
    "o.evaluation_timestamp, o.entry_price, o.exit_price, o.actual_return, "
    "o.total_return, o.actual_direction, o.success, o.sessions_elapsed, "
    "o.open_minutes, o.void, o.reason, p.action, "
    // A split or dividend took effect between the slot of its prediction and
    // its evaluation, known by then or not.
    "EXISTS(SELECT 1 FROM corporate_actions a WHERE a.symbol = o.symbol AND "
    "a.effective_at > p.timestamp AND "
    "a.effective_at <= o.evaluation_timestamp)";

/// Reads the columns of `outcome_columns`, but for the last two.
outcome read_outcome(const storage::statement& row);

} // namespace banksia::store::rows
