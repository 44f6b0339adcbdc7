#include "actors/store/schema.hpp"
#include "actors/store/schema_counts.hpp"
#include "actors/store/schema_levels.hpp"

namespace banksia::store {

namespace {

// Times are microseconds since 1970 UTC. Ids are 32 hex digits that sort by
// time, so that rows are appended instead of scattered.
constexpr std::string_view first_up = R"sql(
CREATE TABLE bars(
  symbol TEXT NOT NULL,
  interval TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  open REAL NOT NULL,
  high REAL NOT NULL,
  low REAL NOT NULL,
  close REAL NOT NULL,
  volume REAL NOT NULL,
  source TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  known_at INTEGER NOT NULL,
  verdict INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(symbol, interval, opened_at)) WITHOUT ROWID;

-- What a repaired bar said before, field by field.
CREATE TABLE bar_repairs(
  symbol TEXT NOT NULL,
  interval TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  field TEXT NOT NULL,
  original REAL NOT NULL,
  repaired REAL NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY(symbol, interval, opened_at, field)) WITHOUT ROWID;

-- The loser where two sources disagreed about one bar.
CREATE TABLE bar_conflicts(
  symbol TEXT NOT NULL,
  interval TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  source TEXT NOT NULL,
  open REAL NOT NULL,
  high REAL NOT NULL,
  low REAL NOT NULL,
  close REAL NOT NULL,
  volume REAL NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY(symbol, interval, opened_at, source, open, high, low, close,
              volume)) WITHOUT ROWID;

CREATE TABLE headlines(
  headline_id TEXT NOT NULL,
  symbol TEXT NOT NULL,
  title TEXT NOT NULL,
  source TEXT NOT NULL,
  link TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  known_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  score REAL,
  PRIMARY KEY(symbol, known_at, headline_id),
  -- A feed that shows it again later has no news.
  UNIQUE(symbol, headline_id)) WITHOUT ROWID;

-- Every row that was refused, with what it said.
CREATE TABLE quarantine(
  kind TEXT NOT NULL,
  file TEXT NOT NULL,
  line INTEGER NOT NULL,
  symbol TEXT NOT NULL,
  reason TEXT NOT NULL,
  payload TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY(file, line, reason, payload)) WITHOUT ROWID;

CREATE TABLE configurations(
  configuration_id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  text TEXT NOT NULL);

-- The numeric environment: equal bits are promised within one of these.
CREATE TABLE builds(
  build_id INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE);

CREATE TABLE runs(
  run TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  parameters TEXT NOT NULL,
  market_time INTEGER) WITHOUT ROWID;

CREATE TABLE cycles(
  cycle_id TEXT PRIMARY KEY,
  run TEXT NOT NULL,
  interval TEXT NOT NULL,
  scheduled_at INTEGER NOT NULL,
  status TEXT NOT NULL,
  reason TEXT,
  completed_at INTEGER,
  predictions INTEGER NOT NULL DEFAULT 0,
  abstentions INTEGER NOT NULL DEFAULT 0,
  context_trend TEXT,
  context_return REAL,
  context_volatility REAL,
  context_multiplier REAL,
  context_buy_threshold REAL,
  context_sell_threshold REAL,
  context_stress REAL,
  context_flagged INTEGER,
  context_lineage INTEGER) WITHOUT ROWID;

CREATE TABLE predictions(
  prediction_id TEXT PRIMARY KEY,
  cycle_id TEXT NOT NULL,
  run TEXT NOT NULL,
  symbol TEXT NOT NULL,
  interval TEXT NOT NULL,
  timestamp INTEGER NOT NULL,
  abstained INTEGER NOT NULL,
  reason TEXT,
  action TEXT,
  optimal_action TEXT,
  confidence REAL,
  predicted_direction INTEGER,
  predicted_magnitude REAL,
  entry_price REAL,
  horizon_minutes INTEGER NOT NULL,
  model_version TEXT NOT NULL,
  market_context TEXT NOT NULL,
  features BLOB NOT NULL,
  trace BLOB NOT NULL,
  input_lineage INTEGER NOT NULL,
  input_count INTEGER NOT NULL,
  configuration_id INTEGER NOT NULL,
  build_id INTEGER NOT NULL);

CREATE TRIGGER predictions_are_immutable BEFORE UPDATE ON predictions
BEGIN SELECT RAISE(ABORT, 'predictions are immutable'); END;

CREATE TABLE outcomes(
  outcome_id TEXT NOT NULL,
  prediction_id TEXT NOT NULL,
  horizon_minutes INTEGER NOT NULL,
  symbol TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  evaluation_timestamp INTEGER NOT NULL,
  entry_price REAL,
  exit_price REAL,
  actual_return REAL,
  total_return REAL,
  actual_direction INTEGER,
  success INTEGER,
  sessions_elapsed INTEGER NOT NULL,
  open_minutes INTEGER NOT NULL,
  void INTEGER NOT NULL DEFAULT 0,
  reason TEXT,
  PRIMARY KEY(prediction_id, horizon_minutes)) WITHOUT ROWID;

-- Evaluations that are owed: stored with the prediction, gone with the outcome.
CREATE TABLE obligations(
  prediction_id TEXT NOT NULL,
  horizon_minutes INTEGER NOT NULL,
  run TEXT NOT NULL,
  symbol TEXT NOT NULL,
  interval TEXT NOT NULL,
  timestamp INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  action TEXT NOT NULL,
  entry_price REAL NOT NULL,
  PRIMARY KEY(prediction_id, horizon_minutes)) WITHOUT ROWID;

CREATE TABLE watermarks(
  source TEXT PRIMARY KEY,
  known_at INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE supervision_events(
  event_id INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  supervisor TEXT NOT NULL,
  child TEXT NOT NULL,
  generation INTEGER NOT NULL,
  event TEXT NOT NULL,
  reason TEXT NOT NULL,
  strategy TEXT NOT NULL,
  restarts_in_period INTEGER NOT NULL);

CREATE VIEW v_predictions AS SELECT prediction_id, cycle_id, run, symbol,
  interval, strftime('%Y-%m-%dT%H:%M:%fZ', timestamp / 1e6, 'unixepoch')
  AS timestamp, abstained, reason, action, optimal_action, confidence,
  predicted_direction, predicted_magnitude, entry_price, horizon_minutes,
  model_version, market_context FROM predictions;

CREATE VIEW v_outcomes AS SELECT outcome_id, prediction_id, horizon_minutes,
  symbol, strftime('%Y-%m-%dT%H:%M:%fZ', due_at / 1e6, 'unixepoch') AS due_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', evaluation_timestamp / 1e6, 'unixepoch')
  AS evaluation_timestamp, entry_price, exit_price, actual_return,
  total_return, actual_direction, success, sessions_elapsed, open_minutes,
  void, reason FROM outcomes;
)sql";

constexpr std::string_view first_down = R"sql(
DROP VIEW v_outcomes;
DROP VIEW v_predictions;
DROP TABLE supervision_events;
DROP TABLE watermarks;
DROP TABLE obligations;
DROP TABLE outcomes;
DROP TABLE predictions;
DROP TABLE cycles;
DROP TABLE runs;
DROP TABLE builds;
DROP TABLE configurations;
DROP TABLE quarantine;
DROP TABLE headlines;
DROP TABLE bar_conflicts;
DROP TABLE bar_repairs;
DROP TABLE bars;
)sql";

// A report may be sent twice, as everything may.
constexpr std::string_view reports_once_up = R"sql(
DELETE FROM supervision_events WHERE event_id NOT IN (SELECT min(event_id)
  FROM supervision_events GROUP BY time, supervisor, child, generation, event,
  reason);
CREATE UNIQUE INDEX supervision_events_once ON supervision_events(time,
  supervisor, child, generation, event, reason);
)sql";

constexpr std::string_view reports_once_down = R"sql(
DROP INDEX supervision_events_once;
)sql";

// Splits and dividends as announced, and what became of a symbol's listing. A
// second word about the same thing is another row: both are as of their
// `known_at`.
constexpr std::string_view actions_up = R"sql(
CREATE TABLE corporate_actions(
  symbol TEXT NOT NULL,
  kind TEXT NOT NULL,
  effective_at INTEGER NOT NULL,
  value REAL NOT NULL,
  source TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  known_at INTEGER NOT NULL,
  PRIMARY KEY(symbol, effective_at, kind, value)) WITHOUT ROWID;

-- Later words on bars. Values are NULL where the bar is withdrawn.
CREATE TABLE bar_revisions(
  symbol TEXT NOT NULL,
  interval TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  known_at INTEGER NOT NULL,
  open REAL,
  high REAL,
  low REAL,
  close REAL,
  volume REAL,
  source TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  withdrawn INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY(symbol, interval, opened_at, known_at)) WITHOUT ROWID;

CREATE TABLE listing_changes(
  symbol TEXT NOT NULL,
  event TEXT NOT NULL,
  effective_at INTEGER NOT NULL,
  successor TEXT NOT NULL,
  reason TEXT NOT NULL,
  source TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  known_at INTEGER NOT NULL,
  PRIMARY KEY(symbol, effective_at, event)) WITHOUT ROWID;
)sql";

constexpr std::string_view actions_down = R"sql(
DROP TABLE listing_changes;
DROP TABLE bar_revisions;
DROP TABLE corporate_actions;
)sql";

// Replays and followers read what became known since. Outcomes show ex-dates.
constexpr std::string_view known_order_up = R"sql(
CREATE INDEX corporate_actions_known
  ON corporate_actions(known_at, symbol, effective_at, kind, value);
CREATE INDEX bar_revisions_known
  ON bar_revisions(interval, known_at, symbol, opened_at);
DROP VIEW v_outcomes;
CREATE VIEW v_outcomes AS SELECT o.outcome_id, o.prediction_id,
  o.horizon_minutes, o.symbol,
  strftime('%Y-%m-%dT%H:%M:%fZ', o.due_at / 1e6, 'unixepoch') AS due_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', o.evaluation_timestamp / 1e6, 'unixepoch')
  AS evaluation_timestamp, o.entry_price, o.exit_price, o.actual_return,
  o.total_return, o.actual_direction, o.success, o.sessions_elapsed,
  o.open_minutes, o.void, o.reason,
  EXISTS(SELECT 1 FROM corporate_actions a WHERE a.symbol = o.symbol AND
    a.effective_at > p.timestamp AND
    a.effective_at <= o.evaluation_timestamp) AS ex_date
  FROM outcomes o LEFT JOIN predictions p USING(prediction_id);
)sql";

constexpr std::string_view known_order_down = R"sql(
DROP VIEW v_outcomes;
CREATE VIEW v_outcomes AS SELECT outcome_id, prediction_id, horizon_minutes,
  symbol, strftime('%Y-%m-%dT%H:%M:%fZ', due_at / 1e6, 'unixepoch') AS due_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', evaluation_timestamp / 1e6, 'unixepoch')
  AS evaluation_timestamp, entry_price, exit_price, actual_return,
  total_return, actual_direction, success, sessions_elapsed, open_minutes,
  void, reason FROM outcomes;
DROP INDEX bar_revisions_known;
DROP INDEX corporate_actions_known;
)sql";

// What models say of predictions, and the work that is done once a day or so.
constexpr std::string_view learning_up = R"sql(
CREATE TABLE forecasts(
  prediction_id TEXT NOT NULL,
  model_version TEXT NOT NULL,
  served INTEGER NOT NULL,
  p_down REAL NOT NULL,
  p_flat REAL NOT NULL,
  p_up REAL NOT NULL,
  magnitude REAL NOT NULL,
  outlying INTEGER NOT NULL,
  batch_rows INTEGER NOT NULL,
  batch_slot INTEGER NOT NULL,
  environment_id INTEGER NOT NULL, -- in builds
  PRIMARY KEY(prediction_id, model_version)) WITHOUT ROWID;

CREATE TABLE jobs(
  run TEXT NOT NULL,
  kind TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  status TEXT NOT NULL,
  ended_at INTEGER,
  reason TEXT NOT NULL,
  result TEXT NOT NULL,
  PRIMARY KEY(run, kind, due_at)) WITHOUT ROWID;

CREATE TABLE trainings(
  training_id TEXT PRIMARY KEY,
  run TEXT NOT NULL,
  cause TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  ended_at INTEGER,
  status TEXT NOT NULL,
  stage TEXT NOT NULL,
  progress REAL NOT NULL,
  reason TEXT NOT NULL,
  model_version TEXT NOT NULL,
  promoted INTEGER NOT NULL,
  report TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE models(
  model_version TEXT PRIMARY KEY,
  status TEXT NOT NULL,
  kind TEXT NOT NULL,
  added_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  manifest TEXT NOT NULL) WITHOUT ROWID;
)sql";

constexpr std::string_view learning_down = R"sql(
DROP TABLE models;
DROP TABLE trainings;
DROP TABLE jobs;
DROP TABLE forecasts;
)sql";

constexpr storage::migration steps[] = {
  {1, "the first schema", first_up, first_down},
  {2, "a report is stored once", reports_once_up, reports_once_down},
  {3, "corporate actions and listings", actions_up, actions_down},
  {4, "what became known, in order; ex-dates", known_order_up,
   known_order_down},
  {5, "forecasts, daily work, trainings, models", learning_up, learning_down},
  {6, "sums for the service levels", levels_up, levels_down},
  {7, "how far a run is evaluated", evaluated_up, evaluated_down},
  {8, "counts of each run, and one symbol's rows", counts_up, counts_down},
};

} // namespace

std::span<const storage::migration> migrations() {
  return steps;
}

} // namespace banksia::store
