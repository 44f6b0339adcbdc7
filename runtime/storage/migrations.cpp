#include "runtime/storage/sqlite.hpp"

namespace banksia::storage {

namespace {

void apply(database& db, const migration& step, bool up) {
  transaction guard{db};
  db.execute(std::string{up ? step.up : step.down});
  if (up) {
    auto insert = db.prepare("INSERT INTO schema_version(version, name) "
                             "VALUES (?, ?)");
    insert.bind_all(std::int64_t{step.number}, step.name).run();
  } else {
    auto remove = db.prepare("DELETE FROM schema_version WHERE version = ?");
    remove.bind_all(std::int64_t{step.number}).run();
  }
  guard.commit();
}

} // namespace

int schema_version(database& db) {
  auto known = db.scalar("SELECT count(*) FROM sqlite_master "
                         "WHERE type = 'table' AND name = 'schema_version'");
  if (known == 0)
    return 0;
  return static_cast<int>(
    db.scalar("SELECT coalesce(max(version), 0) FROM schema_version"));
}

void migrate(database& db, std::span<const migration> steps, int target) {
  auto current = schema_version(db);
  auto newest = steps.empty() ? 0 : steps.back().number;
  if (current > newest)
    throw storage_error(failure::schema,
                        "the database has schema version "
                          + std::to_string(current)
                          + ", this build knows up to "
                          + std::to_string(newest) + ": " + db.file().string()
                          + ": use the newer build");
  if (current == target)
    return;
  if (current == 0)
    db.execute("CREATE TABLE IF NOT EXISTS schema_version("
               "version INTEGER PRIMARY KEY, name TEXT NOT NULL)");
  for (const auto& step : steps)
    if (step.number > current && step.number <= target)
      apply(db, step, true);
  for (auto step = steps.rbegin(); step != steps.rend(); ++step)
    if (step->number <= current && step->number > target)
      apply(db, *step, false);
}

} // namespace banksia::storage
