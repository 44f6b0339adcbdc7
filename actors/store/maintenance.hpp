#pragma once

/// `store/maintenance`: the daily care of the embedded database.

#include "messages/actors.hpp"
#include "messages/learning.hpp"
#include "runtime/supervision/shell.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace banksia {

struct maintenance_setup {
  std::filesystem::path database;
  /// Elapsed: the check of the tables ends by then, wherever it is. Far below
  /// what the watchdog lets an actor be busy with one message.
  std::chrono::milliseconds check_limit = std::chrono::seconds{5};
  /// Elapsed: how long it waits for a lock when it opens the database.
  std::chrono::milliseconds patience{1000};
};

/// Elapsed time since whenever.
using elapsed_clock = std::function<std::chrono::nanoseconds()>;

/// The job, ended; when, the scheduler knows. `result` is a JSON object:
///
///     {"check":    {"tables", "checked", "too_large", "problems"[]},
///      "wal":      {"pages", "left"},
///      "seconds":  {"check", "checkpoint"}}
///
/// Tables are checked on a connection that only reads; the write-ahead log is
/// moved into the database and cut off. Only the latter takes the writer's lock,
/// for a moment, and is left where somebody else has it. Done again it does no
/// harm. Failed when the database is damaged, full or away; never throws.
///
/// No statistics are gathered (`PRAGMA optimize`, ANALYZE): on a connection that
/// asks nothing the first does nothing, and the second would change the plans
/// that the queries' indexes were made for and their times measured with.
job_record maintain(const maintenance_setup& setup, job_record job,
                    const elapsed_clock& elapsed);

/// Runs detached. Promises what `maintain` does; the component `database` is
/// degraded from a failure to the next success, and unhealthy while damaged.
struct maintenance_state {
  static inline const char* name = "maintenance";

  maintenance_setup setup;
  component_health health;
};

using maintenance_self = shell<maintenance_state, maintenance_actor>;

maintenance_actor::behavior_type maintenance(maintenance_self* self,
                                             std::shared_ptr<probe> watched,
                                             maintenance_setup setup);

} // namespace banksia
