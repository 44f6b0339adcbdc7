#include "tests/chaos/simulation/invariants.hpp"

#include "actors/scheduler/job_walk.hpp"
#include "actors/store/history.hpp"
#include "actors/store/journal_records.hpp"
#include "actors/store/queries.hpp"
#include "actors/store/schema.hpp"
#include "tests/chaos/simulation/training_invariants.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace banksia::chaos {

using namespace std::chrono_literals;

namespace {

/// A query that counts what must not be there.
struct rule {
  const char* what;
  const char* count;
};

constexpr rule rules[] = {
  {"a cycle has two rows for one symbol",
   "SELECT count(*) FROM (SELECT 1 FROM predictions GROUP BY run, symbol, "
   "timestamp HAVING count(*) > 1)"},
  {"a cycle's counts are not its rows'",
   "SELECT count(*) FROM cycles c WHERE predictions + abstentions <> (SELECT "
   "count(*) FROM predictions p WHERE p.cycle_id = c.cycle_id)"},
  {"a prediction has no cycle",
   "SELECT count(*) FROM predictions WHERE cycle_id NOT IN (SELECT cycle_id "
   "FROM cycles WHERE status IN ('completed', 'late'))"},
  {"an evaluation is owed and made",
   "SELECT count(*) FROM obligations JOIN outcomes USING(prediction_id, "
   "horizon_minutes)"},
  {"an outcome has no prediction",
   "SELECT count(*) FROM outcomes WHERE prediction_id NOT IN (SELECT "
   "prediction_id FROM predictions WHERE abstained = 0)"},
  {"a prediction has not one outcome, made or owed, for each horizon",
   "SELECT count(*) FROM predictions p WHERE abstained = 0 AND (SELECT "
   "count(*) FROM outcomes o WHERE o.prediction_id = p.prediction_id) + "
   "(SELECT count(*) FROM obligations o WHERE o.prediction_id = "
   "p.prediction_id) <> ?1"},
  {"a daily job is in no known state",
   "SELECT count(*) FROM jobs WHERE status NOT IN ('owed', 'done', 'failed', "
   "'skipped') OR (status = 'done') <> (result <> '') OR (status = 'owed') <> "
   "(ended_at IS NULL)"},
  {"a training is in no known state, or its end says nothing",
   "SELECT count(*) FROM trainings WHERE status NOT IN ('owed', 'running', "
   "'done', 'failed') OR (status = 'done') <> (model_version <> '') OR "
   "(status IN ('done', 'failed') AND coalesce(reason, '') = '') OR (status = "
   "'done' AND coalesce(report, '') = '')"},
  {"two trainings of one cause and time have succeeded",
   "SELECT count(*) FROM (SELECT 1 FROM trainings WHERE status = 'done' GROUP "
   "BY run, cause, requested_at HAVING count(*) > 1)"},
  {"a daily training is done without a training",
   "SELECT count(*) FROM jobs j WHERE kind = 'training' AND status = 'done' AND "
   "NOT EXISTS (SELECT 1 FROM trainings t WHERE t.run = j.run AND "
   "t.requested_at = j.due_at AND t.status = 'done')"},
  {"an outcome is of no horizon",
   "SELECT count(*) FROM outcomes WHERE horizon_minutes NOT IN (60, 240, "
   "1440)"},
};

void check_rules(storage::database& db, const run_plan& plan) {
  auto horizons = static_cast<std::int64_t>(plan.horizons_minutes.size());
  for (const auto& x : rules) {
    auto query = db.prepare(x.count);
    std::string_view text{x.count};
    if (text.find("?1") != std::string_view::npos)
      query.bind(1, horizons);
    query.step();
    if (auto count = query.integer(0); count != 0)
      throw broken(std::string{x.what} + ": " + std::to_string(count));
  }
}

std::string listed_text(const std::set<std::string>& names) {
  std::string result;
  for (const auto& x : names)
    result += (result.empty() ? "" : ", ") + x;
  return result;
}

/// Each cycle has one row for each symbol that was followed as of its slot, and
/// those that were halted have abstained for that.
void check_followed(storage::database& db, const listings& listed) {
  auto rows = db.prepare(
    "SELECT c.scheduled_at, p.symbol, coalesce(p.reason, '') FROM cycles c LEFT "
    "JOIN predictions p USING(cycle_id) WHERE c.status IN ('completed', "
    "'late')");
  std::map<timestamp, std::set<std::string>> made;
  while (rows.step()) {
    auto& symbols = made[from_micros(rows.integer(0))];
    if (rows.is_null(1))
      continue;
    auto halted = rows.text(2) == "halted";
    symbols.insert(std::string{rows.text(1)} + (halted ? " halted" : ""));
  }
  for (const auto& [slot, symbols] : made) {
    std::set<std::string> expected;
    for (auto index : listed.predicted_at(slot))
      expected.insert(listed.symbols()[index]
                      + (listed.is_halted(index, slot) ? " halted" : ""));
    if (symbols != expected)
      throw broken("a cycle has not one row for each symbol: "
                   + to_rfc3339(slot) + ": has " + listed_text(symbols)
                   + ", should have " + listed_text(expected));
  }
}

/// Void is what a halt or a delisting stops, and nothing else.
void check_voids(storage::database& db, const listings& listed) {
  auto rows = db.prepare(
    "SELECT o.symbol, p.timestamp, o.due_at, o.void, o.reason FROM outcomes o "
    "JOIN predictions p USING(prediction_id)");
  while (rows.step()) {
    std::string symbol{rows.text(0)};
    // In this market there is always a trade before a horizon ends.
    auto stop = listed.stop_of(symbol, from_micros(rows.integer(1)),
                               from_micros(rows.integer(2)), end_of_time, true);
    auto is_void = rows.integer(3) != 0;
    if (is_void != stop.has_value()
        || (stop && rows.text(4) != to_string(stop->why)))
      throw broken("an outcome of " + symbol + " is void without a halt, or "
                   "made in one: due "
                   + to_rfc3339(from_micros(rows.integer(2))));
  }
}

bool has(storage::statement& query) {
  auto found = query.step() && query.integer(0) != 0;
  query.reset();
  return found;
}

/// All that somebody was told is on disk, is.
void check_acknowledged(storage::database& db, const shadow& kept,
                        const std::string& run) {
  auto cycle = db.prepare("SELECT count(*) FROM cycles WHERE cycle_id = ? AND "
                          "status <> 'scheduled'");
  for (const auto& id : kept.cycles)
    if (!has(cycle.bind(1, std::string_view{id})))
      throw broken("an acknowledged cycle is lost: " + id);
  auto owed = db.prepare("SELECT count(*) FROM cycles WHERE cycle_id = ?");
  for (const auto& id : kept.owed)
    if (!has(owed.bind(1, std::string_view{id})))
      throw broken("a cycle acknowledged as owed is lost: " + id);
  auto outcome = db.prepare("SELECT count(*) FROM outcomes WHERE "
                            "prediction_id = ? AND horizon_minutes = ?");
  for (const auto& [id, horizon] : kept.outcomes)
    if (!has(outcome.bind(1, std::string_view{id}).bind(2, horizon)))
      throw broken("an acknowledged outcome is lost: " + id + " at "
                   + std::to_string(horizon) + " min");
  auto bar = db.prepare("SELECT count(*) FROM bars WHERE symbol = ? AND "
                        "interval = '5m' AND opened_at = ?");
  for (const auto& [symbol, opened_at] : kept.bars)
    if (!has(bar.bind(1, std::string_view{symbol}).bind(2, opened_at)))
      throw broken("an acknowledged bar is lost: " + symbol + " at "
                   + to_rfc3339(from_micros(opened_at)));
  store::queries ask{db};
  if (auto row = ask.run(run);
      kept.market_time > timestamp{}
      && (!row || row->market_time < kept.market_time))
    throw broken("the market clock was set back");
}

/// Every slot of the calendar has ended or was recorded as missed.
void check_slots(storage::database& db, const scenario& of, timestamp begun,
                 timestamp until) {
  const auto& plan = *of.plan;
  auto row = db.prepare("SELECT count(*) FROM cycles WHERE cycle_id = ? AND "
                        "status IN ('completed', 'late', 'missed')");
  auto sessions = plan.calendar.sessions().subspan(of.first_session);
  for (const auto& s : sessions) {
    if (s.opens_at > until)
      return;
    for (auto slot : slots_of(plan, s)) {
      if (slot > until || slot <= begun)
        continue;
      auto id = to_string(make_cycle_id(plan.run, to_string(plan.interval),
                                        slot));
      if (!has(row.bind(1, std::string_view{id})))
        throw broken("a cycle has not ended and was not recorded as missed: "
                     + to_rfc3339(slot));
    }
  }
}

/// Every daily job that was due has ended.
void check_jobs(storage::database& db, const scenario& of, timestamp begun,
                timestamp until) {
  auto row = db.prepare("SELECT count(*) FROM jobs WHERE run = ? AND kind = ? "
                        "AND due_at = ? AND status <> 'owed'");
  for (const auto& x : job_walk{of.plan, begun, true}.take(until))
    if (!has(row.bind(1, std::string_view{x.run})
               .bind(2, std::string_view{x.kind})
               .bind(3, to_micros(x.due_at))))
      throw broken("a daily job has not ended: " + x.kind + " of "
                   + to_rfc3339(x.due_at));
}

/// What is due was made, and from the right bars: the last one until the
/// horizon's end, or the first after it.
void check_outcomes(storage::database& db, timestamp until) {
  auto late = db.prepare("SELECT count(*) FROM obligations WHERE due_at <= ?");
  late.bind(1, to_micros(until));
  late.step();
  if (auto count = late.integer(0))
    throw broken("outcomes are missing: " + std::to_string(count));
  auto wrong = db.prepare(
    "SELECT count(*), min(o.prediction_id) FROM outcomes o JOIN predictions p "
    "USING(prediction_id) WHERE o.due_at <= ? AND o.void = 0 AND o.exit_price "
    "<> coalesce((SELECT close FROM bars b WHERE (b.symbol = o.symbol OR "
    "b.symbol IN (SELECT successor FROM listing_changes l WHERE l.symbol = "
    "o.symbol AND l.event = 'renamed')) AND b.interval = '5m' AND b.known_at > "
    "p.timestamp AND b.known_at <= o.due_at ORDER BY b.opened_at DESC LIMIT 1), "
    "(SELECT close FROM bars b WHERE b.symbol = o.symbol AND b.interval = '5m' "
    "AND b.known_at > o.due_at ORDER BY b.opened_at LIMIT 1))");
  wrong.bind(1, to_micros(until));
  wrong.step();
  if (auto count = wrong.integer(0))
    throw broken("outcomes are not what the bars say: " + std::to_string(count)
                 + ", first of prediction " + std::string{wrong.text(1)});
}

} // namespace

void check_sound(const scenario& of, world& in) {
  // Its life is over: what it puts in the way of others is too.
  storage::set_obstacle({});
  {
    // As a node does when it starts: what was acknowledged into the journal
    // counts.
    auto db = store::open_for_writing(in.file);
    store::ledger into{db};
    store::take_over_journal(db, into);
  }
  auto db = store::open_for_reading(in.file);
  check_rules(db, *of.plan);
  auto listed = listings_of(of.plan->symbols,
                            store::queries{db}.listings(end_of_time));
  check_followed(db, listed);
  check_voids(db, listed);
  check_acknowledged(db, in.kept, of.plan->run);
  check_trainings_sound(db, in);
}

void check_complete(const scenario& of, const world& in) {
  auto db = store::open_for_reading(in.file);
  // An hour for the sweep, in which what went astray is found again.
  auto until = of.end - 1h;
  check_slots(db, of, in.begun, until);
  check_jobs(db, of, in.begun, until);
  check_outcomes(db, until);
  check_trainings_complete(db, of, in, until);
  auto sound = db.prepare("PRAGMA integrity_check");
  sound.step();
  if (sound.text(0) != "ok")
    throw broken("integrity_check: " + std::string{sound.text(0)});
}

} // namespace banksia::chaos
