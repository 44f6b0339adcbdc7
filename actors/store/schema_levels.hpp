#pragma once

/// The step of the schema that makes the tables of the service levels.

#include <string_view>

namespace banksia::store {

// Microseconds of an hour are 3600000000. Rows of an hour are sums that are
// written in the transaction of what they count.
inline constexpr std::string_view levels_up = R"sql(
-- Outcomes by the hour of their evaluation, in market time. `*_right`: how
-- often a constant answer would have been.
CREATE TABLE outcome_hours(
  run TEXT NOT NULL,
  horizon_minutes INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  evaluated INTEGER NOT NULL,
  late INTEGER NOT NULL,
  lag_max INTEGER NOT NULL,
  samples INTEGER NOT NULL,
  success INTEGER NOT NULL,
  buy_right INTEGER NOT NULL,
  sell_right INTEGER NOT NULL,
  hold_right INTEGER NOT NULL,
  PRIMARY KEY(run, hour, horizon_minutes)) WITHOUT ROWID;

INSERT INTO outcome_hours
  SELECT p.run, o.horizon_minutes,
    o.evaluation_timestamp - o.evaluation_timestamp % 3600000000, count(*),
    sum(o.evaluation_timestamp - o.due_at > 3600000000),
    max(o.evaluation_timestamp - o.due_at),
    sum(o.void = 0 AND o.sessions_elapsed <= 1),
    sum(o.void = 0 AND o.sessions_elapsed <= 1 AND o.success),
    sum(o.void = 0 AND o.sessions_elapsed <= 1 AND o.actual_return > 0),
    sum(o.void = 0 AND o.sessions_elapsed <= 1 AND o.actual_return <= 0),
    sum(o.void = 0 AND o.sessions_elapsed <= 1 AND abs(o.actual_return) < 0.01)
  FROM outcomes o JOIN predictions p USING(prediction_id) GROUP BY 1, 2, 3;

-- Bars that feeds delivered, by the hour in which they were received.
CREATE TABLE data_hours(
  hour INTEGER PRIMARY KEY,
  points INTEGER NOT NULL,
  repaired INTEGER NOT NULL,
  refused INTEGER NOT NULL);

-- What the services did: one row a service and span, by the wall clock.
CREATE TABLE service_samples(
  service TEXT NOT NULL,
  time INTEGER NOT NULL,
  seconds REAL NOT NULL,
  ready_seconds REAL NOT NULL,
  requests INTEGER NOT NULL,
  request_seconds REAL NOT NULL,
  slow_requests INTEGER NOT NULL,
  resident_bytes INTEGER NOT NULL,
  cpu_seconds REAL NOT NULL,
  cpu_capacity REAL NOT NULL,
  queries INTEGER NOT NULL,
  query_seconds REAL NOT NULL,
  slow_queries INTEGER NOT NULL,
  PRIMARY KEY(service, time)) WITHOUT ROWID;

-- Their sums an hour; `began` is the beginning of the first span in it.
CREATE TABLE service_hours(
  service TEXT NOT NULL,
  hour INTEGER NOT NULL,
  began INTEGER NOT NULL,
  seconds REAL NOT NULL,
  ready_seconds REAL NOT NULL,
  requests INTEGER NOT NULL,
  request_seconds REAL NOT NULL,
  slow_requests INTEGER NOT NULL,
  resident_bytes_max INTEGER NOT NULL,
  queries INTEGER NOT NULL,
  query_seconds REAL NOT NULL,
  slow_queries INTEGER NOT NULL,
  PRIMARY KEY(service, hour)) WITHOUT ROWID;
)sql";

inline constexpr std::string_view levels_down = R"sql(
DROP TABLE service_hours;
DROP TABLE service_samples;
DROP TABLE data_hours;
DROP TABLE outcome_hours;
)sql";

// The newest time that an outcome was evaluated at: the clock's own mark may lag
// behind it.
inline constexpr std::string_view evaluated_up
  = "ALTER TABLE runs ADD COLUMN evaluated_until INTEGER;";

inline constexpr std::string_view evaluated_down
  = "ALTER TABLE runs DROP COLUMN evaluated_until;";

} // namespace banksia::store
