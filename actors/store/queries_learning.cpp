#include "actors/store/queries.hpp"

#include "actors/store/list_sql.hpp"
#include "actors/store/query_rows.hpp"
#include "runtime/storage/query_timer.hpp"

namespace banksia::store {

namespace {

constexpr std::string_view forecast_columns
  = "f.model_version, f.served, f.p_down, f.p_flat, f.p_up, f.magnitude, "
    "f.outlying, f.batch_rows, f.batch_slot";

/// Reads the columns of `forecast_columns`, from `first` on.
class_forecast read_forecast(const storage::statement& row, int first) {
  auto whole = [&](int column) {
    return static_cast<std::uint32_t>(row.integer(first + column));
  };
  class_forecast x;
  x.model_version = row.text(first);
  x.served = row.integer(first + 1) != 0;
  x.down = fraction{row.number(first + 2)};
  x.flat = fraction{row.number(first + 3)};
  x.up = fraction{row.number(first + 4)};
  x.magnitude = fraction{row.number(first + 5)};
  x.outlying = whole(6);
  x.batch_rows = whole(7);
  x.batch_slot = whole(8);
  return x;
}

/// Reads what `judged` selects.
judged_forecast read_judged(const storage::statement& row) {
  judged_forecast x;
  x.said = read_forecast(row, 0);
  x.prediction
    = parse_id<prediction_id>(row.text(9)).value_or(prediction_id{});
  x.symbol = row.text(10);
  x.slot = rows::time_at(row, 11);
  if (auto trace = decode_trace(row.blob(12)))
    x.volatility = trace->inputs.volatility.value();
  x.actual_return = row.number(13);
  x.horizon_minutes = static_cast<std::uint32_t>(row.integer(14));
  return x;
}

constexpr std::string_view job_columns
  = "run, kind, due_at, status, ended_at, reason, result";

std::vector<job_record> read_jobs(storage::statement& rows) {
  std::vector<job_record> result;
  while (rows.step()) {
    job_record x;
    x.run = rows.text(0);
    x.kind = rows.text(1);
    x.due_at = rows::time_at(rows, 2);
    x.status = rows.text(3);
    x.ended_at = rows::time_at(rows, 4);
    x.reason = rows.text(5);
    x.result = rows.text(6);
    result.push_back(std::move(x));
  }
  return result;
}

constexpr std::string_view training_columns
  = "training_id, run, cause, requested_at, ended_at, status, stage, "
    "progress, reason, model_version, promoted, report";

training_record read_training(const storage::statement& row) {
  training_record x;
  x.training_id = row.text(0);
  x.run = row.text(1);
  x.cause = row.text(2);
  x.requested_at = rows::time_at(row, 3);
  x.ended_at = rows::time_at(row, 4);
  x.status = row.text(5);
  x.stage = row.text(6);
  x.progress = fraction{row.number(7)};
  x.reason = row.text(8);
  x.model_version = row.text(9);
  x.promoted = row.integer(10) != 0;
  x.report = row.text(11);
  return x;
}

/// Without its manifest, which is long.
model_record read_model(const storage::statement& row) {
  model_record x;
  x.model_version = row.text(0);
  x.status = row.text(1);
  x.kind = row.text(2);
  x.added_at = rows::time_at(row, 3);
  x.changed_at = rows::time_at(row, 4);
  x.reason = row.text(5);
  return x;
}

} // namespace

void queries::add_forecasts(std::vector<stored_prediction>& to) {
  auto query = db_->prepare(rows::select(
    forecast_columns, ", b.text FROM forecasts f LEFT JOIN builds b ON "
                      "b.build_id = f.environment_id WHERE "
                      "f.prediction_id = ? "
                      "ORDER BY f.served DESC, f.model_version"));
  for (auto& x : to) {
    id_text id{x.content.id};
    query.bind_all(id);
    while (query.step()) {
      x.content.forecasts.push_back(read_forecast(query, 0));
      x.content.forecasts.back().environment = query.text(9);
    }
    query.reset();
  }
}

std::vector<judged_forecast> queries::judged(std::string_view run,
                                             std::string_view model,
                                             timestamp from) {
  auto query = db_->prepare(rows::select(
    forecast_columns,
    ", p.prediction_id, p.symbol, p.timestamp, p.trace, o.actual_return, "
    "p.horizon_minutes FROM forecasts f "
    "CROSS JOIN predictions p ON p.prediction_id = f.prediction_id "
    "CROSS JOIN outcomes o ON o.prediction_id = p.prediction_id "
    "AND o.horizon_minutes = p.horizon_minutes "
    "WHERE (f.prediction_id, f.model_version) > (?2, ?4) AND p.run = ?1 "
    "AND o.void = 0 "
    "AND o.sessions_elapsed <= 1 AND (?3 = '' OR f.model_version = ?3) "
    "ORDER BY f.prediction_id, f.model_version LIMIT ?5"));
  std::vector<judged_forecast> result;
  // No model is named "": this lies before all of that time.
  auto after = least_id(from);
  std::string after_model;
  for (auto more = true; more;) {
    storage::query_timer timer{"judged"};
    query.bind_all(run, after, model, after_model, rows::part_predictions);
    std::int64_t found = 0;
    std::string last; // what is bound must stay as it is
    for (; query.step(); ++found) {
      last = query.text(9);
      result.push_back(read_judged(query));
    }
    query.reset();
    more = found == rows::part_predictions;
    after = last;
    after_model = result.empty() ? "" : result.back().said.model_version;
  }
  return result;
}

std::vector<job_record> queries::jobs(std::string_view run,
                                      std::string_view kind,
                                      std::int64_t limit) {
  storage::query_timer timer{"jobs"};
  auto query = db_->prepare(rows::select(
    job_columns, kind.empty() ? "FROM jobs WHERE run = ?1 "
                                "ORDER BY due_at DESC, kind LIMIT ?3"
                              : "FROM jobs WHERE run = ?1 AND kind = ?2 "
                                "ORDER BY due_at DESC LIMIT ?3"));
  query.bind_all(run, kind, limit);
  return read_jobs(query);
}

std::vector<job_record> queries::owed_jobs(std::string_view run) {
  storage::query_timer timer{"owed_jobs"};
  auto query = db_->prepare(
    rows::select(job_columns, "FROM jobs WHERE run = ? AND status = 'owed' "
                              "ORDER BY due_at, kind"));
  query.bind_all(run);
  return read_jobs(query);
}

std::vector<training_record> queries::trainings(std::int64_t limit) {
  time_page page;
  page.limit = limit;
  return training_page(page);
}

std::vector<training_record> queries::training_page(const time_page& page) {
  storage::query_timer timer{"trainings"};
  auto query = db_->prepare(rows::select(
    training_columns, "FROM trainings WHERE "
                        + page_conditions(page, "requested_at", "training_id")));
  bind_page(query, page);
  std::vector<training_record> result;
  while (query.step())
    result.push_back(read_training(query));
  return result;
}

std::optional<training_record> queries::training(std::string_view id) {
  storage::query_timer timer{"training"};
  auto query = db_->prepare(
    rows::select(training_columns, "FROM trainings WHERE training_id = ?"));
  query.bind_all(id);
  if (!query.step())
    return std::nullopt;
  return read_training(query);
}

std::map<std::string, std::uint64_t>
queries::training_counts(std::string_view run) {
  storage::query_timer timer{"training_counts"};
  auto query = db_->prepare("SELECT status, COUNT(*) FROM trainings "
                            "WHERE run = ? GROUP BY status");
  query.bind_all(run);
  std::map<std::string, std::uint64_t> result;
  while (query.step())
    result[std::string{query.text(0)}]
      = static_cast<std::uint64_t>(query.integer(1));
  return result;
}

std::optional<model_record> queries::champion() {
  storage::query_timer timer{"champion"};
  auto query = db_->prepare("SELECT model_version, status, kind, added_at, "
                            "changed_at, reason FROM models "
                            "WHERE status = 'champion'");
  if (!query.step())
    return std::nullopt;
  return read_model(query);
}

std::vector<model_record> queries::models() {
  storage::query_timer timer{"models"};
  auto query = db_->prepare("SELECT model_version, status, kind, added_at, "
                            "changed_at, reason, manifest FROM models "
                            "ORDER BY model_version DESC");
  std::vector<model_record> result;
  while (query.step()) {
    auto x = read_model(query);
    x.manifest = query.text(6);
    result.push_back(std::move(x));
  }
  return result;
}

} // namespace banksia::store
