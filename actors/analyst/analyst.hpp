#pragma once

#include "actors/run_plan.hpp"
#include "messages/actors.hpp"
#include "runtime/supervision/shell.hpp"

#include <filesystem>
#include <string>

namespace banksia {

/// `analyst`. Makes the morning's and the evening's analysis out of what is on
/// disk. Runs detached, on read-only connections of its own. Promises: the same
/// job over the same store gives the same answer, so it may be asked again; what
/// cannot be read is an answer that says why, never a crash.
struct analyst_state {
  static inline const char* name = "analyst";

  shared_plan plan; ///< its symbols are the configured ones
  std::filesystem::path database;
  std::string trouble; ///< why the last analysis failed
};

using analyst_self = shell<analyst_state, analyst_actor>;

/// The job, ended; when, the scheduler knows.
job_record analyse(const shared_plan& plan,
                   const std::filesystem::path& database, job_record job);

analyst_actor::behavior_type analyst(analyst_self* self,
                                     std::shared_ptr<probe> watched,
                                     shared_plan plan,
                                     std::filesystem::path database);

} // namespace banksia
