#include "tests/chaos/simulation/training_invariants.hpp"

#include "actors/registry/registry_folder.hpp"
#include "actors/scheduler/job_walk.hpp"

#include <algorithm>

namespace banksia::chaos {

namespace {

using forecast::model_status;

bool has_ended(std::string_view status) {
  return status != "owed" && status != "running";
}

/// What a training was seen to have ended as, it stays; and no end that somebody
/// was told of is lost.
void check_ends(storage::database& db, shadow& kept) {
  auto rows = db.prepare("SELECT training_id, status FROM trainings");
  std::map<std::string, std::string, std::less<>> now;
  while (rows.step())
    now.emplace(rows.text(0), rows.text(1));
  for (const auto& id : kept.trainings) {
    auto found = now.find(id);
    if (found == now.end() || !has_ended(found->second))
      throw broken("an acknowledged end of a training is lost: " + id);
  }
  for (const auto& [id, status] : now) {
    if (!has_ended(status))
      continue;
    auto [before, is_new] = kept.ends.emplace(id, status);
    if (before->second != status)
      throw broken("a training ends twice: " + id + ": " + before->second
                   + ", then " + status);
  }
}

bool was_champion(const forecast::registry_entry& x) {
  return std::any_of(x.history.begin(), x.history.end(), [](const auto& y) {
    return forecast::status_after(y.kind) == model_status::champion;
  });
}

/// Whatever was cut off: the registry can be read, each of its models is whole
/// and was trained, and none has served that has not earned it.
forecast::registry_state check_registry(const world& in) {
  registry_folder models{in.models()};
  try {
    auto known = models.read();
    for (const auto& entry : known.entries()) {
      models.load(entry.version);
      if (!in.trained.made.contains(entry.version))
        throw broken("the registry has a model that no training has made: "
                     + entry.version);
      if (was_champion(entry) && !in.trained.earned.contains(entry.version))
        throw broken("a model served that has not earned it: "
                     + entry.version);
    }
    return known;
  } catch (const registry_failure& error) {
    throw broken(std::string{"the registry is not whole: "} + error.what());
  }
}

/// What trainings say that came of them, the registry has.
void check_made(storage::database& db, const forecast::registry_state& known) {
  auto rows = db.prepare("SELECT training_id, model_version, promoted FROM "
                         "trainings WHERE status = 'done'");
  while (rows.step()) {
    std::string id{rows.text(0)};
    auto entry = known.find(std::string{rows.text(1)});
    if (!entry)
      throw broken("the registry lacks what a training has made: " + id);
    if (rows.integer(2) != 0 && !was_champion(*entry))
      throw broken("a training says promoted, the registry does not: " + id);
  }
}

} // namespace

void check_trainings_sound(storage::database& db, world& in) {
  check_ends(db, in.kept);
  check_made(db, check_registry(in));
}

void check_trainings_complete(storage::database& db, const scenario& of,
                              const world& in, timestamp until) {
  auto open = db.prepare("SELECT count(*) FROM trainings WHERE status IN "
                         "('owed', 'running') AND requested_at <= ?");
  open.bind(1, to_micros(until));
  open.step();
  if (auto count = open.integer(0))
    throw broken("trainings have not ended: " + std::to_string(count));
  // Nothing goes wrong in the calm: each daily one that begins succeeds.
  auto row = db.prepare("SELECT status, reason FROM jobs WHERE run = ? AND "
                        "kind = ? AND due_at = ?");
  for (const auto& x : job_walk{of.plan, of.calm_from}.take(until)) {
    if (x.kind != training_job)
      continue;
    row.bind(1, std::string_view{x.run})
      .bind(2, std::string_view{x.kind})
      .bind(3, to_micros(x.due_at));
    // Where a day is a minute long, the next one's may come before its turn.
    auto found = row.step();
    auto overtaken = found && row.text(0) == "skipped"
                     && row.text(1) == "a newer one is due";
    if (!found || (row.text(0) != "done" && !overtaken))
      throw broken("a training failed for nothing: that of "
                   + to_rfc3339(x.due_at) + ": " + std::string{row.text(0)}
                   + ": " + std::string{row.text(1)});
    row.reset();
  }
  auto models = db.prepare("SELECT status FROM models WHERE model_version = ?");
  auto known = registry_folder{in.models()}.read();
  for (const auto& entry : known.entries()) {
    models.bind(1, std::string_view{entry.version});
    if (!models.step() || models.text(0) != to_string(entry.status()))
      throw broken("the store does not have what the registry says of "
                   + entry.version);
    models.reset();
  }
}

} // namespace banksia::chaos
