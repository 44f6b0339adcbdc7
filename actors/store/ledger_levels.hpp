#pragma once

/// The statements that keep the sums of the service levels.

#include "messages/time.hpp"

#include <string_view>

namespace banksia::store {

/// The full hour that a time lies in.
inline timestamp hour_of(timestamp t) {
  return std::chrono::floor<std::chrono::hours>(t);
}

namespace level_sql {

inline constexpr std::string_view select_clock
  = "SELECT coalesce(market_time, 0) FROM runs WHERE run = ?";

inline constexpr std::string_view upsert_outcome_hour = R"sql(
INSERT INTO outcome_hours(run, horizon_minutes, hour, evaluated, late, lag_max,
  samples, success, buy_right, sell_right, hold_right)
VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11) ON CONFLICT DO UPDATE SET
  evaluated = evaluated + ?4, late = late + ?5, lag_max = max(lag_max, ?6),
  samples = samples + ?7, success = success + ?8, buy_right = buy_right + ?9,
  sell_right = sell_right + ?10, hold_right = hold_right + ?11)sql";

inline constexpr std::string_view upsert_data_hour = R"sql(
INSERT INTO data_hours(hour, points, repaired, refused) VALUES (?1,?2,?3,?4)
ON CONFLICT DO UPDATE SET points = points + ?2, repaired = repaired + ?3,
  refused = refused + ?4)sql";

inline constexpr std::string_view insert_sample = R"sql(
INSERT INTO service_samples(service, time, seconds, ready_seconds, requests,
  request_seconds, slow_requests, resident_bytes, cpu_seconds, cpu_capacity,
  queries, query_seconds, slow_queries)
VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING)sql";

inline constexpr std::string_view upsert_service_hour = R"sql(
INSERT INTO service_hours(service, hour, began, seconds, ready_seconds,
  requests, request_seconds, slow_requests, resident_bytes_max, queries,
  query_seconds, slow_queries)
VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12) ON CONFLICT DO UPDATE SET
  began = min(began, ?3), seconds = seconds + ?4,
  ready_seconds = ready_seconds + ?5, requests = requests + ?6,
  request_seconds = request_seconds + ?7, slow_requests = slow_requests + ?8,
  resident_bytes_max = max(resident_bytes_max, ?9), queries = queries + ?10,
  query_seconds = query_seconds + ?11,
  slow_queries = slow_queries + ?12)sql";

} // namespace level_sql

} // namespace banksia::store
