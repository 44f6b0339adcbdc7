#include "actors/store/ledger.hpp"

#include "actors/store/codec.hpp"

namespace banksia::store {

namespace {

std::int64_t us(timestamp t) {
  return to_micros(t);
}

/// When it ended, where it has.
void bind_end(storage::statement& into, int column, timestamp ended_at,
              bool ended) {
  if (ended)
    into.bind(column, us(ended_at));
  else
    into.bind_null(column);
}

} // namespace

std::int64_t ledger::environment_id(const std::string& text) {
  if (auto known = environments_.find(text); known != environments_.end())
    return known->second;
  auto insert = db_->prepare("INSERT INTO builds(text) VALUES (?) "
                             "ON CONFLICT DO NOTHING");
  insert.bind_all(text).run();
  auto query = db_->prepare("SELECT build_id FROM builds WHERE text = ?");
  query.bind_all(text);
  query.step();
  return environments_[text] = query.integer(0);
}

void ledger::write_forecasts(const prediction& x) {
  id_text id{x.id};
  for (const auto& said : x.forecasts)
    insert_forecast_
      .bind_all(id, said.model_version, std::int64_t{said.served},
                said.down.value(), said.flat.value(), said.up.value(),
                said.magnitude.value(), std::int64_t{said.outlying},
                std::int64_t{said.batch_rows}, std::int64_t{said.batch_slot},
                environment_id(said.environment))
      .run();
}

commit_receipt ledger::write(const job_record& x) {
  commit_receipt receipt;
  auto& s = insert_job_;
  s.bind_all(x.run, x.kind, us(x.due_at), x.status);
  bind_end(s, 5, x.ended_at, x.status != "owed");
  s.bind(6, std::string_view{x.reason}).bind(7, std::string_view{x.result});
  s.run();
  count_row(receipt);
  return receipt;
}

commit_receipt ledger::write(const training_record& x) {
  commit_receipt receipt;
  auto& s = insert_training_;
  s.bind_all(x.training_id, x.run, x.cause, us(x.requested_at));
  bind_end(s, 5, x.ended_at, x.status != "owed" && x.status != "running");
  s.bind(6, std::string_view{x.status}).bind(7, std::string_view{x.stage});
  s.bind(8, x.progress.value()).bind(9, std::string_view{x.reason});
  s.bind(10, std::string_view{x.model_version});
  s.bind(11, std::int64_t{x.promoted});
  s.bind(12, std::string_view{x.report});
  s.run();
  count_row(receipt);
  return receipt;
}

commit_receipt ledger::write(const model_record& x) {
  commit_receipt receipt;
  insert_model_
    .bind_all(x.model_version, x.status, x.kind, us(x.added_at),
              us(x.changed_at), x.reason, x.manifest)
    .run();
  count_row(receipt);
  return receipt;
}

} // namespace banksia::store
