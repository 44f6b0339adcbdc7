#include "actors/store/maintenance.hpp"

#include "actors/store/journal.hpp"
#include "actors/store/schema.hpp"
#include "runtime/json/text.hpp"
#include "runtime/logging/log.hpp"
#include "runtime/storage/soundness.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>

namespace banksia {

namespace {

namespace json = boost::json;

/// Where a database says no more than that it is damaged.
constexpr std::string_view damaged = "the database is damaged: ";

double seconds(std::chrono::nanoseconds x) {
  return std::chrono::duration<double>(x).count();
}

/// What the steps have come to so far.
struct findings {
  json::object check;
  json::object wal;
  json::object took;

  std::string text() const {
    return json_text(json::object{
      {"check", check}, {"wal", wal}, {"seconds", took}});
  }
};

/// @throws storage::storage_error
void check(findings& into, const maintenance_setup& setup, timestamp due,
           const elapsed_clock& elapsed) {
  auto until = elapsed() + setup.check_limit;
  auto day = std::chrono::floor<std::chrono::days>(due).time_since_epoch();
  auto found = storage::check_soundness(
    setup.database, static_cast<std::size_t>(day.count()),
    [&] { return elapsed() < until; });
  json::array problems;
  for (const auto& x : found.problems)
    problems.emplace_back(x);
  into.check = {{"tables", found.tables},
                {"checked", found.checked},
                {"too_large", found.too_large},
                {"problems", problems}};
  if (!found.problems.empty())
    throw storage::storage_error(storage::failure::corrupt,
                                 std::string{damaged} + found.problems.front()
                                   + ": restore a backup");
}

/// In two steps: most of the log moves while everybody goes on, so that the
/// second, which holds writers up, finds little to do.
/// @throws storage::storage_error
void cut_log(findings& into, storage::database& db) {
  // Somebody who reads or writes just then keeps a part of it: next time.
  db.be_patient(std::chrono::milliseconds{0});
  for (auto how : {"PASSIVE", "TRUNCATE"}) {
    auto rows = db.prepare("PRAGMA wal_checkpoint(" + std::string{how} + ")");
    if (!rows.step())
      continue;
    auto pages = rows.integer(1);
    into.wal.emplace("pages", pages);
    into.wal["left"] = std::max<std::int64_t>(0, pages - rows.integer(2));
  }
}

template <class Step>
void timed(findings& into, std::string_view name, const elapsed_clock& elapsed,
           const Step& step) {
  auto begun = elapsed();
  step();
  into.took[name] = seconds(elapsed() - begun);
}

void maintain_into(findings& into, const maintenance_setup& setup,
                   timestamp due, const elapsed_clock& elapsed) {
  if (store::journal{store::journal_file(setup.database)}.look())
    throw storage::storage_error(storage::failure::busy,
                                 "the database is away: its journal is not "
                                 "moved yet");
  timed(into, "check", elapsed, [&] { check(into, setup, due, elapsed); });
  auto db = store::open_for_writing(setup.database, setup.patience);
  timed(into, "checkpoint", elapsed, [&] { cut_log(into, db); });
}

/// For people, beside the result.
std::string words_of(const findings& x) {
  auto number = [](const json::object& from, std::string_view name) {
    auto value = from.if_contains(name);
    return value ? value->to_number<std::int64_t>() : 0;
  };
  auto checked = number(x.check, "checked");
  auto tables = number(x.check, "tables");
  auto too_large = number(x.check, "too_large");
  if (checked == tables)
    return std::string{};
  return "checked " + std::to_string(checked) + " of " + std::to_string(tables)
         + " tables: "
         + (checked + too_large == tables ? "the others are too large"
                                          : "there was no time for more");
}

component_health health_after(const job_record& job) {
  component_health result;
  result.component = "database";
  if (job.status != "failed")
    return result;
  result.state = job.reason.starts_with(damaged) ? health_state::unhealthy
                                                 : health_state::degraded;
  result.reason = "the last maintenance failed: " + job.reason;
  return result;
}

} // namespace

job_record maintain(const maintenance_setup& setup, job_record job,
                    const elapsed_clock& elapsed) {
  findings found;
  try {
    maintain_into(found, setup, job.due_at, elapsed);
    job.status = "done";
    job.reason = words_of(found);
  } catch (const storage::storage_error& error) {
    job.status = "failed";
    job.reason = error.kind() == storage::failure::corrupt
                     && !std::string_view{error.what()}.starts_with(damaged)
                   ? std::string{damaged} + error.what()
                   : error.what();
  }
  if (job.status == "done")
    job.result = found.text();
  return job;
}

maintenance_actor::behavior_type maintenance(maintenance_self* self,
                                             std::shared_ptr<probe> watched,
                                             maintenance_setup setup) {
  prepare(self, std::move(watched));
  self->state.setup = std::move(setup);
  self->state.health.component = "database";
  return {
    [self](const job_record& job) {
      auto ended = maintain(self->state.setup, job, [self] {
        return std::chrono::nanoseconds{
          self->clock().now().time_since_epoch()};
      });
      self->state.health = health_after(ended);
      auto text = "maintenance of the database " + ended.status + ": "
                  + (ended.status == "done" ? ended.result : ended.reason);
      if (ended.status == "done")
        logging::log_info("store/maintenance", text);
      else
        logging::log_warn("store/maintenance", text);
      return ended;
    },
    [self](wire::health_atom) { return self->state.health; },
  };
}

} // namespace banksia
