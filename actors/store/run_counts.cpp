#include "actors/store/run_counts.hpp"

#include "actors/store/level_queries.hpp"
#include "actors/store/list_sql.hpp"
#include "runtime/storage/query_timer.hpp"

namespace banksia::store {

namespace {

std::uint64_t count_at(const storage::statement& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

/// A read transaction: one state of the database for several queries. Not
/// `storage::transaction`, which asks for the right to write.
class snapshot {
public:
  explicit snapshot(storage::database& db) : db_(db) { db_.execute("BEGIN"); }

  ~snapshot() {
    try {
      db_.execute("ROLLBACK");
    } catch (const storage::storage_error&) {
      // The failure that ended the transaction is on its way to the caller.
    }
  }

  snapshot(const snapshot&) = delete;
  snapshot& operator=(const snapshot&) = delete;

private:
  storage::database& db_;
};

} // namespace

prediction_counts count_predictions(storage::database& db, std::string_view run,
                                    std::optional<timestamp> from,
                                    std::string_view symbol) {
  storage::query_timer timer{"count_predictions"};
  // Of all symbols the cycles know; of one its index, without its rows.
  auto query = db.prepare(
    symbol.empty()
      ? "SELECT coalesce(sum(predictions), 0), coalesce(sum(abstentions), 0) "
        "FROM cycles WHERE cycle_id >= ?2 AND run = ?1"
      : "SELECT count(*) - coalesce(sum(abstained), 0), "
        "coalesce(sum(abstained), 0) FROM predictions "
        "WHERE run = ?1 AND symbol = ?3 AND prediction_id >= ?2");
  auto least = from ? least_id(*from) : std::string{};
  if (symbol.empty())
    query.bind_all(run, least);
  else
    query.bind_all(run, least, symbol);
  query.step();
  return {count_at(query, 0), count_at(query, 1)};
}

std::optional<timestamp> newest_scored_slot(storage::database& db,
                                            std::string_view run,
                                            std::string_view symbol) {
  storage::query_timer timer{"newest_scored_slot"};
  // CROSS: in that order, so that the first row found is the newest.
  auto query = db.prepare(
    symbol.empty()
      ? "SELECT p.timestamp FROM outcomes o CROSS JOIN predictions p ON "
        "p.prediction_id = o.prediction_id AND "
        "p.horizon_minutes = o.horizon_minutes WHERE p.run = ?1 AND "
        "o.prediction_id < ?2 ORDER BY o.prediction_id DESC LIMIT 1"
      : "SELECT p.timestamp FROM predictions p CROSS JOIN outcomes o ON "
        "o.prediction_id = p.prediction_id AND "
        "o.horizon_minutes = p.horizon_minutes WHERE p.run = ?1 AND "
        "p.symbol = ?2 AND p.abstained = 0 "
        "ORDER BY p.prediction_id DESC LIMIT 1");
  if (symbol.empty())
    query.bind_all(run, after_all_ids);
  else
    query.bind_all(run, symbol);
  if (!query.step())
    return std::nullopt;
  return from_micros(query.integer(0));
}

std::map<std::string, timestamp> watermarks(storage::database& db) {
  storage::query_timer timer{"watermarks"};
  auto query = db.prepare("SELECT source, known_at FROM watermarks");
  std::map<std::string, timestamp> result;
  while (query.step())
    result.emplace(query.text(0), from_micros(query.integer(1)));
  return result;
}

std::uint64_t count_outcomes(storage::database& db, std::string_view run) {
  storage::query_timer timer{"counts"};
  auto query = db.prepare("SELECT coalesce(sum(outcomes), 0) "
                          "FROM outcome_counts WHERE run = ?");
  query.bind_all(run);
  query.step();
  return count_at(query, 0);
}

// -- counters -------------------------------------------------------------------

void run_counts::refresh(storage::database& db) {
  storage::query_timer timer{"counts"};
  snapshot one_state{db};
  counted next;
  read_predictions(db, next);
  read_cycles(db, next);
  read_outcomes(db, next);
  next.oldest_due = store::oldest_due(db, run_);
  now_ = std::move(next);
}

void run_counts::read_predictions(storage::database& db, counted& x) const {
  auto query = db.prepare("SELECT symbol, abstained, word, predictions "
                          "FROM prediction_counts WHERE run = ?");
  query.bind_all(run_);
  while (query.step()) {
    std::string word{query.text(2)};
    if (query.integer(1) != 0)
      x.abstentions[word] += count_at(query, 3);
    else
      x.predictions[{std::string{query.text(0)}, word}] = count_at(query, 3);
  }
}

void run_counts::read_cycles(storage::database& db, counted& x) const {
  auto query = db.prepare("SELECT status, cycles FROM cycle_counts "
                          "WHERE run = ?1 UNION ALL SELECT 'scheduled', "
                          "count(*) FROM cycles WHERE run = ?1 AND "
                          "status = 'scheduled'");
  query.bind_all(run_);
  while (query.step())
    if (auto count = count_at(query, 1); count > 0)
      x.cycles[std::string{query.text(0)}] = count;
}

void run_counts::read_outcomes(storage::database& db, counted& x) const {
  auto query = db.prepare("SELECT horizon_minutes, success, outcomes "
                          "FROM outcome_counts WHERE run = ?");
  query.bind_all(run_);
  while (query.step())
    x.outcomes[{query.integer(0), std::string{query.text(1)}}]
      = count_at(query, 2);
}

std::uint64_t run_counts::outcomes_total() const noexcept {
  std::uint64_t result = 0;
  for (const auto& [kind, count] : now_.outcomes)
    result += count;
  return result;
}

} // namespace banksia::store
