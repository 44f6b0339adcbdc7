#include "actors/store/run_counts.hpp"

#include "runtime/storage/query_timer.hpp"

namespace banksia::store {

namespace {

/// Sorts after every id.
constexpr std::string_view after_all = "g";

std::uint64_t count_at(const storage::statement& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

/// The least id of that time or later.
std::string first_id(std::optional<timestamp> from) {
  if (!from || to_micros(*from) < 0)
    return {};
  return to_hex(static_cast<std::uint64_t>(to_micros(*from)), 0);
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
  auto query = db.prepare(
    "SELECT abstained, count(*) FROM predictions WHERE run = ?1 AND "
    "prediction_id >= ?2 AND (?3 = '' OR symbol = ?3) GROUP BY abstained");
  auto least = first_id(from);
  query.bind_all(run, least, symbol);
  prediction_counts result;
  while (query.step())
    (query.integer(0) != 0 ? result.abstentions : result.predictions)
      = count_at(query, 1);
  return result;
}

std::optional<timestamp> newest_scored_slot(storage::database& db,
                                            std::string_view run,
                                            std::string_view symbol) {
  auto query = db.prepare(
    "SELECT p.timestamp FROM outcomes o CROSS JOIN predictions p ON "
    "p.prediction_id = o.prediction_id AND "
    "p.horizon_minutes = o.horizon_minutes WHERE p.run = ?1 AND "
    "(?2 = '' OR o.symbol = ?2) ORDER BY o.prediction_id DESC LIMIT 1");
  query.bind_all(run, symbol);
  if (!query.step())
    return std::nullopt;
  return from_micros(query.integer(0));
}

std::map<std::string, timestamp> watermarks(storage::database& db) {
  auto query = db.prepare("SELECT source, known_at FROM watermarks");
  std::map<std::string, timestamp> result;
  while (query.step())
    result.emplace(query.text(0), from_micros(query.integer(1)));
  return result;
}

// -- counters -------------------------------------------------------------------

void run_counts::refresh(storage::database& db) {
  storage::query_timer timer{"counts"};
  snapshot one_state{db};
  auto next = now_;
  count_new_predictions(db, next);
  count_cycles(db, next);
  count_outcomes(db, next);
  now_ = std::move(next);
}

void run_counts::count_new_predictions(storage::database& db,
                                       counted& x) const {
  // Rows keep the order in which they were stored, whatever their ids.
  auto newest = db.scalar("SELECT max(rowid) FROM predictions");
  auto query = db.prepare(
    "SELECT symbol, abstained, coalesce(action, ''), coalesce(reason, ''), "
    "count(*) FROM predictions WHERE rowid > ?1 AND rowid <= ?2 AND run = ?3 "
    "GROUP BY symbol, abstained, action, reason");
  query.bind_all(x.last_row, newest, run_);
  while (query.step()) {
    auto count = count_at(query, 4);
    if (query.integer(1) != 0)
      x.abstentions[std::string{query.text(3)}] += count;
    else
      x.predictions[{std::string{query.text(0)}, std::string{query.text(2)}}]
        += count;
  }
  x.last_row = newest;
}

void run_counts::count_cycles(storage::database& db, counted& x) const {
  x.cycles.clear();
  auto query = db.prepare("SELECT status, count(*) FROM cycles WHERE run = ? "
                          "GROUP BY status");
  query.bind_all(run_);
  while (query.step())
    x.cycles[std::string{query.text(0)}] = count_at(query, 1);
}

void run_counts::count_outcomes(storage::database& db, counted& x) const {
  auto owed = db.prepare("SELECT min(prediction_id), min(due_at) "
                         "FROM obligations WHERE run = ?");
  owed.bind_all(run_);
  owed.step();
  std::string frontier;
  x.oldest_due.reset();
  if (owed.is_null(0)) {
    // Nothing is open: all that exists is settled, whatever comes is later.
    auto last = db.prepare("SELECT coalesce(max(prediction_id), '') "
                           "FROM outcomes");
    last.step();
    frontier = last.text(0);
    if (!frontier.empty())
      frontier += after_all;
  } else {
    frontier = owed.text(0);
    x.oldest_due = from_micros(owed.integer(1));
  }
  // An older cycle was stored after newer ones had been settled.
  if (frontier < x.frontier) {
    x.frontier.clear();
    x.settled.clear();
  }
  add_outcomes(db, x.frontier, frontier, x.settled);
  x.frontier = frontier;
  x.recent.clear();
  add_outcomes(db, x.frontier, after_all, x.recent);
}

void run_counts::add_outcomes(
  storage::database& db, std::string_view from, std::string_view before,
  std::map<outcome_kind, std::uint64_t>& into) const {
  auto query = db.prepare(
    "SELECT o.horizon_minutes, CASE WHEN o.void THEN 'void' WHEN o.success "
    "THEN 'true' ELSE 'false' END AS kind, count(*) FROM outcomes o "
    "CROSS JOIN predictions p ON p.prediction_id = o.prediction_id "
    "WHERE o.prediction_id >= ?1 AND o.prediction_id < ?2 AND p.run = ?3 "
    "GROUP BY 1, 2");
  query.bind_all(from, before, run_);
  while (query.step())
    into[{query.integer(0), std::string{query.text(1)}}] += count_at(query, 2);
}

std::map<run_counts::outcome_kind, std::uint64_t> run_counts::outcomes() const {
  auto result = now_.settled;
  for (const auto& [kind, count] : now_.recent)
    result[kind] += count;
  return result;
}

} // namespace banksia::store
