#include "actors/store/level_queries.hpp"

#include "actors/store/ledger_levels.hpp"
#include "actors/store/list_sql.hpp"
#include "messages/ids.hpp"
#include "runtime/storage/query_timer.hpp"

namespace banksia::store {

std::vector<outcome_hour> outcome_hours(storage::database& db,
                                        std::string_view run, timestamp from) {
  storage::query_timer timer{"service_levels"};
  auto query = db.prepare(
    "SELECT hour, horizon_minutes, evaluated, late, lag_max, samples, success, "
    "buy_right, sell_right, hold_right FROM outcome_hours "
    "WHERE run = ? AND hour >= ? ORDER BY hour, horizon_minutes");
  query.bind_all(run, to_micros(hour_of(from)));
  std::vector<outcome_hour> result;
  while (query.step()) {
    outcome_hour x;
    x.hour = from_micros(query.integer(0));
    x.horizon_minutes = query.integer(1);
    x.evaluated = query.integer(2);
    x.late = query.integer(3);
    x.lag_max = micros{query.integer(4)};
    x.samples = query.integer(5);
    x.success = query.integer(6);
    x.buy_right = query.integer(7);
    x.sell_right = query.integer(8);
    x.hold_right = query.integer(9);
    result.push_back(x);
  }
  return result;
}

std::optional<timestamp> newest_outcome_hour(storage::database& db,
                                             std::string_view run) {
  storage::query_timer timer{"service_levels"};
  auto query = db.prepare("SELECT max(hour) FROM outcome_hours WHERE run = ?");
  query.bind_all(run);
  if (!query.step() || query.is_null(0))
    return std::nullopt;
  return from_micros(query.integer(0));
}

std::vector<data_hour> data_hours(storage::database& db, timestamp from,
                                  timestamp until) {
  storage::query_timer timer{"service_levels"};
  auto query = db.prepare("SELECT hour, points, repaired, refused "
                          "FROM data_hours WHERE hour BETWEEN ? AND ? "
                          "ORDER BY hour");
  query.bind_all(to_micros(hour_of(from)), to_micros(until));
  std::vector<data_hour> result;
  while (query.step())
    result.push_back({from_micros(query.integer(0)), query.integer(1),
                      query.integer(2), query.integer(3)});
  return result;
}

std::vector<service_hour> service_hours(storage::database& db,
                                        std::string_view service,
                                        timestamp from) {
  storage::query_timer timer{"service_levels"};
  auto query = db.prepare(
    "SELECT hour, began, ready_seconds, requests, request_seconds, "
    "slow_requests, resident_bytes_max, queries, query_seconds, slow_queries "
    "FROM service_hours WHERE service = ? AND hour >= ? ORDER BY hour");
  query.bind_all(service, to_micros(hour_of(from)));
  std::vector<service_hour> result;
  while (query.step()) {
    service_hour x;
    x.service = service;
    x.hour = from_micros(query.integer(0));
    x.began = from_micros(query.integer(1));
    x.ready_seconds = query.number(2);
    x.requests = query.integer(3);
    x.request_seconds = query.number(4);
    x.slow_requests = query.integer(5);
    x.resident_bytes_max = query.integer(6);
    x.queries = query.integer(7);
    x.query_seconds = query.number(8);
    x.slow_queries = query.integer(9);
    result.push_back(std::move(x));
  }
  return result;
}

std::vector<service_span> service_spans(storage::database& db,
                                        std::string_view service,
                                        timestamp from) {
  storage::query_timer timer{"service_levels"};
  auto query = db.prepare("SELECT time, seconds, cpu_seconds, cpu_capacity "
                          "FROM service_samples WHERE service = ? AND "
                          "time >= ? ORDER BY time");
  query.bind_all(service, to_micros(from));
  std::vector<service_span> result;
  while (query.step())
    result.push_back({from_micros(query.integer(0)), query.number(1),
                      query.number(2), query.number(3)});
  return result;
}

std::vector<cycle_end> cycle_ends(storage::database& db, std::string_view run,
                                  timestamp from) {
  storage::query_timer timer{"service_levels"};
  // An id begins with its time, so that a span of time is a span of keys.
  auto least = least_id(from);
  auto query = db.prepare("SELECT scheduled_at, status FROM cycles WHERE "
                          "cycle_id >= ? AND run = ? AND status <> 'scheduled' "
                          "ORDER BY cycle_id");
  query.bind_all(least, run);
  std::vector<cycle_end> result;
  while (query.step())
    result.push_back(
      {from_micros(query.integer(0)), std::string{query.text(1)}});
  return result;
}

std::optional<timestamp> oldest_due(storage::database& db,
                                    std::string_view run) {
  storage::query_timer timer{"service_levels"};
  auto query = db.prepare("SELECT min(due_at) FROM due_counts WHERE run = ?");
  query.bind_all(run);
  if (!query.step() || query.is_null(0))
    return std::nullopt;
  return from_micros(query.integer(0));
}

std::vector<std::string> sampled_services(storage::database& db) {
  storage::query_timer timer{"service_levels"};
  // One step down the index a service, whatever their rows.
  auto query = db.prepare(
    "WITH RECURSIVE x(name) AS (SELECT min(service) FROM service_hours "
    "UNION ALL SELECT (SELECT min(service) FROM service_hours "
    "WHERE service > name) FROM x WHERE name IS NOT NULL) "
    "SELECT name FROM x WHERE name IS NOT NULL");
  std::vector<std::string> result;
  while (query.step())
    result.emplace_back(query.text(0));
  return result;
}

std::optional<timestamp> newest_sample(storage::database& db,
                                       std::string_view service) {
  storage::query_timer timer{"service_levels"};
  auto query = db.prepare("SELECT max(time) FROM service_samples "
                          "WHERE service = ?");
  query.bind_all(service);
  if (!query.step() || query.is_null(0))
    return std::nullopt;
  return from_micros(query.integer(0));
}

} // namespace banksia::store
