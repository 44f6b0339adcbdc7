#include "actors/store/ledger.hpp"

#include "actors/store/codec.hpp"
#include "actors/store/ledger_levels.hpp"

namespace banksia::store {

namespace {

constexpr std::string_view insert_bar = R"sql(
INSERT INTO bars(symbol, interval, opened_at, open, high, low, close, volume,
                 source, received_at, known_at, verdict)
VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING)sql";

constexpr std::string_view select_bar = R"sql(
SELECT open, high, low, close, volume FROM bars
WHERE symbol = ? AND interval = ? AND opened_at = ?)sql";

constexpr std::string_view replace_bar = R"sql(
REPLACE INTO bars(symbol, interval, opened_at, open, high, low, close, volume,
                  source, received_at, known_at, verdict)
VALUES (?,?,?,?,?,?,?,?,?,?,?,?))sql";

constexpr std::string_view delete_repairs
  = "DELETE FROM bar_repairs WHERE symbol=? AND interval=? AND opened_at=?";

constexpr std::string_view insert_conflict = R"sql(
INSERT INTO bar_conflicts(symbol, interval, opened_at, source, open, high, low,
                          close, volume, reason)
VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING)sql";

constexpr std::string_view insert_repair = R"sql(
INSERT INTO bar_repairs(symbol, interval, opened_at, field, original, repaired,
                        reason)
VALUES (?,?,?,?,?,?,?) ON CONFLICT DO NOTHING)sql";

constexpr std::string_view insert_action = R"sql(
INSERT INTO corporate_actions(symbol, kind, effective_at, value, source,
                              received_at, known_at)
VALUES (?,?,?,?,?,?,?) ON CONFLICT DO NOTHING)sql";

constexpr std::string_view insert_revision = R"sql(
INSERT INTO bar_revisions(symbol, interval, opened_at, known_at, source,
                          received_at, withdrawn, reason, open, high, low,
                          close, volume)
VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING)sql";

constexpr std::string_view insert_listing = R"sql(
INSERT INTO listing_changes(symbol, event, effective_at, successor, reason,
                            source, received_at, known_at)
VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING)sql";

constexpr std::string_view insert_quarantine = R"sql(
INSERT INTO quarantine(kind, file, line, symbol, reason, payload, received_at)
VALUES (?,?,?,?,?,?,?) ON CONFLICT DO NOTHING)sql";

constexpr std::string_view insert_headline = R"sql(
INSERT INTO headlines(headline_id, symbol, title, source, link, published_at,
                      known_at, received_at, score)
VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING)sql";

// A cycle that is owed becomes what it ended as; an ended one stays.
constexpr std::string_view insert_cycle = R"sql(
INSERT INTO cycles(cycle_id, run, interval, scheduled_at, status, reason,
  completed_at, predictions, abstentions, context_trend, context_return,
  context_volatility, context_multiplier, context_buy_threshold,
  context_sell_threshold, context_stress, context_flagged, context_lineage)
VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18)
ON CONFLICT DO UPDATE SET status = ?5, reason = ?6, completed_at = ?7,
  predictions = ?8, abstentions = ?9, context_trend = ?10,
  context_return = ?11, context_volatility = ?12, context_multiplier = ?13,
  context_buy_threshold = ?14, context_sell_threshold = ?15,
  context_stress = ?16, context_flagged = ?17, context_lineage = ?18
WHERE status = 'scheduled')sql";

constexpr std::string_view insert_owed = R"sql(
INSERT INTO cycles(cycle_id, run, interval, scheduled_at, status)
VALUES (?,?,?,?,'scheduled') ON CONFLICT DO NOTHING)sql";

constexpr std::string_view insert_prediction = R"sql(
INSERT INTO predictions(prediction_id, cycle_id, run, symbol, interval,
  timestamp, abstained, reason, action, optimal_action, confidence,
  predicted_direction, predicted_magnitude, entry_price, horizon_minutes,
  model_version, market_context, features, trace, input_lineage, input_count,
  configuration_id, build_id)
VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
ON CONFLICT DO NOTHING)sql";

constexpr std::string_view insert_obligation = R"sql(
INSERT INTO obligations(prediction_id, horizon_minutes, run, symbol, interval,
                        timestamp, due_at, action, entry_price)
VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING)sql";

constexpr std::string_view insert_outcome = R"sql(
INSERT INTO outcomes(outcome_id, prediction_id, horizon_minutes, symbol,
  due_at, evaluation_timestamp, entry_price, exit_price, actual_return,
  total_return, actual_direction, success, sessions_elapsed, open_minutes,
  void, reason)
VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING)sql";

constexpr std::string_view delete_obligation = R"sql(
DELETE FROM obligations WHERE prediction_id = ? AND horizon_minutes = ?
RETURNING run, due_at)sql";

constexpr std::string_view upsert_watermark = R"sql(
INSERT INTO watermarks(source, known_at) VALUES (?1, ?2)
ON CONFLICT DO UPDATE SET known_at = max(known_at, ?2))sql";

// A market clock never goes back.
constexpr std::string_view upsert_clock = R"sql(
UPDATE runs SET market_time = max(coalesce(market_time, ?2), ?2)
WHERE run = ?1)sql";

constexpr std::string_view upsert_evaluated = R"sql(
UPDATE runs SET evaluated_until = max(coalesce(evaluated_until, ?2), ?2)
WHERE run = ?1)sql";

constexpr std::string_view insert_supervision = R"sql(
INSERT INTO supervision_events(time, supervisor, child, generation, event,
                               reason, strategy, restarts_in_period)
VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING)sql";

constexpr std::string_view insert_forecast = R"sql(
INSERT INTO forecasts(prediction_id, model_version, served, p_down, p_flat,
  p_up, magnitude, outlying, batch_rows, batch_slot, environment_id)
VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING)sql";

// What has ended stays as it ended.
constexpr std::string_view insert_job = R"sql(
INSERT INTO jobs(run, kind, due_at, status, ended_at, reason, result)
VALUES (?1,?2,?3,?4,?5,?6,?7) ON CONFLICT DO UPDATE SET status = ?4,
  ended_at = ?5, reason = ?6, result = ?7 WHERE status = 'owed')sql";

constexpr std::string_view insert_training = R"sql(
INSERT INTO trainings(training_id, run, cause, requested_at, ended_at, status,
  stage, progress, reason, model_version, promoted, report)
VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12) ON CONFLICT DO UPDATE SET
  ended_at = ?5, status = ?6, stage = ?7, progress = ?8, reason = ?9,
  model_version = ?10, promoted = ?11, report = ?12
WHERE status IN ('owed', 'running'))sql";

constexpr std::string_view insert_model = R"sql(
INSERT INTO models(model_version, status, kind, added_at, changed_at, reason,
  manifest)
VALUES (?1,?2,?3,?4,?5,?6,?7) ON CONFLICT DO UPDATE SET status = ?2,
  changed_at = ?5, reason = ?6, manifest = ?7
WHERE status <> ?2 OR changed_at <> ?5 OR reason <> ?6)sql";

std::int64_t us(timestamp t) {
  return to_micros(t);
}

std::int64_t signed_bits(std::uint64_t x) {
  return static_cast<std::int64_t>(x);
}

std::int64_t id_of(storage::database& db, std::string_view table,
                   std::string_view column, std::string_view key) {
  std::string sql = "SELECT ";
  sql += table == "builds" ? "build_id" : "configuration_id";
  sql.append(" FROM ").append(table);
  sql.append(" WHERE ").append(column).append(" = ?");
  auto query = db.prepare(sql);
  query.bind_all(key);
  query.step();
  return query.integer(0);
}

} // namespace

ledger::ledger(storage::database& db)
  : db_(&db),
    insert_bar_(db.prepare(insert_bar)),
    select_bar_(db.prepare(select_bar)),
    replace_bar_(db.prepare(replace_bar)),
    delete_repairs_(db.prepare(delete_repairs)),
    insert_conflict_(db.prepare(insert_conflict)),
    insert_repair_(db.prepare(insert_repair)),
    insert_action_(db.prepare(insert_action)),
    insert_revision_(db.prepare(insert_revision)),
    insert_listing_(db.prepare(insert_listing)),
    insert_quarantine_(db.prepare(insert_quarantine)),
    insert_headline_(db.prepare(insert_headline)),
    insert_cycle_(db.prepare(insert_cycle)),
    insert_owed_(db.prepare(insert_owed)),
    insert_prediction_(db.prepare(insert_prediction)),
    insert_obligation_(db.prepare(insert_obligation)),
    insert_outcome_(db.prepare(insert_outcome)),
    delete_obligation_(db.prepare(delete_obligation)),
    upsert_watermark_(db.prepare(upsert_watermark)),
    upsert_clock_(db.prepare(upsert_clock)),
    upsert_evaluated_(db.prepare(upsert_evaluated)),
    insert_supervision_(db.prepare(insert_supervision)),
    insert_forecast_(db.prepare(insert_forecast)),
    insert_job_(db.prepare(insert_job)),
    insert_training_(db.prepare(insert_training)),
    insert_model_(db.prepare(insert_model)),
    select_clock_(db.prepare(level_sql::select_clock)),
    upsert_outcome_hour_(db.prepare(level_sql::upsert_outcome_hour)),
    upsert_data_hour_(db.prepare(level_sql::upsert_data_hour)),
    insert_sample_(db.prepare(level_sql::insert_sample)),
    upsert_service_hour_(db.prepare(level_sql::upsert_service_hour)),
    counts_(db) {}

void ledger::set_provenance(const provenance& x) {
  auto configuration = db_->prepare("INSERT INTO configurations(hash, text) "
                                    "VALUES (?, ?) ON CONFLICT DO NOTHING");
  configuration.bind_all(x.configuration_hash, x.configuration_text).run();
  auto build = db_->prepare("INSERT INTO builds(text) VALUES (?) "
                            "ON CONFLICT DO NOTHING");
  build.bind_all(x.build).run();
  configuration_id_ = id_of(*db_, "configurations", "hash",
                            x.configuration_hash);
  build_id_ = id_of(*db_, "builds", "text", x.build);
}

std::string ledger::register_run(std::string_view run, std::string_view kind,
                                 std::string_view parameters) {
  auto insert = db_->prepare("INSERT INTO runs(run, kind, parameters) "
                             "VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
  insert.bind_all(run, kind, parameters).run();
  auto query = db_->prepare("SELECT parameters FROM runs WHERE run = ?");
  query.bind_all(run);
  query.step();
  return std::string{query.text(0)};
}

// -- cycles and predictions -------------------------------------------------------

commit_receipt ledger::write(const cycle_record& x) {
  commit_receipt receipt;
  const auto& c = x.context;
  std::int64_t abstentions = 0;
  for (const auto& p : x.predictions)
    abstentions += p.abstained ? 1 : 0;
  auto count = static_cast<std::int64_t>(x.predictions.size()) - abstentions;
  id_text id{x.slot.id};
  insert_cycle_.bind_all(id, x.slot.run, to_string(x.slot.interval),
                         us(x.slot.slot), to_string(x.status));
  if (x.reason.empty())
    insert_cycle_.bind_null(6);
  else
    insert_cycle_.bind(6, std::string_view{x.reason});
  insert_cycle_.bind(7, us(x.completed_at)).bind(8, count).bind(9, abstentions);
  insert_cycle_.bind(10, to_string(c.trend)).bind(11, c.trend_return.value());
  insert_cycle_.bind(12, c.volatility.value()).bind(13, c.multiplier.value());
  insert_cycle_.bind(14, c.buy_threshold.value());
  insert_cycle_.bind(15, c.sell_threshold.value());
  insert_cycle_.bind(16, c.stress.value()).bind(17, std::int64_t{c.flagged});
  insert_cycle_.bind(18, signed_bits(c.lineage));
  insert_cycle_.run();
  // One that has ended was stored whole, in one transaction. Its obligations
  // may have become outcomes since: they are not owed anew.
  if (db_->changes() == 0) {
    receipt.duplicates = x.predictions.size();
    return receipt;
  }
  counts_.end_cycle(x.slot.run, to_string(x.status));
  for (const auto& p : x.predictions)
    write_prediction(p, x.slot.run, receipt);
  due_sums sums;
  for (const auto& owed : x.obligations)
    write_obligation(owed, x.slot.run, sums);
  counts_.owe(sums);
  return receipt;
}

void ledger::write_prediction(const prediction& x, std::string_view run,
                              commit_receipt& receipt) {
  id_text id{x.id};
  id_text cycle{x.cycle};
  auto features = encode(x.features);
  auto trace = encode(x.trace);
  auto& s = insert_prediction_;
  s.bind_all(id, cycle, run, x.symbol, to_string(x.interval), us(x.slot),
             std::int64_t{x.abstained});
  if (x.abstained) {
    s.bind(8, to_string(x.reason));
    for (int column = 9; column <= 13; ++column)
      s.bind_null(column);
  } else {
    s.bind_null(8);
    s.bind(9, to_string(x.action)).bind(10, to_string(x.optimal_action));
    s.bind(11, x.confidence.value());
    s.bind(12, std::int64_t{x.predicted_direction});
    s.bind(13, x.predicted_magnitude.value());
  }
  if (x.entry_price.value() > 0)
    s.bind(14, x.entry_price.value());
  else
    s.bind_null(14);
  s.bind(15, std::int64_t{x.horizon_minutes});
  s.bind(16, std::string_view{x.model_version});
  s.bind(17, to_string(x.context.trend));
  s.bind_blob(18, features).bind_blob(19, trace);
  s.bind(20, signed_bits(x.input_lineage));
  s.bind(21, std::int64_t{x.input_count});
  s.bind(22, configuration_id_).bind(23, build_id_);
  s.run();
  count_row(receipt);
  if (db_->changes() > 0)
    counts_.add(x, run);
  write_forecasts(x);
}

void ledger::write_obligation(const obligation& x, std::string_view run,
                              due_sums& owed) {
  id_text id{x.prediction};
  insert_obligation_
    .bind_all(id, std::int64_t{x.horizon_minutes}, run, x.symbol,
              to_string(x.interval), us(x.slot), us(x.due_at),
              to_string(x.action), x.entry_price.value())
    .run();
  if (db_->changes() > 0)
    ++owed[{std::string{run}, us(x.due_at)}];
}

commit_receipt ledger::write(const std::vector<cycle_slot>& owed) {
  commit_receipt receipt;
  for (const auto& x : owed) {
    id_text id{x.id};
    insert_owed_.bind_all(id, x.run, to_string(x.interval), us(x.slot)).run();
    count_row(receipt);
  }
  return receipt;
}

// -- outcomes ---------------------------------------------------------------------

commit_receipt ledger::write(const outcome_batch& batch) {
  commit_receipt receipt;
  batch_sums sums;
  auto& s = insert_outcome_;
  for (const auto& x : batch.outcomes) {
    id_text id{x.id};
    id_text prediction{x.prediction};
    std::int64_t horizon = x.horizon_minutes;
    s.bind_all(id, prediction, horizon, x.symbol, us(x.due_at),
               us(x.evaluation_timestamp), x.entry_price.value());
    if (x.is_void) {
      for (int column = 8; column <= 12; ++column)
        s.bind_null(column);
      s.bind(16, std::string_view{x.void_reason});
    } else {
      s.bind(8, x.exit_price.value()).bind(9, x.actual_return.value());
      s.bind(10, x.total_return.value());
      s.bind(11, std::int64_t{x.actual_direction});
      s.bind(12, std::int64_t{x.success});
      s.bind_null(16);
    }
    s.bind(13, std::int64_t{x.sessions_elapsed});
    s.bind(14, std::int64_t{x.open_minutes}).bind(15, std::int64_t{x.is_void});
    s.run();
    count_row(receipt);
    settle(x, db_->changes() > 0, sums);
  }
  write_sums(sums);
  return receipt;
}

// -- time and supervision ---------------------------------------------------------

commit_receipt ledger::write(const clock_mark& x) {
  upsert_clock_.bind_all(x.run, us(x.market_time)).run();
  return {1, static_cast<std::uint64_t>(db_->changes()), 0};
}

commit_receipt ledger::write(const supervision_report& x) {
  insert_supervision_
    .bind_all(us(x.time), x.supervisor, x.child, signed_bits(x.generation),
              x.event, x.reason, x.strategy, std::int64_t{x.restarts_in_period})
    .run();
  return {1, static_cast<std::uint64_t>(db_->changes()), 0};
}

} // namespace banksia::store
