#include "actors/analyst/analysis_reader.hpp"

#include "actors/scheduler/job_walk.hpp"
#include "actors/store/queries.hpp"
#include "models/market/listings.hpp"

#include <boost/json/parse.hpp>

#include <string_view>
#include <utility>

namespace banksia::analysis {

namespace {

using counts = std::map<std::string, std::uint64_t>;

/// No id of a slot at `t` or later sorts before it: ids begin with their slot.
std::string least_id(timestamp t) {
  return to_hex(static_cast<std::uint64_t>(to_micros(t)), 0);
}

/// Slots whose outcomes may become final in a day: the longest horizon ends in
/// this time, over any holiday.
constexpr std::chrono::days reach{14};

/// Rows of a name and a number.
counts read_counts(storage::statement& query) {
  counts result;
  while (query.step())
    result[std::string{query.text(0)}]
      += static_cast<std::uint64_t>(query.integer(1));
  return result;
}

void read_cycles(evening_inputs& into, storage::database& db,
                 const std::string& run) {
  auto query = db.prepare(
    "SELECT status, coalesce(reason, ''), count(*) FROM cycles WHERE run = ? "
    "AND scheduled_at <= ? AND cycle_id >= ? GROUP BY 1, 2");
  // A statement keeps no copy of a text.
  auto least = least_id(into.day.opens_at);
  query.bind_all(run, to_micros(into.day.auction_ends_at), least);
  while (query.step()) {
    auto status = query.text(0);
    auto count = static_cast<std::uint64_t>(query.integer(2));
    if (status == "missed") {
      into.missed += count;
      into.missed_by_reason[std::string{query.text(1)}] += count;
    } else {
      (status == "completed" ? into.completed
       : status == "late"    ? into.late
                             : into.owed)
        += count;
    }
  }
}

void read_predictions(evening_inputs& into, storage::database& db,
                      const std::string& run) {
  // The plus: by the ids of the day, not by the run's, which are all.
  auto among = " FROM predictions WHERE +run = ? AND timestamp <= ? AND "
               "prediction_id >= ? AND abstained = ";
  auto least = least_id(into.day.opens_at);
  auto read = [&](std::string_view column, std::string_view abstained) {
    auto query = db.prepare("SELECT coalesce(" + std::string{column}
                            + ", ''), count(*)" + among
                            + std::string{abstained} + " GROUP BY 1");
    query.bind_all(run, to_micros(into.day.auction_ends_at), least);
    return read_counts(query);
  };
  into.by_action = read("action", "0");
  into.abstained = read("reason", "1");
}

void read_outcomes(evening_inputs& into, storage::database& db,
                   const std::string& run) {
  auto query = db.prepare(
    "SELECT p.prediction_id, p.symbol, p.timestamp, p.action, p.confidence, "
    "o.actual_return, o.success, o.void, o.sessions_elapsed FROM outcomes o "
    "CROSS JOIN predictions p ON p.prediction_id = o.prediction_id AND "
    "p.horizon_minutes = o.horizon_minutes WHERE p.run = ? AND "
    "o.evaluation_timestamp > ? AND o.evaluation_timestamp <= ? AND "
    "o.prediction_id >= ? ORDER BY o.prediction_id");
  auto least = least_id(into.since - reach);
  query.bind_all(run, to_micros(into.since), to_micros(into.as_of), least);
  while (query.step()) {
    day_outcome x;
    x.prediction
      = parse_id<prediction_id>(query.text(0)).value_or(prediction_id{});
    x.symbol = query.text(1);
    x.slot = from_micros(query.integer(2));
    x.action = parse_trade_action(query.text(3)).value_or(trade_action::none);
    x.confidence = query.number(4);
    x.actual_return = query.number(5);
    x.success = query.integer(6) != 0;
    x.is_void = query.integer(7) != 0;
    x.sessions_elapsed = static_cast<std::uint32_t>(query.integer(8));
    into.outcomes.push_back(std::move(x));
  }
}

const boost::json::object* object_in(const boost::json::object& x,
                                     std::string_view name) {
  auto found = x.if_contains(name);
  return found ? found->if_object() : nullptr;
}

/// Where the evening before has stopped counting; zeros without one, and for
/// what another build did not count.
void read_counted(evening_inputs& into, store::queries& ask,
                  const std::string& run) {
  constexpr std::int64_t looked_at = 10;
  for (const auto& job : ask.jobs(run, evening_job, looked_at)) {
    if (job.status != "done" || job.due_at >= into.as_of)
      continue;
    boost::json::error_code code;
    auto document = boost::json::parse(job.result, code);
    auto fields = code ? nullptr : document.if_object();
    auto to = fields ? object_in(*fields, "counted_to") : nullptr;
    if (!to)
      return;
    if (auto refused = object_in(*to, "quarantined"))
      for (const auto& [reason, count] : *refused)
        if (auto known = count.if_int64())
          into.quarantined_ever[std::string{reason}]
            = static_cast<std::uint64_t>(*known);
    if (auto event = to->if_contains("supervision_event"))
      if (auto known = event->if_int64())
        into.last_supervision_event = *known;
    return;
  }
}

/// Bars of one series that became known during the day, and what was repaired
/// in them.
void read_series(evening_inputs& into, storage::database& db,
                 const std::string& symbol, bar_interval interval) {
  auto from = to_micros(into.since), until = to_micros(into.as_of);
  // A daily bar opens a session before it is known.
  auto opened = to_micros(into.since - reach);
  auto which = "FROM bars b WHERE b.symbol = ?1 AND b.interval = ?2 AND "
               "b.opened_at > ?3 AND b.known_at > ?4 AND b.known_at <= ?5";
  auto bars = db.prepare(std::string{"SELECT count(*) "} + which);
  bars.bind_all(symbol, to_string(interval), opened, from, until);
  bars.step();
  into.bars += static_cast<std::uint64_t>(bars.integer(0));
  auto repaired = db.prepare(
    std::string{"SELECT reason, count(*) FROM bar_repairs WHERE symbol = ?1 "
                "AND interval = ?2 AND opened_at IN (SELECT b.opened_at "}
    + which + ") GROUP BY 1");
  repaired.bind_all(symbol, to_string(interval), opened, from, until);
  for (const auto& [reason, count] : read_counts(repaired))
    into.repaired[reason] += count;
}

void read_data(evening_inputs& into, storage::database& db,
               const run_plan& plan, store::queries& ask) {
  auto symbols = listings_of(plan.symbols, ask.listings(into.as_of)).symbols();
  if (!plan.index_symbol.empty())
    symbols.push_back(plan.index_symbol);
  for (const auto& symbol : symbols) {
    read_series(into, db, symbol, plan.data_interval);
    if (plan.data_interval != bar_interval::d1)
      read_series(into, db, symbol, bar_interval::d1);
  }
  // A refused row bears the time of the wall alone.
  auto refused = db.prepare("SELECT reason, count(*) FROM quarantine "
                            "GROUP BY 1");
  auto before = std::exchange(into.quarantined_ever, read_counts(refused));
  for (const auto& [reason, count] : into.quarantined_ever)
    if (count > before[reason])
      into.quarantined[reason] = count - before[reason];
  auto revised = db.prepare("SELECT count(*) FROM bar_revisions WHERE "
                            "known_at > ? AND known_at <= ?");
  revised.bind_all(to_micros(into.since), to_micros(into.as_of));
  revised.step();
  into.revised = static_cast<std::uint64_t>(revised.integer(0));
}

void read_supervision(evening_inputs& into, storage::database& db) {
  auto query = db.prepare("SELECT child, event, count(*) FROM "
                          "supervision_events WHERE event_id > ? AND event IN "
                          "('restarted', 'escalated') GROUP BY 1, 2 "
                          "ORDER BY 3 DESC, 1");
  query.bind_all(into.last_supervision_event);
  while (query.step()) {
    auto count = static_cast<std::uint64_t>(query.integer(2));
    if (query.text(1) == "restarted")
      into.restarts.emplace_back(query.text(0), count);
    else
      into.escalations += count;
  }
  into.last_supervision_event
    = db.scalar("SELECT coalesce(max(event_id), 0) FROM supervision_events");
}

void read_models(evening_inputs& into, store::queries& ask) {
  constexpr std::int64_t looked_at = 50;
  for (auto& x : ask.models())
    if (x.status == "champion")
      into.champion = std::move(x);
  for (auto& x : ask.trainings(looked_at))
    if (x.status != "owed" && x.status != "running"
        && x.ended_at <= into.as_of) {
      into.training = std::move(x);
      return;
    }
}

} // namespace

evening_inputs read_evening(storage::database& db, const shared_plan& plan,
                            timestamp as_of) {
  const auto& last = last_session_before(plan->calendar, as_of);
  evening_inputs result;
  result.as_of = as_of;
  result.day = last;
  result.since
    = last_session_before(plan->calendar, last.opens_at).auction_ends_at;
  store::queries ask{db};
  read_cycles(result, db, plan->run);
  read_predictions(result, db, plan->run);
  read_outcomes(result, db, plan->run);
  read_counted(result, ask, plan->run);
  read_data(result, db, *plan, ask);
  read_supervision(result, db);
  read_models(result, ask);
  return result;
}

} // namespace banksia::analysis
