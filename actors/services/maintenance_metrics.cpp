#include "actors/services/maintenance_metrics.hpp"

#include "actors/scheduler/job_walk.hpp"

#include <chrono>
#include <limits>

namespace banksia {

namespace {

/// Failures in a row that are looked through for the last success.
constexpr std::int64_t looked_at = 30;

} // namespace

void put_maintenance_metrics(bridge_self* self, timestamp now) {
  auto age = std::numeric_limits<double>::quiet_NaN();
  for (const auto& job : self->state.ask().jobs(self->state.plan().run,
                                                maintenance_job, looked_at))
    if (job.status == "done") {
      age = std::chrono::duration<double>(now - job.due_at).count();
      break;
    }
  self->state.context->metrics
    .gauge_of("banksia_database_maintenance_age_seconds",
              "Market time since the database was last cared for; NaN: not yet.",
              {})
    .set(age);
}

} // namespace banksia
