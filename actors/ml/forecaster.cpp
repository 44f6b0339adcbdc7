#include "actors/ml/forecaster.hpp"

#include <unistd.h>

#include <fstream>

namespace banksia {

namespace {

/// Memory that this process holds in RAM (proc(5), statm); 0 where that cannot
/// be read.
std::uint64_t resident_bytes() {
  std::ifstream in{"/proc/self/statm"};
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  in >> total >> resident;
  return in ? resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))
            : 0;
}

forecaster_status status_of(const forecaster_state& state) {
  auto x = state.shelf->status();
  x.resident_bytes = resident_bytes();
  return x;
}

} // namespace

counting_forecaster_actor::behavior_type
forecaster(forecaster_self* self, std::shared_ptr<probe> watched,
           std::filesystem::path models,
           std::function<process_counts()> counts) {
  prepare(self, watched);
  self->state.shelf
    = std::make_unique<model_shelf>(registry_folder{std::move(models)});
  self->state.shelf->reload();
  return {
    [self](const forecast_request& x) { return self->state.shelf->forecast(x); },
    // The mark was read before: see `work_of`.
    [self](const forecast_request& x, const trace_mark&) {
      return self->state.shelf->forecast(x);
    },
    [self](wire::reload_atom) {
      self->state.shelf->reload();
      return status_of(self->state);
    },
    [self](wire::status_atom) { return status_of(self->state); },
    [watched, counts](wire::health_atom) {
      auto x = counts();
      x.late = watched->late.load();
      return x;
    },
  };
}

} // namespace banksia
