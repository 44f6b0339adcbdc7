#include "runtime/supervision/queued_job.hpp"

#include <caf/scheduler/test_coordinator.hpp>

namespace banksia {

bool queues_actors(caf::actor_system& system) {
  return dynamic_cast<caf::scheduler::test_coordinator*>(&system.scheduler())
         != nullptr;
}

} // namespace banksia
