#pragma once

/// The step of the schema that lets lists, totals and scrapes read a few rows,
/// however many there are.

#include <string_view>

namespace banksia::store {

// Sums are written in the transaction of what they count.
inline constexpr std::string_view counts_up = R"sql(
-- `word`: the action, or why it abstained.
CREATE TABLE prediction_counts(
  run TEXT NOT NULL,
  symbol TEXT NOT NULL,
  abstained INTEGER NOT NULL,
  word TEXT NOT NULL,
  predictions INTEGER NOT NULL,
  PRIMARY KEY(run, symbol, abstained, word)) WITHOUT ROWID;

-- `success`: true, false or void.
CREATE TABLE outcome_counts(
  run TEXT NOT NULL,
  horizon_minutes INTEGER NOT NULL,
  success TEXT NOT NULL,
  outcomes INTEGER NOT NULL,
  PRIMARY KEY(run, horizon_minutes, success)) WITHOUT ROWID;

-- Cycles that have ended.
CREATE TABLE cycle_counts(
  run TEXT NOT NULL,
  status TEXT NOT NULL,
  cycles INTEGER NOT NULL,
  PRIMARY KEY(run, status)) WITHOUT ROWID;

-- Evaluations that are owed, by when they are due: all symbols of a cycle
-- share that.
CREATE TABLE due_counts(
  run TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  owed INTEGER NOT NULL,
  PRIMARY KEY(run, due_at)) WITHOUT ROWID;

-- Row by row: GROUP BY would sort all there is, in memory.
INSERT INTO prediction_counts
  SELECT run, symbol, abstained, coalesce(iif(abstained, reason, action), ''),
    1 FROM predictions WHERE true
  ON CONFLICT DO UPDATE SET predictions = predictions + 1;
INSERT INTO outcome_counts
  SELECT p.run, o.horizon_minutes,
    CASE WHEN o.void THEN 'void' WHEN o.success THEN 'true' ELSE 'false' END,
    1 FROM outcomes o CROSS JOIN predictions p
    ON p.prediction_id = o.prediction_id WHERE true
  ON CONFLICT DO UPDATE SET outcomes = outcomes + 1;
INSERT INTO cycle_counts
  SELECT run, status, count(*) FROM cycles WHERE status <> 'scheduled'
    GROUP BY 1, 2;
INSERT INTO due_counts
  SELECT run, due_at, count(*) FROM obligations GROUP BY 1, 2;

-- One symbol's rows, in the order of lists. `abstained` is there for counting,
-- and since abstentions have no outcomes to look for.
CREATE INDEX predictions_of_symbol
  ON predictions(run, symbol, prediction_id, abstained);

-- What is open is little, whatever has ended.
CREATE INDEX cycles_owed ON cycles(run, cycle_id) WHERE status = 'scheduled';
CREATE INDEX jobs_owed ON jobs(run, due_at, kind) WHERE status = 'owed';

-- Rows of trainings and models are long: whoever counts them reads these.
CREATE INDEX trainings_by_time ON trainings(requested_at, training_id);
CREATE INDEX trainings_by_status ON trainings(run, status);
CREATE INDEX models_by_status ON models(status);
)sql";

inline constexpr std::string_view counts_down = R"sql(
DROP INDEX models_by_status;
DROP INDEX trainings_by_status;
DROP INDEX trainings_by_time;
DROP INDEX jobs_owed;
DROP INDEX cycles_owed;
DROP INDEX predictions_of_symbol;
DROP TABLE due_counts;
DROP TABLE cycle_counts;
DROP TABLE outcome_counts;
DROP TABLE prediction_counts;
)sql";

} // namespace banksia::store
