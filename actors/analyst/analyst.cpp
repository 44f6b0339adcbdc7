#include "actors/analyst/analyst.hpp"

#include "actors/analyst/analysis_reader.hpp"
#include "actors/scheduler/job_walk.hpp"
#include "actors/store/journal.hpp"
#include "actors/store/schema.hpp"
#include "runtime/json/text.hpp"

namespace banksia {

namespace {

std::string document_of(const shared_plan& plan,
                        const std::filesystem::path& database,
                        const job_record& job) {
  // Before the database, see `journal_view`. What lies there is not read here,
  // and an analysis that lacks it would be wrong for good.
  if (store::journal{store::journal_file(database)}.look())
    throw storage::storage_error(storage::failure::busy,
                                 "the database is away: its journal is not "
                                 "moved yet");
  auto db = store::open_for_reading(database);
  // One snapshot for all that is read.
  db.execute("BEGIN");
  auto made = job.kind == morning_job
                ? analysis::morning(
                  analysis::read_morning(db, plan, job.due_at))
                : analysis::evening(
                  analysis::read_evening(db, plan, job.due_at));
  return json_text(made);
}

} // namespace

job_record analyse(const shared_plan& plan,
                   const std::filesystem::path& database, job_record job) {
  if (job.kind != morning_job && job.kind != evening_job) {
    job.status = "skipped";
    job.reason = "no analysis of that kind";
    return job;
  }
  try {
    job.result = document_of(plan, database, job);
    job.status = "done";
    job.reason.clear();
  } catch (const analysis::no_session& error) {
    job.status = "skipped";
    job.reason = error.what();
  } catch (const storage::storage_error& error) {
    job.status = "failed";
    job.reason = error.what();
  }
  return job;
}

analyst_actor::behavior_type analyst(analyst_self* self,
                                     std::shared_ptr<probe> watched,
                                     shared_plan plan,
                                     std::filesystem::path database) {
  prepare(self, std::move(watched));
  self->state.plan = std::move(plan);
  self->state.database = std::move(database);
  return {
    [self](const job_record& job) {
      auto& state = self->state;
      auto ended = analyse(state.plan, state.database, job);
      state.trouble = ended.status == "failed" ? ended.reason : "";
      return ended;
    },
    [self](wire::health_atom) {
      component_health result;
      result.component = "analyst";
      if (!self->state.trouble.empty()) {
        result.state = health_state::degraded;
        result.reason = "the last analysis failed: " + self->state.trouble;
      }
      return result;
    },
  };
}

} // namespace banksia
