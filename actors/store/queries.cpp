#include "actors/store/queries.hpp"

#include "actors/store/list_sql.hpp"
#include "actors/store/query_rows.hpp"
#include "runtime/storage/query_timer.hpp"

#include <algorithm>

namespace banksia::store {

namespace {

using rows::select;

queries::outcome_row read_outcome_row(const storage::statement& row) {
  queries::outcome_row x;
  x.content = rows::read_outcome(row);
  x.action = parse_trade_action(row.text(16)).value_or(trade_action::none);
  x.ex_date = row.integer(17) != 0;
  return x;
}

/// That one part of a long reading has.
constexpr std::int64_t part_obligations = 1000;

obligation read_obligation(const storage::statement& row) {
  obligation x;
  x.prediction
    = parse_id<prediction_id>(row.text(0)).value_or(prediction_id{});
  x.horizon_minutes = static_cast<std::uint32_t>(row.integer(1));
  x.symbol = row.text(2);
  x.interval = parse_interval(row.text(3)).value_or(bar_interval::d1);
  x.slot = rows::time_at(row, 4);
  x.due_at = rows::time_at(row, 5);
  x.action = parse_trade_action(row.text(6)).value_or(trade_action::none);
  x.entry_price = price{row.number(7)};
  return x;
}

/// Adds one part of `queries::scored`, and lets the filter begin behind it.
/// @returns false when it was the last one
bool add_scored(std::vector<scored_row>& to, storage::statement& query,
                list_filter& f) {
  storage::query_timer timer{"scored"};
  auto ids = span_of(f);
  query.bind_all(ids.least, ids.bound, f.run, f.symbol, f.limit);
  std::int64_t seen = 0;
  for (; query.step(); ++seen) {
    f.first_id = query.text(9);
    if (query.is_null(6))
      continue;
    scored_row x;
    x.symbol = query.text(0);
    x.slot = rows::time_at(query, 1);
    x.action = parse_trade_action(query.text(2)).value_or(trade_action::none);
    x.confidence = query.number(3);
    x.actual_return = query.number(4);
    x.success = query.integer(5) != 0;
    x.is_void = query.integer(6) != 0;
    x.sessions_elapsed = static_cast<std::uint32_t>(query.integer(7));
    x.open_minutes = static_cast<std::uint32_t>(query.integer(8));
    to.push_back(std::move(x));
  }
  query.reset();
  f.first_id += after_all_ids; // the one after that
  return seen == f.limit;
}

} // namespace

// -- runs and cycles ------------------------------------------------------------

std::optional<run_row> queries::run(std::string_view name) {
  storage::query_timer timer{"run"};
  auto query = db_->prepare("SELECT run, kind, parameters, market_time, "
                            "evaluated_until FROM runs WHERE run = ?");
  query.bind_all(name);
  if (!query.step())
    return std::nullopt;
  run_row row{std::string{query.text(0)}, std::string{query.text(1)},
              std::string{query.text(2)}, std::nullopt, std::nullopt};
  if (!query.is_null(3))
    row.market_time = rows::time_at(query, 3);
  if (!query.is_null(4))
    row.evaluated_until = rows::time_at(query, 4);
  return row;
}

std::optional<std::string> queries::newest_run() {
  storage::query_timer timer{"newest_run"};
  auto query = db_->prepare("SELECT run FROM cycles WHERE cycle_id < ? "
                            "ORDER BY cycle_id DESC LIMIT 1");
  query.bind_all(after_all_ids);
  if (!query.step())
    return std::nullopt;
  return std::string{query.text(0)};
}

std::optional<timestamp> queries::last_ended_slot(std::string_view run) {
  storage::query_timer timer{"last_ended_slot"};
  auto query = db_->prepare("SELECT scheduled_at FROM cycles WHERE run = ? AND "
                            "status <> 'scheduled' AND cycle_id < ? "
                            "ORDER BY cycle_id DESC LIMIT 1");
  query.bind_all(run, after_all_ids);
  if (!query.step())
    return std::nullopt;
  return rows::time_at(query, 0);
}

std::vector<cycle_slot> queries::owed_cycles(std::string_view run) {
  storage::query_timer timer{"owed_cycles"};
  auto query = db_->prepare("SELECT cycle_id, interval, scheduled_at "
                            "FROM cycles WHERE run = ? AND "
                            "status = 'scheduled' ORDER BY cycle_id");
  query.bind_all(run);
  std::vector<cycle_slot> result;
  while (query.step()) {
    cycle_slot x;
    x.id = parse_id<cycle_id>(query.text(0)).value_or(cycle_id{});
    x.run = run;
    x.interval = parse_interval(query.text(1)).value_or(bar_interval::d1);
    x.slot = rows::time_at(query, 2);
    result.push_back(std::move(x));
  }
  return result;
}

run_totals queries::totals(std::string_view run) {
  storage::query_timer timer{"totals"};
  run_totals result;
  auto cycles = db_->prepare("SELECT status, cycles FROM cycle_counts "
                             "WHERE run = ?");
  cycles.bind_all(run);
  while (cycles.step()) {
    auto status = parse_cycle_status(cycles.text(0));
    auto count = static_cast<std::uint64_t>(cycles.integer(1));
    if (status == cycle_status::missed)
      result.missed += count;
    if (status == cycle_status::late)
      result.late += count;
    if (status == cycle_status::late || status == cycle_status::completed)
      result.cycles += count;
  }
  auto sums = db_->prepare(
    "SELECT (SELECT coalesce(sum(predictions), 0) FROM prediction_counts "
    "WHERE run = ?1 AND abstained = 0), (SELECT coalesce(sum(predictions), 0) "
    "FROM prediction_counts WHERE run = ?1 AND abstained = 1), "
    "(SELECT coalesce(sum(outcomes), 0) FROM outcome_counts WHERE run = ?1)");
  sums.bind_all(run);
  sums.step();
  result.predictions = static_cast<std::uint64_t>(sums.integer(0));
  result.abstentions = static_cast<std::uint64_t>(sums.integer(1));
  result.outcomes = static_cast<std::uint64_t>(sums.integer(2));
  return result;
}

std::optional<cycle_record> queries::cycle(std::string_view id) {
  storage::query_timer timer{"cycle"};
  auto query = db_->prepare(
    "SELECT cycle_id, run, interval, scheduled_at, status, reason, "
    "completed_at, context_trend, context_return, context_volatility, "
    "context_multiplier, context_buy_threshold, context_sell_threshold, "
    "context_stress, context_flagged, context_lineage "
    "FROM cycles WHERE cycle_id = ?");
  query.bind_all(id);
  if (!query.step())
    return std::nullopt;
  cycle_record x;
  x.slot.id = parse_id<cycle_id>(query.text(0)).value_or(cycle_id{});
  x.slot.run = query.text(1);
  x.slot.interval = parse_interval(query.text(2)).value_or(bar_interval::d1);
  x.slot.slot = rows::time_at(query, 3);
  x.status = parse_cycle_status(query.text(4)).value_or(cycle_status::missed);
  x.reason = query.text(5);
  x.completed_at = rows::time_at(query, 6);
  x.context = rows::read_context(query, 7);
  return x;
}

std::string queries::configuration_text(std::int64_t id) {
  storage::query_timer timer{"configuration_text"};
  auto query = db_->prepare("SELECT text FROM configurations "
                            "WHERE configuration_id = ?");
  query.bind_all(id);
  return query.step() ? std::string{query.text(0)} : std::string{};
}

std::string queries::build_text(std::int64_t id) {
  storage::query_timer timer{"build_text"};
  auto query = db_->prepare("SELECT text FROM builds WHERE build_id = ?");
  query.bind_all(id);
  return query.step() ? std::string{query.text(0)} : std::string{};
}

// -- predictions and outcomes ---------------------------------------------------

std::vector<stored_prediction> queries::predictions(const list_filter& f) {
  storage::query_timer timer{"predictions"};
  std::string sql{"FROM predictions p LEFT JOIN cycles c USING(cycle_id) WHERE "};
  sql.append(conditions(f, "p.prediction_id"));
  sql.append(" ORDER BY p.prediction_id").append(direction(f));
  sql.append(" LIMIT ?5");
  auto query = db_->prepare(select(rows::prediction_columns, sql));
  auto ids = span_of(f);
  query.bind_all(ids.least, ids.bound, f.run, f.symbol, f.limit);
  std::vector<stored_prediction> result;
  while (query.step())
    result.push_back(rows::read_prediction(query));
  add_forecasts(result);
  return result;
}

std::optional<stored_prediction>
queries::prediction_by_id(std::string_view id) {
  storage::query_timer timer{"prediction_by_id"};
  auto query = db_->prepare(
    select(rows::prediction_columns,
           "FROM predictions p LEFT JOIN cycles c USING(cycle_id) "
           "WHERE p.prediction_id = ?"));
  query.bind_all(id);
  if (!query.step())
    return std::nullopt;
  std::vector<stored_prediction> found{rows::read_prediction(query)};
  add_forecasts(found);
  return std::move(found.front());
}

std::vector<std::string> queries::symbols_beside(const prediction& x) {
  storage::query_timer timer{"symbols_beside"};
  // Ids begin with the slot, so those of one slot lie together.
  auto query = db_->prepare("SELECT symbol FROM predictions WHERE "
                            "prediction_id >= ? AND prediction_id < ? AND "
                            "cycle_id = ? ORDER BY symbol");
  // A statement does not copy texts.
  auto first = least_id(x.slot), after = least_id(x.slot + micros{1});
  auto cycle = to_string(x.cycle);
  query.bind_all(first, after, cycle);
  std::vector<std::string> result;
  while (query.step())
    result.emplace_back(query.text(0));
  return result;
}

std::vector<stored_prediction>
queries::latest(std::string_view run, const std::vector<std::string>& symbols) {
  storage::query_timer timer{"latest"};
  list_filter filter;
  filter.run = run;
  filter.limit = 1;
  std::vector<stored_prediction> result;
  for (const auto& symbol : symbols) {
    filter.symbol = symbol;
    for (auto& row : predictions(filter))
      result.push_back(std::move(row));
  }
  return result;
}

std::vector<queries::outcome_row>
queries::outcomes(const list_filter& f, std::int64_t horizon_minutes) {
  storage::query_timer timer{"outcomes"};
  // One symbol's are found by its predictions. CROSS: in that order.
  auto by_symbol = !f.symbol.empty();
  std::string id = by_symbol ? "p.prediction_id" : "o.prediction_id";
  std::string sql = by_symbol
                      ? "FROM predictions p CROSS JOIN outcomes o "
                        "ON o.prediction_id = p.prediction_id "
                        "WHERE p.abstained = 0 AND "
                      : "FROM outcomes o CROSS JOIN predictions p "
                        "ON p.prediction_id = o.prediction_id WHERE ";
  sql.append(conditions(f, id));
  if (horizon_minutes != 0)
    sql.append(" AND o.horizon_minutes = ?5");
  sql.append(" ORDER BY ").append(id).append(direction(f));
  sql.append(", o.horizon_minutes LIMIT ?6");
  auto query = db_->prepare(select(rows::outcome_columns, sql));
  auto ids = span_of(f);
  query.bind_all(ids.least, ids.bound, f.run, f.symbol, horizon_minutes,
                 f.limit);
  std::vector<outcome_row> result;
  while (query.step())
    result.push_back(read_outcome_row(query));
  return result;
}

std::vector<queries::outcome_row>
queries::outcomes_of(std::string_view prediction) {
  storage::query_timer timer{"outcomes_of"};
  auto query = db_->prepare(
    select(rows::outcome_columns,
           "FROM outcomes o JOIN predictions p USING(prediction_id) "
           "WHERE o.prediction_id = ? ORDER BY o.horizon_minutes"));
  query.bind_all(prediction);
  std::vector<outcome_row> result;
  while (query.step())
    result.push_back(read_outcome_row(query));
  return result;
}

std::vector<obligation> queries::owed(std::string_view run) {
  auto query = db_->prepare(
    "SELECT prediction_id, horizon_minutes, symbol, interval, timestamp, "
    "due_at, action, entry_price FROM obligations WHERE run = ? "
    "AND (prediction_id, horizon_minutes) > (?, ?) "
    "ORDER BY prediction_id, horizon_minutes LIMIT ?");
  std::vector<obligation> result;
  std::string after;
  std::int64_t horizon = 0;
  for (auto more = true; more;) {
    storage::query_timer timer{"owed"};
    query.bind_all(run, after, horizon, part_obligations);
    std::int64_t rows = 0;
    std::string last; // what is bound must stay as it is
    for (; query.step(); ++rows) {
      last = query.text(0);
      result.push_back(read_obligation(query));
    }
    query.reset();
    more = rows == part_obligations;
    after = last;
    horizon = result.empty() ? 0 : result.back().horizon_minutes;
  }
  return result;
}

std::vector<scored_row> queries::scored(std::string_view run,
                                        std::optional<timestamp> from,
                                        std::string_view symbol) {
  list_filter f;
  f.run = run;
  f.symbol = symbol;
  f.from = from;
  f.ascending = true;
  f.limit = rows::part_predictions;
  // LEFT: what has no outcome counts to a part too, else one that finds few
  // would go over all the others.
  std::string sql = "SELECT p.symbol, p.timestamp, p.action, p.confidence, "
                    "o.actual_return, o.success, o.void, o.sessions_elapsed, "
                    "o.open_minutes, p.prediction_id FROM predictions p "
                    "LEFT JOIN outcomes o "
                    "ON o.prediction_id = p.prediction_id "
                    "AND o.horizon_minutes = p.horizon_minutes "
                    "AND p.abstained = 0 WHERE ";
  sql.append(conditions(f, "p.prediction_id"));
  sql.append(" ORDER BY p.prediction_id LIMIT ?5");
  auto query = db_->prepare(sql);
  std::vector<scored_row> result;
  while (add_scored(result, query, f)) {
    // The next part.
  }
  return result;
}

} // namespace banksia::store
